"""Every figure of every method on tables that are hard to draw, to be looked at.

Usage: python -m tests.analysis.gallery FOLDER [table ...] [--method=NAME]

Draws into FOLDER/<table>/<method>/plots and puts them on sheets, FOLDER/<table>-<number>.png.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

from benchmarks.silence import PARAMS, columns_of
from jobs.analysis import methods, plots
from jobs.analysis.catalogue import METHOD_ROLES, intent_of
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling import samples
from jobs.analysis.sampling.samples import Sample
from jobs.errors import LonghaulError

Names = Mapping[str, str]
Words = Callable[[str], str]
TABLES: dict[str, Callable[[], tuple[pl.DataFrame, Names]]] = {}
ON_A_SHEET = 9
LONG = "A rather long name of a column_with_parts_that_cannot_be_broken at a space"


def table(make: Callable[[], tuple[pl.DataFrame, Names]]) -> Callable[[], tuple[pl.DataFrame, Names]]:
    """Put a table into the gallery."""
    TABLES[make.__name__] = make
    return make


def columns(rows: int, *, groups: int = 5, scale: float = 1.0, skew: float = 0.4) -> pl.DataFrame:
    """Make the columns that the methods take, the same at every run."""
    source = np.random.default_rng(20140305)
    first, five = source.normal(10, 3, rows), source.integers(0, groups, rows)
    eta = 0.2 + 0.05 * first + 0.1 * five
    two = source.integers(0, 2, rows)
    letters = np.array([f"group {chr(97 + place)}" for place in range(20)])
    return pl.DataFrame(
        {
            "first": scale * first,
            "second": scale * (first + source.normal(0.3, 2, rows)),
            "amount": scale * (first + 0.4 * five + two + source.lognormal(0, skew, rows)),
            "two": letters[two],
            "five": letters[five],
            "eight": letters[source.integers(0, 4, rows)],
            "bought": np.array(["no", "yes"])[(source.random(rows) < 1 / (1 + np.exp(2 - eta))).astype(int)],
            "visits": source.poisson(np.exp(eta)),
            "calls": source.negative_binomial(2, 2 / (2 + np.exp(eta))),
            "day": pl.Series(np.arange(rows) % 1_500 * 7).cast(pl.Date),
        }
    )


def renamed(frame: pl.DataFrame, name: Words, level: Words) -> tuple[pl.DataFrame, Names]:
    """Give columns other names, and the categories other values."""
    names = {column: name(column) for column in frame.columns}
    texts = [pl.col(column).map_elements(level, pl.String) for column in ("two", "five", "eight")]
    return frame.with_columns(texts).rename(names), names


@table
def usual() -> tuple[pl.DataFrame, Names]:
    """Some hundred rows."""
    return columns(400), {}


@table
def small() -> tuple[pl.DataFrame, Names]:
    """A dozen rows and three groups."""
    return columns(24, groups=3), {}


@table
def large() -> tuple[pl.DataFrame, Names]:
    """A hundred thousand rows."""
    return columns(100_000), {}


@table
def skewed() -> tuple[pl.DataFrame, Names]:
    """An outcome whose largest values are a hundred times the usual, beside positive ones."""
    return columns(600, skew=2.6).with_columns(pl.col("second").abs()), {}


@table
def many_groups() -> tuple[pl.DataFrame, Names]:
    """Twenty groups."""
    return columns(1_200, groups=20), {}


@table
def long_names() -> tuple[pl.DataFrame, Names]:
    """Names and values longer than any axis."""
    return renamed(columns(400), lambda name: f"{LONG} {name}", lambda value: f"{LONG} {value}")


@table
def eastern() -> tuple[pl.DataFrame, Names]:
    """Chinese, Japanese and Korean names."""
    return renamed(columns(400), lambda name: f"体重の値 {name}", lambda value: f"측정 統計{value[-1]}")


@table
def unknown_script() -> tuple[pl.DataFrame, Names]:
    """Scripts that no font here has, and a picture."""
    return renamed(columns(400), lambda name: f"รายได้ {name}", lambda value: f"กลุ่ม👍{value[-1]}")


@table
def dollars() -> tuple[pl.DataFrame, Names]:
    """Names that look like formulas."""
    return renamed(columns(400), lambda name: f"$\\frac{{{name}_2^", lambda value: f"${value[-1]}$_{{1")


@table
def negative() -> tuple[pl.DataFrame, Names]:
    """Large negative values."""
    return columns(400, scale=-123_456.0), {}


@table
def nearly_constant() -> tuple[pl.DataFrame, Names]:
    """Values that differ in their last digits, but for a few."""
    frame = columns(400)
    few = pl.int_range(pl.len()) % 40 == 0
    return frame.with_columns(
        amount=pl.when(few).then(1000.0 + 1e-6 * pl.col("amount")).otherwise(1000.0),
        first=5e9 + pl.col("first"),
        second=5e9 + pl.col("second"),
    ), {}


def found_in(name: str, method: str) -> tuple[Plan, Sample, Findings]:
    """Return what a method finds in a table."""
    frame, names = TABLES[name]()
    roles = {role: names.get(column, column) for role, column in columns_of(method).items()}
    params = dict(PARAMS.get(method, {}))
    given = Plan(intent_of(method, roles), method, roles, 1.0, "", explicit=True, params=params)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "table.parquet"
        frame.write_parquet(path)
        sample = samples.load(given, path)
    chosen = methods.choose(given, sample)
    return chosen, sample, methods.run(chosen, sample)


def drawn(name: str, method: str, folder: Path) -> list[Path]:
    """Draw the figures of a method for a table and return the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    found = plots.draw(*found_in(name, method), (), folder)
    for plot in found:
        (folder / "plots" / f"{plot.id}.txt").write_text(f"{plot.title}\n{plot.alt}\n", encoding="utf-8")
    return [folder / plot.files["png"] for plot in found]


def sheet(pictures: list[Path], target: Path, *, across: int = 3, width: int = 660) -> None:
    """Put pictures on one sheet, row by row."""
    shown = [Image.open(path).convert("RGB") for path in pictures]
    shown = [one.resize((width, round(one.height * width / one.width))) for one in shown]
    lines = [shown[begin : begin + across] for begin in range(0, len(shown), across)]
    heights = [max(one.height for one in line) + 8 for line in lines]
    whole = Image.new("RGB", (across * (width + 8), sum(heights)), "#888888")
    top = 0
    for line, height in zip(lines, heights, strict=True):
        for place, one in enumerate(line):
            whole.paste(one, (place * (width + 8), top))
        top += height
    whole.save(target)


def main() -> None:
    """Draw what was asked for, or everything."""
    folder, *rest = sys.argv[1:]
    only = [one.removeprefix("--method=") for one in rest if one.startswith("--")]
    for name in [one for one in rest if not one.startswith("--")] or TABLES:
        pictures: list[Path] = []
        for method in only or [method for method, roles in METHOD_ROLES.items() if roles]:
            try:
                pictures += drawn(name, method, Path(folder) / name / method)
            except LonghaulError as error:
                print(f"{name}, {method}: refused: {error}")  # noqa: T201 - a program for people
        for begin in range(0, len(pictures), ON_A_SHEET):
            number = begin // ON_A_SHEET + 1
            sheet(pictures[begin : begin + ON_A_SHEET], Path(folder) / f"{name}-{number}.png")


if __name__ == "__main__":
    main()
