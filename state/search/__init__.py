"""Full-text search: the texts of releases, from when to when each was there, and asking for them."""
