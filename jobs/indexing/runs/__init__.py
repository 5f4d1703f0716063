"""An indexing run from the scan to the last commit, in one go or spread, and its account of every file."""
