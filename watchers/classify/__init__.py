"""From an answer to a verdict: the document, or something that stands in its place."""
