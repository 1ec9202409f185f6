"""What is remembered: the nouns every layer shares, and the database that keeps them."""
