"""What indexing a folder of real documents costs, beside recollindex, in one run.

Usage: python -m benchmarks.indexing [--corpus FOLDER] [--copies N] [--rounds N]

Indexes the corpus of `benchmarks.corpus` (built first, where it is missing) from nothing, again without any
change, and again after 100 files have changed: by Longhaul's `index_folder` and by recollindex
(`apt-get install recollcmd poppler-utils antiword unrtf`; left out where it is missing), turn by turn. Each
works in processes of its own; children count. Of several rounds the best is kept; ratios are within the run.

Both read what they know of: recollindex more kinds of files (it reads those of unknown types by name alone),
Longhaul fewer; the number of documents that each has indexed is told beside. What Celery adds is measured by
`benchmarks.overhead`.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from benchmarks._process import Spent, run
from benchmarks.corpus import build

CHANGED_FILES: Final = 100
PROCESSES: Final = 2
CORPUS: Final = Path(tempfile.gettempdir()) / "longhaul-corpus"
STAGES: Final = ("from nothing", "no change", f"{CHANGED_FILES} files changed")


class Indexer(Protocol):
    """A program that brings an index in line with a folder."""

    @property
    def name(self) -> str:
        """What people call it."""

    def run(self, files: Path, folder: Path) -> Spent:
        """Index the files; what is kept is below the folder."""

    def documents(self, folder: Path) -> int:
        """Count the files that can be found after the last run."""


@dataclass(frozen=True)
class Longhaul:
    """The domain function of the kind `indexing`, in a process of its own."""

    name: str = "Longhaul"

    def run(self, files: Path, folder: Path) -> Spent:
        """Index the files."""
        command = [
            sys.executable,
            "-m",
            "benchmarks._indexed",
            str(files),
            str(folder / "index"),
            str(PROCESSES),
        ]
        return run(command, log=folder / "log")

    def documents(self, folder: Path) -> int:
        """Count what is indexed, each content once, and the duplicates."""
        found = json.loads((folder / "log").read_text().splitlines()[-1])
        return int(found["indexed"] + found["unchanged"] + found["duplicate"])


@dataclass(frozen=True)
class Recoll:
    """recollindex as it comes, but for the folder and for what it would leave out."""

    name: str = "recollindex"

    def run(self, files: Path, folder: Path) -> Spent:
        """Index the files."""
        settings = folder / "settings"
        settings.mkdir(exist_ok=True)
        given = f"topdirs = {files}\ndbdir = {folder / 'database'}\nloglevel = 2\nskippedNames =\n"
        (settings / "recoll.conf").write_text(given)
        command = ["recollindex", "-c", str(settings)]
        return run(command, log=folder / "log", environment={"LC_ALL": "C.UTF-8"})

    def documents(self, folder: Path) -> int:
        """Count what its status file says."""
        said = (folder / "settings" / "idxstatus.txt").read_text()
        values = dict(line.replace(" ", "").split("=", 1) for line in said.splitlines() if "=" in line)
        return int(values["totfiles"])


def change(files: Path) -> None:
    """Add a line to each of a hundred pages, spread over all."""
    pages = sorted(path for path in files.rglob("*.html") if path.is_file())
    for page in pages[:: len(pages) // CHANGED_FILES][:CHANGED_FILES]:
        with page.open("a") as file:
            file.write("\n<p>One more line.</p>\n")


def measure(indexer: Indexer, files: Path, folder: Path) -> tuple[list[Spent], int]:
    """Run the three stages; give what each has cost, and how many documents there are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    costs = [indexer.run(files, folder)]
    documents = indexer.documents(folder)
    costs.append(indexer.run(files, folder))
    change(files)
    costs.append(indexer.run(files, folder))
    return costs, documents


def show(found: dict[str, tuple[list[Spent], int]], total: int) -> None:
    """Print a table a stage, with the ratios to the last program."""
    for place, stage in enumerate(STAGES):
        print(stage)
        *_, (others, _) = found.values()
        for name, (costs, documents) in found.items():
            cost, other = costs[place], others[place]
            print(
                f"  {name:12} {cost.wall:7.2f} s {cost.wall / other.wall:6.2f}x"
                f" {cost.processor:8.2f} s of processors {cost.processor / other.processor:6.2f}x"
                f" {cost.memory / (1 << 20):7.0f} MiB"
                + (f" {total / cost.wall:8,.0f} files/s, {documents:,} indexed" if place == 0 else "")
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    files = build(given.corpus, given.copies)
    total = sum(1 for path in files.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files.rglob("*") if path.is_file())
    print(f"{total:,} files, {size / 1e6:.0f} MB, {os.cpu_count()} cores")
    indexers: list[Callable[[], Indexer]] = [Longhaul, *([Recoll] if shutil.which("recollindex") else [])]
    best: dict[str, tuple[list[Spent], int]] = {}
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        for _ in range(given.rounds):
            for indexer in (make() for make in indexers):
                costs, documents = measure(indexer, files, Path(name) / "work")
                known = best.get(indexer.name, (costs, documents))[0]
                kept = [new.best(old) for new, old in zip(costs, known, strict=True)]
                best[indexer.name] = kept, documents
    show(best, total)


if __name__ == "__main__":
    main()
