"""Figures are files that open, show the data, say the finding and stay small, whatever the names are."""

import csv
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from jobs.analysis import plots
from jobs.analysis.interpret import headline
from jobs.analysis.plots import house
from jobs.analysis.plots.association import wilson
from jobs.analysis.plots.drawing import density, jitter, labelled, sampled
from jobs.analysis.plots.groups import draw as draw_groups
from jobs.analysis.plots.text import plain, shortened, width_of, wrapped
from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Findings, Plan, Plot
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, Sample, SingleSample
from jobs.progress import Progress
from tests.analysis.hand_made import (
    grouped_findings,
    grouped_plan,
    paired_findings,
    paired_plan,
    single_findings,
    single_plan,
)
from tests.analysis.hand_made_crossed import crossed_findings, crossed_plan
from tests.analysis.hand_made_profile import category_column, number_column

RNG = np.random.default_rng(20140305)
MOST_SVG_BYTES = 300_000  # of the most crowded; the usual one is below half of it

Case = tuple[Plan, Sample, Findings]


def groups(levels: tuple[str, ...], size: int = 60, outcome: str = "score") -> Case:
    values = tuple(RNG.normal(50 + 4 * place, 9, size) for place in range(len(levels)))
    total = size * len(levels) + 2
    sample = GroupedSample(outcome, "team", levels, values, total, {"missing score": 2}, "kg")
    return grouped_plan(sample), sample, grouped_findings(sample)


def skewed() -> Case:
    values = tuple(RNG.lognormal(9 + place / 3, 1.5, 200) for place in range(3))
    sample = GroupedSample("income", "region", ("a", "b", "c"), values, 600, {}, "USD")
    return grouped_plan(sample), sample, grouped_findings(sample)


def tiny() -> Case:
    sample = GroupedSample("y", "g", ("a", "b"), (np.array([1.0, 2.0]), np.array([3.0, 5, 4])), 5, {})
    return grouped_plan(sample), sample, grouped_findings(sample)


def pairs(size: int, x: str = "height", *, ranks: bool = False) -> Case:
    values = RNG.normal(170, 10, size)
    sample = PairedSample(x, "weight", values, values + RNG.normal(0, 8, size), size, {}, "cm", "kg")
    return paired_plan(sample), sample, paired_findings(sample, ranks=ranks)


def crossed(rows: int, columns: int, name: str = "Row") -> Case:
    counts = RNG.integers(1, 80, (rows, columns))
    levels = tuple(f"{name} {place}" for place in range(rows))
    kinds = tuple(f"Kind {place}" for place in range(columns))
    sample = CrossSample("region", "kind", levels, kinds, counts, int(counts.sum()), {})
    return crossed_plan(sample), sample, crossed_findings(sample)


def single(values: np.ndarray) -> Case:
    sample = SingleSample("price", values, values.size, {}, "EUR")
    return single_plan(sample), sample, single_findings(sample)


LONG = "A long name of a group_with_a_word_that_cannot_be_broken_at_a_space and more"
CASES = {
    "two groups": groups(("a", "b")),
    "six groups with long names": groups(tuple(f"{LONG} {place}" for place in range(6))),
    "twenty groups": groups(tuple(f"team {place}" for place in range(20)), 30),
    "dollars and underscores": groups(("$x$", "a$b", r"\frac{1", "{_^}"), outcome="cost_$ in $k$"),
    "other scripts": groups(("日本語", "Ελλάδα", "עברית"), outcome="体重 (kg)"),
    "skewed groups": skewed(),
    "tiny groups": tiny(),
    "a quarter of a million rows": groups(("a", "b", "c", "d"), 62_500),
    "pairs": pairs(300),
    "pairs by ranks": pairs(80, "$x_1$", ranks=True),
    "many pairs": pairs(200_000),
    "two by two": crossed(2, 2),
    "many levels": crossed(20, 6, "$Region$ with a long name"),
    "one number": single(RNG.normal(5, 2, 400)),
    "whole numbers": single(RNG.integers(0, 7, 300).astype(float)),
    "one value": single(np.array([4.0, 4.0, 4.5])),
}


def draw(case: Case, folder: Path, profile: tuple[ColumnProfile, ...] = ()) -> tuple[Plot, ...]:
    plan, sample, findings = case
    return plots.draw(plan, sample, findings, profile, folder)


@pytest.mark.parametrize("name", CASES)
def test_a_figure_is_drawn_in_three_formats_with_its_data(name, tmp_path):
    if name in ("one number", "whole numbers", "one value"):
        profile: tuple[ColumnProfile, ...] = (number_column("price", np.array([1.0, 2.0])),)
    else:
        profile = ()

    drawn = draw(CASES[name], tmp_path, profile)[0]

    png, jpg = (Image.open(tmp_path / drawn.files[ending]) for ending in ("png", "jpg"))
    svg = tmp_path / drawn.files["svg"]
    with (tmp_path / drawn.data).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    pixels = np.asarray(png.convert("L"))
    edges = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
    assert all(edge.min() > 250 for edge in edges), "something is cut off"
    assert (png.format, jpg.format) == ("PNG", "JPEG")
    assert png.size == jpg.size
    assert 1400 <= png.size[0] <= 1500
    assert ElementTree.parse(svg).getroot().tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own file
    assert svg.stat().st_size < MOST_SVG_BYTES
    assert len(rows) > 3
    assert len({len(row) for row in rows}) == 1
    assert len(drawn.alt) > 20
    png.close()
    jpg.close()


def test_the_title_is_the_finding(tmp_path):
    plan, sample, findings = CASES["twenty groups"]

    drawn = plots.draw(plan, sample, findings, (), tmp_path)

    assert [plot.id for plot in drawn] == ["groups", "differences", "cumulative"]
    assert drawn[0].title == headline(plan, findings, ())
    assert drawn[0].title.startswith("score differs between the groups of team: highest in team")


def test_the_same_data_give_the_same_bytes(tmp_path):
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        draw(CASES["pairs"], folder)

    first, second = (
        {path.name: path.read_bytes() for path in (folder / "plots").iterdir()} for folder in folders
    )

    assert first == second


def test_the_points_drawn_are_rows_of_the_data(tmp_path):
    plan, sample, findings = CASES["a quarter of a million rows"]

    drawn = plots.draw(plan, sample, findings, (), tmp_path)[0]

    with (tmp_path / drawn.data).open(encoding="utf-8", newline="") as lines:
        points = [row for row in csv.DictReader(lines) if row["layer"] == "point"]
    real = {level: set(values.tolist()) for level, values in zip(sample.levels, sample.values, strict=True)}
    assert 400 < len(points) <= 1_200
    assert all(float(point["value"]) in real[point["group"]] for point in points)


def test_the_table_is_drawn_at_a_glance(tmp_path):
    columns = [
        number_column(f"a rather long name of number {place}", RNG.normal(size=40), missing=place)
        for place in range(9)
    ]
    columns += [
        category_column(f"text ${place}", {"a long value of a cell " * 3: 9, "日本": 4}) for place in range(9)
    ]

    drawn = plots.draw(
        Plan("describe", "profile", {}, 1.0, ""), None, Findings(Used(40, 40)), columns, tmp_path
    )

    assert [plot.id for plot in drawn] == ["overview"]
    assert drawn[0].title.startswith("The table has 40 rows and 18 columns")


def test_progress_is_told_for_each_figure(tmp_path):
    plan, sample, findings = CASES["pairs"]
    heard: list[Progress] = []

    plots.draw(plan, sample, findings, (category_column("x", {"a": 1}),), tmp_path, report=heard.append)

    first = {
        told.message: told.percent for told in reversed(heard)
    }  # each may be told again while it is drawn
    assert dict(reversed(first.items())) == {
        "Drawing the relationship": 70.0,
        "Drawing the overview": 80.0,
        "Figures drawn": 90.0,
    }
    assert [told.percent for told in heard] == sorted(told.percent for told in heard)


def test_settings_and_fonts_are_as_before_after_drawing(tmp_path):
    import matplotlib as mpl

    before = dict(mpl.rcParams)

    draw(CASES["pairs"], tmp_path)

    assert dict(mpl.rcParams) == before
    assert house.families()[0] == house.FONT


def test_wilson_interval_agrees_with_scipy():
    for count, total in ((74, 99), (0, 20), (3, 3)):
        expected = stats.binomtest(count, total).proportion_ci(method="wilson")

        found = wilson(count, total)

        assert found == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_density_finds_two_peaks_where_there_are_two():
    values = np.concatenate([RNG.normal(0, 1, 4_000), RNG.normal(9, 1, 4_000)])

    grid, heights = density(values)

    peaks = grid[1:-1][(heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:]) & (heights[1:-1] > 0.5)]
    assert peaks == pytest.approx([0, 9], abs=0.5)
    assert heights.max() == 1


def test_samples_and_jitter_are_the_same_each_time():
    assert np.array_equal(sampled(10**6, 100), sampled(10**6, 100))
    assert np.array_equal(sampled(5, 100), np.arange(5))
    assert np.abs(jitter(1000, 0.1)).max() <= 0.1


def test_text_of_the_data_is_made_safe_and_fits():
    with house.style():
        assert plain("a $ b\n c") == r"a \$ b c"
        assert shortened("abcdefghijklmnopqrstuvwxyz", 12) == "abcdefgh…xyz"
        lines = wrapped("one two three four five " * 4, 120, 11, lines=9).split("\n")
        assert max(width_of(line, 11) for line in lines) <= 120
        assert "$p$ < .001" in wrapped("Welch's test with much text before, $p$ < .001", 400, 11)


@pytest.mark.parametrize(
    ("column", "unit", "expected"),
    [
        ("body_mass_g", "g", "body_mass_g"),
        ("mass", "g", "mass (g)"),
        ("Mass (g)", "g", "Mass (g)"),
        ("x", None, "x"),
    ],
)
def test_an_axis_names_the_unit_once(column, unit, expected):
    assert labelled(column, unit) == expected


def test_labels_tell_medians_where_the_title_does():
    _, sample, findings = groups(("a", "b", "c"))
    by_ranks = replace(findings, tests=(replace(findings.tests[0], symbol="H", method="kruskal_wallis"),))

    with house.style():
        labels = {text.get_text() for text in draw_groups(sample, by_ranks, "").figure.axes[0].texts}
        means = {text.get_text() for text in draw_groups(sample, findings, "").figure.axes[0].texts}

    assert {f"{np.median(values):.1f} kg" for values in sample.values} <= labels
    assert {f"{np.mean(values):.1f} kg" for values in sample.values} <= means
