"""A description tells which rows are copies and what goes together most, with numbers of the results."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from jobs.analysis.results.described import Correlations, TableProfile
from jobs.analysis.words.whole import tell
from tests.analysis.whole import answered

ONLY = "this describes the rows and tests nothing."


def table_with_copies(folder: Path) -> Path:
    source = np.random.default_rng(7)
    height = source.normal(170, 9, 120)
    frame = pl.DataFrame(
        {
            "height": height,
            "weight": 0.9 * height + source.normal(0, 4, 120),
            "luck": source.normal(0, 1, 120),
            "team": np.array(["red", "blue", "green"])[source.integers(0, 3, 120)],
        }
    )
    path = folder / "people.csv"
    pl.concat([frame, frame[:7]]).write_csv(path)
    return path


@pytest.mark.parametrize("asked", [{}, {"method": "describe", "columns": {"outcome": "weight"}}])
def test_a_description_tells_of_copies_and_of_what_goes_together(asked, tmp_path):
    found = answered(table_with_copies(tmp_path), tmp_path / "project", **asked)

    told = [sentence.text for sentence in found.interpretation.paragraphs]
    assert "7 rows equal an earlier one in every column." in told
    assert [
        text
        for text in told
        if text.startswith("Of the numbers, height and weight (r = .") and "n = 127" in text
    ]
    assert not [text for text in told if "luck and" in text or "and luck" in text]


def correlations(*values: float | None) -> Correlations:
    """Return those of three columns: b with a, c with a, c with b."""
    b_a, c_a, c_b = values
    square = ((1.0, b_a, c_a), (b_a, 1.0, c_b), (c_a, c_b, 1.0))
    return Correlations(("a", "b", "c"), 9, ((9,) * 3,) * 3, square, square)


@pytest.mark.parametrize(
    ("table", "column", "told"),
    [
        (None, None, []),
        (TableProfile(0, None), None, []),
        (TableProfile(None, correlations(0.1, None, -0.29)), None, []),
        (TableProfile(1, None), None, ["1 row equals an earlier one in every column."]),
        (
            TableProfile(0, correlations(0.4, None, -0.9)),
            None,
            [
                "Of the numbers, b and c (r = -.90, n = 9) and a and b (r = .40, n = 9) go together most "
                f"closely; {ONLY}"
            ],
        ),
        (
            TableProfile(0, correlations(0.4, None, -0.9)),
            "a",
            [f"Of the numbers, a and b (r = .40, n = 9) go together; {ONLY}"],
        ),
    ],
)
def test_only_what_is_worth_telling_is_told(table, column, told):
    assert [sentence.text for sentence in tell(table, column)] == told
