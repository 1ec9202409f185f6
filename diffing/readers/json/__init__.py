"""JSON: its shapes, and their parts."""
