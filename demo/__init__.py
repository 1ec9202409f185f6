"""The story of 2010, re-created and lived through."""
