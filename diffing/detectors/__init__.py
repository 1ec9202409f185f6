"""Evidence into findings, one rule a file."""
