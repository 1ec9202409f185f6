"""Rules about figures that are impossible, rewritten, or not this release's."""
