"""Tables out of grids of cells: regions, headers, rows, titles."""
