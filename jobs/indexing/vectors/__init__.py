"""Vectors of passages, for searches by meaning: made by an embedder of the operator's, kept beside the index.

Nothing in here is loaded, stored or asked while there is no embedder.
"""
