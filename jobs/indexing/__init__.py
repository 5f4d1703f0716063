"""Extraction, indexing and search of documents: pure functions over folders and values.

Knows nothing of Celery, Flask, Redis or settings.
"""
