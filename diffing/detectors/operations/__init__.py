"""Rules about looks that failed: for operators."""
