"""A phase of a run in batches that kills its own process: `interrupted_spread.py ROOT INDEX PHASE STEP CALL`.

PHASE is "prepare", "extract" (the first batch) or "finish". STEP is one of `STEPS`; the process dies right
after the CALL-th time that it has returned. With "none" it goes on, and says what the phase has reported.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

from jobs.indexing.index import engine, manifest
from jobs.indexing.runs import finishing, plan, shards, spread, updates
from jobs.indexing.sources.order import Order
from tests.indexing.dying import die_after, say
from tests.indexing.spreading import RUN, SOURCE, prepared

STEPS = {
    "take": (spread, "take"),
    "begin_run": (manifest.Manifest, "begin_run"),
    "write_plan": (plan, "write_durably"),
    "answer": (shards.Shard, "write"),
    "note_pending": (manifest.Manifest, "note_pending"),
    "commit": (engine.Writer, "commit"),
    "record": (manifest.Manifest, "record"),
    "end_run": (manifest.Manifest, "end_run"),
    "result": (finishing, "write_durably"),
    "clear": (finishing, "clear"),
    "release": (finishing, "release"),
}


def main(root: str, index: str, phase: str, step: str, call: str) -> None:
    updates.COMMIT_CHARACTERS = 2_000  # many commits in a short run
    if step != "none":
        die_after(*STEPS[step], int(call))
    desk = SimpleNamespace(root=Path(root), index=Path(index))
    if phase == "prepare":
        prepared(desk, report=say)
    elif phase == "extract":
        spread.extract_batch(desk.index, RUN, 0, report=say)
    else:
        spread.finish(Order(desk.root, desk.index, "desk", SOURCE, run=RUN), report=say)


if __name__ == "__main__":
    main(*sys.argv[1:])
