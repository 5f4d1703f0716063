"""A run that kills its own process making vectors: `interrupted_vectors.py ROOT INDEX URL METHOD CALL`.

METHOD is a step of `Store` or `VectorFile`; the process dies right after the CALL-th time it has returned.
"""

import sys
from pathlib import Path

from jobs.embeddings import Endpoint
from jobs.indexing.runs.run import index_folder
from jobs.indexing.sources.order import Order
from jobs.indexing.vectors import store, vector_file
from tests.indexing.dying import die_after


def main(root: str, index: str, url: str, method: str, call: str) -> None:
    kind, name = method.split(".")
    die_after(getattr({"Store": store, "VectorFile": vector_file}[kind], kind), name, int(call))
    embedder = Endpoint(url, "concepts", batch=8)
    index_folder(Order(Path(root), Path(index), "x", "folder:documents"), embedder=embedder)


if __name__ == "__main__":
    main(*sys.argv[1:])
