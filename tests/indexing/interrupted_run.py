"""A run that kills its own process at a chosen moment: `interrupted_run.py ROOT INDEX METHOD CALL`.

METHOD is a step of the commit ("Manifest.note_pending", "Writer.commit", "Manifest.record"); the process dies
right after the CALL-th time that it has returned. With "none" the run goes on, and says each step.
"""

import os
import signal
import sys
from pathlib import Path

from jobs.indexing import engine, manifest, run, update


def main(root: str, index: str, method: str, call: str) -> None:
    update.COMMIT_CHARACTERS = 200_000  # many commits in a short run
    if method != "none":
        kind, name = method.split(".")
        _die_after(getattr({"Manifest": manifest, "Writer": engine}[kind], kind), name, int(call))
    run.index_folder(Path(root), Path(index), name="x", source="folder:documents", report=_say)


def _die_after(owner: type, name: str, calls: int) -> None:
    original, made = getattr(owner, name), []

    def counted(*args, **kwargs):
        result = original(*args, **kwargs)
        made.append(name)
        if len(made) == calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, counted)


def _say(progress) -> None:
    print(progress.stage, progress.processed, flush=True)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main(*sys.argv[1:])
