"""The end of a spread run that stops its own process at a chosen moment: `paused_finish.py ROOT INDEX STEP`.

STEP is one of `STEPS` of interrupted_spread.py; the process stands still right after it, until it is
continued.
"""

import signal
import sys
from pathlib import Path

from jobs.indexing.runs import spread, updates
from jobs.indexing.sources.order import Order
from tests.indexing.dying import die_after
from tests.indexing.interrupted_spread import STEPS
from tests.indexing.spreading import RUN, SOURCE


def main(root: str, index: str, step: str) -> None:
    updates.COMMIT_CHARACTERS = 2_000  # many commits in a short run
    die_after(*STEPS[step], 1, how=signal.SIGSTOP)
    spread.finish(Order(Path(root), Path(index), "desk", SOURCE, run=RUN))


if __name__ == "__main__":
    main(*sys.argv[1:])
