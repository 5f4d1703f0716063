"""Statistics for a table and a question: pure functions over files and values.

Knows nothing of Celery, Flask, Redis or settings. Import `jobs.analysis.run` inside a worker only: it loads
numpy, polars, scipy and matplotlib. `jobs.analysis.tables.sniff` needs the standard library alone.
"""
