"""A message in the form that its destination shows."""
