"""Rules about ordinary growth and editing: for the history and for digests."""
