"""Worker processes in which documents are read and judged, and what passes between them and the round."""
