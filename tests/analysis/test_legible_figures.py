"""In no figure does a text leave the canvas or cover another one, on tables that are hard to draw."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from jobs.analysis.plots import due, house
from jobs.analysis.plots.glyphs import note
from jobs.analysis.plots.names import lacking, readable
from jobs.errors import LonghaulError
from tests.analysis.gallery import found_in

# One of each kind of figure; others, as Student's t test, draw the same with other numbers.
METHODS = (
    "welch_anova",
    "mann_whitney_u",
    "pearson_correlation",
    "linear_regression",
    "logistic_regression",
    "negative_binomial_regression",
    "trend_over_time",
    "correlation_matrix",
    "chi_square_independence",
    "paired_t_test",
    "wilcoxon_signed_rank",
    "one_sample_t_test",
    "one_sample_signed_rank",
    "binomial_test",
    "friedman_test",
    "two_way_anova",
    "ancova",
    "cochran_mantel_haenszel",
    "normality",
)
HARD = ("skewed", "many_groups", "long_names", "negative")
SLACK = 2.0  # pixels of 200 to the inch: the boxes of texts hold a rim without ink


def figures(table: str, method: str) -> Iterator[tuple[str, Figure]]:
    """Draw what is due of a method for a table; nothing where the method refuses it."""
    try:
        plan, sample, findings = found_in(table, method)
    except LonghaulError:
        return
    stand_ins = lacking(plan, sample, findings, ())
    plan, sample, findings, profile = readable(plan, sample, findings, ())
    for name, make in due.figures(plan, sample, findings, profile):
        with house.style(note(stand_ins)):
            figure = make().figure
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            yield name, figure


def written(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Return each visible text of a drawn figure with its place in pixels."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # of the Agg canvas
    kept = _kept_for_later(figure)
    shown = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and t not in kept]
    return [(text, text.get_window_extent(renderer)) for text in shown]


def _kept_for_later(figure: Figure) -> set[Text]:
    """Return the labels of ticks beyond the ends of an axis, which matplotlib keeps and does not draw."""
    every = [axes for one in figure.axes for axes in (one, *one.child_axes)]
    return {
        label
        for axes in every
        for axis in (axes.xaxis, axes.yaxis)
        for tick in [*axis.majorTicks, *axis.minorTicks]
        for label in (tick.label1, tick.label2)
        if not _within(tick.get_loc(), axis.get_view_interval())
    }


def _within(place: float, ends: tuple[float, float]) -> bool:
    low, high = sorted(ends)
    return bool(low - 1e-9 * (high - low) <= place <= high + 1e-9 * (high - low))


def slanted(text: Text) -> bool:
    """Return whether a text's box holds much that it does not cover."""
    return bool(text.get_rotation() % 90)


def overlap(a: Bbox, b: Bbox) -> bool:
    """Return whether two boxes share more than their rims."""
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    return wide > SLACK and high > SLACK


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("table", HARD)
def test_every_text_of_a_figure_can_be_read(table, method):
    for name, figure in figures(table, method):
        texts = written(figure)
        width, height = figure.canvas.get_width_height()

        cut = [
            text.get_text()
            for text, box in texts
            if min(box.x0, box.y0) < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
        ]
        covered = [
            (a.get_text(), b.get_text())
            for (a, one), (b, other) in combinations(texts, 2)
            if overlap(one, other) and not (slanted(a) and slanted(b))
        ]

        assert not cut, (name, cut)
        assert not covered, (name, covered)
