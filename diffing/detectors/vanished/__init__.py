"""Rules about what people relied on and can no longer read."""
