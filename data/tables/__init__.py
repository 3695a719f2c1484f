"""Raw rows to checked tables: every bad cell is found, and nothing is half-taken."""
