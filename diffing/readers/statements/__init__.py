"""What a document states about itself: dates, periods, definitions."""
