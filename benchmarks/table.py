"""What reading and describing a table costs, beside polars' typed scan and two other profilers.

Usage: python -m benchmarks.table [--rounds N] [--long]

Makes a CSV of a million rows and twenty mixed columns (190 MB). Each piece of work runs in a process of its
own, in turn, several rounds; of each the best is kept, and ratios are taken within the run. The scan is told
the type of every column and describes nothing; Longhaul finds the types out over all values, counts what does
not fit, stores typed Parquet and describes every column. The other profilers run once, in the environment
that `make bench` installs from requirements/bench.txt; they are left out where it is missing.

`--long` measures ten million rows (1.9 GB) as well: minutes, and 5 GB of disk.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks._table import write_table

ROWS, LONG_ROWS, ROUNDS = 1_000_000, 10_000_000, 3
WIDE_COLUMNS, WIDE_ROWS = 2_000, 20
MEBIBYTE = 1 << 20
OTHERS = Path(__file__).parents[1] / ".tools" / "bench" / "bin" / "python"
NAMES = {
    "scan": "polars' typed scan to Parquet",
    "ours": "Longhaul: reading and profile",
    "again": "Longhaul, the file was read before",
    "data_profiling": "fg-data-profiling, minimal",
    "skrub": "skrub TableReport",
}


@dataclass(frozen=True)
class Cost:
    """Seconds of the clock and of the processors, and the peak memory of the whole process in bytes."""

    wall: float
    processor: float
    memory: int

    def best(self, other: "Cost | None") -> "Cost":
        """Return the smaller of each."""
        if other is None:
            return self
        return Cost(
            min(self.wall, other.wall),
            min(self.processor, other.processor),
            min(self.memory, other.memory),
        )


def cost_of(kind: str, table: Path, folder: Path) -> Cost:
    """Do a piece of work in a process of its own."""
    interpreter = sys.executable if kind in ("scan", "ours", "again") else str(OTHERS)
    command = [interpreter, str(Path(__file__).with_name("_measured.py")), kind, str(table), str(folder)]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(command, stdout=output, stderr=said)
        _, code, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(code)
        output.seek(0)
        said.seek(0)
        assert child.returncode == 0, f"{kind} failed: {said.read()}"
        found = json.loads(output.read().splitlines()[-1])
    return Cost(found["wall"], found["processor"], used.ru_maxrss * 1024)


def measure(table: Path, folder: Path, kinds: list[str], rounds: int) -> dict[str, Cost]:
    """Measure each kind in turn, the comparators once."""
    found: dict[str, Cost] = {}
    for turn in range(rounds):
        for kind in kinds:
            if turn and kind in ("data_profiling", "skrub"):
                continue
            shutil.rmtree(folder / "cache", ignore_errors=True)
            if kind == "again" and not turn:
                cost_of(kind, table, folder)
            found[kind] = cost_of(kind, table, folder).best(found.get(kind))
    return found


def show(found: dict[str, Cost]) -> None:
    """Print a table, with ratios to the scan."""
    scan = found["scan"]
    print(f"  {'':37}{'wall':>16}{'processors':>18}{'peak memory':>14}")
    for kind, cost in found.items():
        wall, processor = cost.wall / scan.wall, cost.processor / scan.processor
        print(
            f"  {NAMES[kind]:37}{cost.wall:7.2f} s {wall:6.2f}x {cost.processor:8.2f} s {processor:6.2f}x "
            f"{cost.memory / MEBIBYTE:8.0f} MiB"
        )


def write_wide_table(path: Path) -> None:
    """Write few rows of two thousand columns of all kinds."""
    kinds = [
        lambda row, column: f"{(row * 37 + column) % 101 / 7:.4f}",
        lambda row, column: str((row * 13 + column) % 97),
        lambda row, column: ("north", "south", "east")[(row + column) % 3],
        lambda row, column: f"2024-{row % 12 + 1:02}-{column % 28 + 1:02}",
        lambda row, column: f"note {row * column}",
        lambda row, column: ("true", "false")[(row + column) % 2],
    ]
    with path.open("w") as file:
        file.write(",".join(f"column_{place}" for place in range(WIDE_COLUMNS)) + "\n")
        for row in range(WIDE_ROWS):
            cells = (kinds[place % len(kinds)](row, place) for place in range(WIDE_COLUMNS))
            file.write(",".join(cells) + "\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--long", action="store_true")
    given = parser.parse_args()
    kinds = ["scan", "ours", "again", *(("data_profiling", "skrub") if OTHERS.exists() else ())]
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        table = folder / "table.csv"
        write_table(table, ROWS)
        print(
            f"{ROWS:,} rows, 20 columns, {table.stat().st_size / 1e6:.0f} MB of CSV, {os.cpu_count()} cores"
        )
        short = measure(table, folder, kinds, given.rounds)
        show(short)
        write_wide_table(table)
        shutil.rmtree(folder / "kept", ignore_errors=True)
        wide = min(
            (cost_of("ours", table, folder / str(turn)) for turn in range(3)), key=lambda cost: cost.wall
        )
        size = f"{WIDE_ROWS} rows, {WIDE_COLUMNS:,} columns"
        print(f"{size}: {wide.wall:.2f} s, {wide.processor:.2f} s of processors")
        if given.long:
            write_table(table, LONG_ROWS)
            print(f"{LONG_ROWS:,} rows, {table.stat().st_size / 1e6:.0f} MB of CSV")
            long = measure(table, folder, ["scan", "ours"], 1)
            show(long)
            print(f"  memory {long['ours'].memory / short['ours'].memory:.2f} times that of {ROWS:,} rows")


if __name__ == "__main__":
    main()
