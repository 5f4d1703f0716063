"""The values that a plan is about, read from the typed table."""
