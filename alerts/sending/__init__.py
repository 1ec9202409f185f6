"""One message to one destination, and what became of it."""
