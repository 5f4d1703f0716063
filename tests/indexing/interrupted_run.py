"""A run that kills its own process at a chosen moment: `interrupted_run.py ROOT INDEX METHOD CALL`.

METHOD is a step of the commit ("Manifest.note_pending", "Writer.commit", "Manifest.record"); the process dies
right after the CALL-th time that it has returned. With "none" the run goes on, and says each step.
"""

import sys
from pathlib import Path

from jobs.indexing.index import engine, manifest
from jobs.indexing.runs import run, updates
from jobs.indexing.sources.order import Order
from tests.indexing.dying import die_after, say


def main(root: str, index: str, method: str, call: str) -> None:
    updates.COMMIT_CHARACTERS = 200_000  # many commits in a short run
    if method != "none":
        kind, name = method.split(".")
        die_after(getattr({"Manifest": manifest, "Writer": engine}[kind], kind), name, int(call))
    run.index_folder(Order(Path(root), Path(index), "x", "folder:documents"), report=say)


if __name__ == "__main__":
    main(*sys.argv[1:])
