"""Which table, column and row of one document is which of another."""
