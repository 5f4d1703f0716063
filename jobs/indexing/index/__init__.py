"""An index on disk: the full-text segments, the list of files, whose turn it is, and whether all is whole."""
