"""A run that builds an index anew and kills itself: `interrupted_rebuild.py ROOT INDEX OTHER STEP CALL`.

The process dies right after the CALL-th time that STEP has returned.
"""

import sys
from pathlib import Path

from jobs.indexing.index import engine, generations, manifest
from jobs.indexing.runs import opening, run, updates
from jobs.indexing.sources.order import Order
from tests.indexing.dying import die_after

STEPS = {
    "begin": (opening, "write_stamp"),
    "note_pending": (manifest.Manifest, "note_pending"),
    "commit": (engine.Writer, "commit"),
    "record": (manifest.Manifest, "record"),
    "end_run": (manifest.Manifest, "end_run"),
    "complete": (opening, "write_stamp"),
    "before the swap": (opening, "remember"),
    "the swap": (Path, "rename"),
    "after the swap": (opening, "adopt"),
    "clearing": (generations, "clear"),
    "cleared": (opening, "clear_outlived"),
}


def main(root: str, index: str, other: str, step: str, call: str) -> None:
    updates.COMMIT_CHARACTERS = 2_000  # many commits in a short run
    die_after(*STEPS[step], int(call))
    order = Order(Path(root), Path(index), "desk", "folder:documents")
    run.index_folder(order, resolve={"folder:other": Path(other)}.get)


if __name__ == "__main__":
    main(*sys.argv[1:])
