"""The command line, one file a command or family, imported when called."""
