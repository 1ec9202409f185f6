"""The user's settings: ``monitor.yaml`` and the source files it names."""
