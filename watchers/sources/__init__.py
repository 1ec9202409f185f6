"""Source files: loaded, checked, proposed."""
