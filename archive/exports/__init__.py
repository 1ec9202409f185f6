"""Ways in which an archive leaves the house: WARC, WACZ, evidence packages, BagIt, tables."""
