"""How well the planner reads questions: right, asked back, wrong, by file and by kind, and how quickly.

Usage: python -m benchmarks.questions [file ...] [--list]; with --list each question that is not read right.
The time is also taken on the columns of all test tables beside coded ones, 2,000 in all.
"""

import sys
import tempfile
import time
from collections import Counter
from itertools import chain, islice
from pathlib import Path

from jobs.analysis.catalogue import INTENTS
from jobs.analysis.planning.planner import plan
from jobs.analysis.tables.columns import Column
from tests.analysis.questions import FILES, VERDICTS, Case, Tables, cases, verdict

WIDE = 2_000


def kind_of(case: Case) -> str:
    """Return what kind of answer a case expects."""
    if case.given.get("clarify"):
        return "to be asked back"
    return INTENTS.get(next(case.readings)["acceptable"][0], next(case.readings)["acceptable"][0])


def show(name: str, counts: Counter[str]) -> None:
    """Print one line of scores."""
    total = counts.total()
    print(f"{name:24}{total:6}" + "".join(f"{counts[one]:>10}" for one in VERDICTS))


def wide(columns_of: Tables) -> tuple[Column, ...]:
    """Return 2,000 columns: those of a table, and others with a code for a name."""
    coded = (
        Column(f"q{place}_{'abcde'[place % 5]}", "number", "number", None, 500, 0, 0, 400, (), None, 0.0, 9.0)
        for place in range(WIDE)
    )
    return tuple(islice(chain(columns_of("customer_churn"), columns_of("mtcars"), coded), WIDE))


def milliseconds_wide(columns_of: Tables) -> float:
    """Return how long a question takes on 2,000 columns, of processor time, once their words are known."""
    columns = wide(columns_of)
    asked = [case.question for case in cases("author_b") if case.dataset == "customer_churn"]
    for question in asked:
        plan(question, columns)
    begun = time.process_time()
    for question in asked:
        plan(question, columns)
    return 1000 * (time.process_time() - begun) / len(asked)


def main() -> None:
    """Score the files and print the scores."""
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    by_file: dict[str, Counter[str]] = {}
    by_kind: dict[str, Counter[str]] = {}
    seconds = 0.0
    with tempfile.TemporaryDirectory(prefix="longhaul-questions-") as cache:
        columns_of = Tables(Path(cache))
        for file in given or FILES:
            for case in cases(file):
                columns = columns_of(case.dataset)
                begun = time.process_time()
                found = plan(case.question, columns)
                seconds += time.process_time() - begun
                worth = verdict(case, found, columns)
                by_file.setdefault(file, Counter())[worth] += 1
                by_kind.setdefault(kind_of(case), Counter())[worth] += 1
                if worth != "right" and "--list" in sys.argv:
                    print(
                        f"{worth}: {case.id} [{case.dataset}] {case.question}\n    {found.method}"
                        f" {found.columns} {dict(found.params)} {found.where}\n    {found.because}"
                    )
        slow = milliseconds_wide(columns_of)
    print(f"{'':24}{'all':>6}     right   needless     wrong  answered")
    for name, counts in (*by_file.items(), *sorted(by_kind.items())):
        show(name, counts)
    asked = sum(counts.total() for counts in by_file.values())
    print(f"{1000 * seconds / asked:.1f} ms a question, {slow:.1f} ms on {WIDE} columns")


if __name__ == "__main__":
    main()
