"""Other programs that watch pages, given the same pages as the monitor."""
