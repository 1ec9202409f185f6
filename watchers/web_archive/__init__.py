"""What a web archive kept of an address, and asking one for a copy."""
