"""Rules about when something was published, and whether it says so."""
