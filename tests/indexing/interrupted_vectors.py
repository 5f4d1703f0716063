"""A run that kills its own process making vectors: `interrupted_vectors.py ROOT INDEX URL METHOD CALL [RUN]`.

METHOD is a step of `Store` or `VectorFile`; the process dies right after the CALL-th time it has returned.
With the name of a run in batches it is the last phase of that one, else a run in one go.
"""

import sys
from pathlib import Path

from jobs.embeddings import Endpoint
from jobs.indexing.runs.run import index_folder
from jobs.indexing.runs.spread import finish
from jobs.indexing.sources.order import Order
from jobs.indexing.vectors import store, vector_file
from tests.indexing.dying import die_after


def main(root: str, index: str, url: str, method: str, call: str, run: str = "") -> None:
    kind, name = method.split(".")
    die_after(getattr({"Store": store, "VectorFile": vector_file}[kind], kind), name, int(call))
    embedder = Endpoint(url, "concepts", batch=8)
    order = Order(Path(root), Path(index), "desk", "folder:documents", run=run)
    (finish if run else index_folder)(order, embedder=embedder)


if __name__ == "__main__":
    main(*sys.argv[1:])
