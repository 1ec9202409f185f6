"""Rules about words that were changed under figures, and promises under their words."""
