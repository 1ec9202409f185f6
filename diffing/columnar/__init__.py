"""Long tables held by columns in an engine made for them: read, joined and asked there, rows for everyone else."""
