"""What a run is about: the order, and the files of folders, uploads and archives."""
