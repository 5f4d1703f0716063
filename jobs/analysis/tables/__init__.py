"""Files of any kind become typed tables, and their columns are described."""
