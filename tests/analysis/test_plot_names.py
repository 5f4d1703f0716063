"""No text that a table brings keeps a figure from being drawn."""

from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jobs.analysis import plots
from jobs.analysis.plots.names import readable
from jobs.analysis.plots.text import fitting, shortened, width_of
from jobs.analysis.results.result import Plot
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, SingleSample
from tests.analysis import hand_made as made
from tests.analysis.hand_made_crossed import crossed_findings, crossed_plan
from tests.analysis.hand_made_profile import category_column

VALUES = np.random.default_rng(7).normal(50, 9, (3, 12))
THOUSANDS_OF_LINES = '"a\n' + "1.25,b\n" * 5_000
ODD = {
    "thousands of lines": THOUSANDS_OF_LINES,
    "two lines": "l1\nl2",
    "dollars without spaces": "$W" * 90,
    "wide letters": "W" * 200,
    "Chinese": "統計分析" * 40,
    "controls": "a\x00\x01\x1b[31m\x7f\u200e\ud7ff b",
    "only controls": "\x01\x02",
    "a backslash at the end": "\\" * 7,
    "a comment's end": "--> ]]> <b>&amp;",
    "braces": r"\frac{1}{ $\sum_{i^{2} ^_",
    "marks above each other": "a" + "\u0301" * 300,
}
# What fonts and files have trouble with, beside any character at all.
TEXTS = st.one_of(
    st.text(
        st.sampled_from("$\\{}^_%&#~\n\t\r \x0b\x1f\u2028W統ا👩\u200d💻\u0301<-"), min_size=1, max_size=120
    ),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80),
)


def grouped(folder: Path, name: str, levels: tuple[str, ...]) -> tuple[Plot, ...]:
    sample = GroupedSample(
        name, name, levels, tuple(VALUES[: len(levels)]), 36, {f"missing {name}": 2}, f"{name}u"
    )
    plan = made.grouped_plan(sample)
    column = category_column(name, dict.fromkeys(levels, 3))
    return plots.draw(plan, sample, made.grouped_findings(sample), (column,), folder)


def paired(folder: Path, name: str) -> tuple[Plot, ...]:
    sample = PairedSample(name, f"{name}y", VALUES[0], VALUES[1], 12, {}, f"{name}u", f"{name}v")
    return plots.draw(made.paired_plan(sample), sample, made.paired_findings(sample), (), folder)


def crossed(folder: Path, name: str, rows: int = 12) -> tuple[Plot, ...]:
    levels = tuple(f"{name}{place}" for place in range(rows))
    counts = np.arange(1, rows * 5 + 1).reshape(rows, 5)
    sample = CrossSample(name, f"{name}k", levels, levels[:5], counts, int(counts.sum()), {})
    return plots.draw(crossed_plan(sample), sample, crossed_findings(sample), (), folder)


def single(folder: Path, name: str) -> tuple[Plot, ...]:
    sample = SingleSample(name, VALUES[0], 12, {}, f"{name}u")
    column = category_column(name, {name: 3})
    return plots.draw(made.single_plan(sample), sample, made.single_findings(sample), (column,), folder)


def edges_are_white(folder: Path, plot: Plot) -> bool:
    with Image.open(folder / plot.files["png"]) as picture:
        pixels = np.asarray(picture.convert("L"))
    return all(edge.min() > 250 for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))


@pytest.mark.parametrize("name", ODD)
def test_odd_names_and_levels_are_drawn_inside_the_figure(name, tmp_path):
    text = ODD[name]

    drawn = grouped(tmp_path, text, (text, f"{text} 2", "b"))

    assert [plot.id for plot in drawn] == ["groups", "differences", "overview"]
    assert all(edges_are_white(tmp_path, plot) for plot in drawn)
    assert all("\n" not in plot.title + plot.alt and len(plot.title) < 500 for plot in drawn)
    for plot in drawn:
        ElementTree.parse(tmp_path / plot.files["svg"])  # noqa: S314 - our own file


@pytest.mark.parametrize("draw", [paired, crossed, single])
@pytest.mark.parametrize("name", ["thousands of lines", "wide letters", "Chinese"])
def test_each_kind_of_figure_takes_odd_names(draw, name, tmp_path):
    drawn = draw(tmp_path, ODD[name])

    assert all(edges_are_white(tmp_path, plot) for plot in drawn)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(TEXTS, TEXTS, st.sampled_from(["groups", "pairs", "cross", "one"]))
def test_any_text_is_drawn(name, level, kind):
    with TemporaryDirectory() as place:
        folder = Path(place)

        if kind == "groups":
            drawn = grouped(folder, name, (level, f"{level}b", f"{level}c"))
        else:
            drawn = {"pairs": paired, "cross": crossed, "one": single}[kind](folder, name)

        for plot in drawn:
            ElementTree.parse(folder / plot.files["svg"])  # noqa: S314 - our own file


def test_names_that_become_alike_stay_different_and_short_ones_stay():
    levels = ("a b", "a\nb", "x" * 80, "x" * 81)
    sample = GroupedSample("y", "g", levels, tuple(np.resize(VALUES, (4, 9))), 36, {})

    plan, renamed, findings, _ = readable(
        made.grouped_plan(sample), sample, made.grouped_findings(sample), ()
    )

    assert isinstance(renamed, GroupedSample)
    assert renamed.levels == ("a b", "a b (2)", shortened("x" * 80, 60), f"{shortened('x' * 81, 60)} (2)")
    assert [found.group for found in findings.descriptives] == list(renamed.levels)
    assert plan.columns == {"outcome": "y", "group": "g"}


def test_words_are_cut_to_the_width_that_there_is():
    found = fitting("W" * 40, 100, 10)

    assert width_of(found, 10) <= 100
    assert found.startswith("WWW")
    assert found.endswith("…WWW")
