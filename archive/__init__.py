"""The history as people browse it, and as it leaves this machine."""
