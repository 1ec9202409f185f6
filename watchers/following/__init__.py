"""From listings to the documents that they link."""
