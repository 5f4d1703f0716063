"""Put faults into a seeded sample of places of the copy it runs in, and tell which ones no test notices."""

import argparse
import random
import sys
import threading
from collections import Counter
from itertools import accumulate
from pathlib import Path

from tests.mutation.mutations import Found, Mutant, mutants_of
from tests.mutation.running import Child, Exercise, preload, start, trace

PACKAGES = ("jobs/analysis/numerics", "jobs/analysis/methods")
FOLDERS = ("tests/analysis/numerics", "tests/analysis/methods", "tests/analysis/properties")
# Of the other tests of the analysis those that compute, by file and by name.
FILES = (
    "ancova",
    "describing",
    "factorial",
    "many_groups",
    "matrix",
    "missing",
    "models",
    "paired",
    "repeated",
)
MORE = ("shapes", "strata", "trend", "turning", "two_by_two")
TESTS = (*FOLDERS, *(f"tests/analysis/test_{name}.py" for name in (*FILES, *MORE)))
LEFT_OUT = "not the_script and not figure and not words and not plot and not draw and not question"
# A mutant gets the quickest tests that run its statement, up to so many seconds of them.
SECONDS = 12.0
OUTCOMES = ("killed", "timeout", "survived", "not run")


def main() -> None:
    """Trace the tests, run the sample, print the table and the survivors."""
    asked = _arguments()
    tree = Path.cwd()
    everything = [one for package in PACKAGES for one in _of_package(tree, package)]
    mutants = _chosen(everything, asked)
    preload()
    watched = frozenset(str(tree / mutant.module) for mutant, _ in mutants)
    exercises = trace([*(asked.tests or TESTS), "-k", LEFT_OUT], watched, tree.parent)
    _say(f"{len(exercises)} tests pass; {len(mutants)} of {len(everything)} mutants, seed {asked.seed}")
    outcomes = _run(mutants, exercises, tree, asked.processes)
    _table(mutants, outcomes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=250, help="how many mutants, shared out by modules")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], help="names of mutants (file:line:place) or modules")
    parser.add_argument("--tests", nargs="*", default=[], help="files of tests to run instead of all")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _of_package(tree: Path, package: str) -> list[Found]:
    paths = sorted((tree / package).glob("*.py"))
    return [one for path in paths for one in mutants_of(path, f"{package}/{path.name}")]


def _chosen(everything: list[Found], asked: argparse.Namespace) -> list[Found]:
    """Return the mutants asked for, else a sample with at least two of every module."""
    if asked.only:
        return [one for one in everything if {one[0].name, one[0].module} & set(asked.only)]
    dice = random.Random(asked.seed)  # noqa: S311 - a sample that can be drawn again
    found: list[Found] = []
    for module in dict.fromkeys(mutant.module for mutant, _ in everything):
        own = [one for one in everything if one[0].module == module]
        size = max(2, round(asked.sample * len(own) / len(everything)))
        picked = dice.sample(range(len(own)), min(size, len(own)))
        found += [own[place] for place in sorted(picked)]
    return found


def _run(mutants: list[Found], exercises: list[Exercise], tree: Path, processes: int) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    working: dict[str, Child] = {}
    waiting, pause = list(reversed(mutants)), threading.Event()
    while waiting or working:
        while waiting and len(working) < processes:
            mutant, changed = waiting.pop()
            tests = _exercising(mutant, exercises, tree)
            if not tests:
                outcomes[mutant.name] = "not run"
                continue
            name = mutant.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            working[mutant.name] = start(
                name, tree / mutant.module, changed(), tests, tree.parent / "mutant.log"
            )
        for name, child in list(working.items()):
            if (outcome := child.outcome()) is not None:
                outcomes[name] = outcome
                del working[name]
                _say(f"{len(outcomes):4} of {len(mutants)}  {outcome:9} {name}")
        pause.wait(0.02)
    return outcomes


def _exercising(mutant: Mutant, exercises: list[Exercise], tree: Path) -> list[Exercise]:
    """Return the tests that run the statement; of one that runs at import all that use the module."""
    own = range(mutant.line, mutant.last_line + 1)
    file = str(tree / mutant.module)
    inside = [one for one in exercises if not one.lines.get(file, frozenset()).isdisjoint(own)]
    if not inside and mutant.at_import:
        inside = [one for one in exercises if file in one.lines]
    quickest = sorted(inside, key=lambda one: one.seconds)
    spent = accumulate(one.seconds for one in quickest)
    return [one for one, total in zip(quickest, spent, strict=True) if total <= SECONDS]


def _table(mutants: list[Found], outcomes: dict[str, str]) -> None:
    _say("\n| module | " + " | ".join(OUTCOMES) + " |\n|---" * 1 + "|---:" * len(OUTCOMES) + "|")
    counts: dict[str, Counter[str]] = {}
    for mutant, _ in mutants:
        counts.setdefault(mutant.module, Counter())[outcomes[mutant.name]] += 1
    for module, own in (counts | {"all": sum(counts.values(), Counter())}).items():
        _say(
            f"| {module.removeprefix('jobs/analysis/')} | "
            + " | ".join(str(own[one]) for one in OUTCOMES)
            + " |"
        )
    _say("")
    for mutant, _ in mutants:
        if outcomes[mutant.name] in ("survived", "not run"):
            outcome = outcomes[mutant.name]
            _say(f"{outcome}: {mutant.name} {mutant.kind}: {mutant.before}  ->  {mutant.after}")


if __name__ == "__main__":
    main()
