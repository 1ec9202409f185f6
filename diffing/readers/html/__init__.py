"""Parts of the HTML reader: what is content, the walk over it, its tables, and what the head states."""
