"""The parts of the PDF reader: words, strokes, tables and prose of a page, pages joined."""
