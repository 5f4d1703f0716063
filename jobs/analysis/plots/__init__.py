"""The figures of an analysis, each as PNG, JPG and SVG, with the data it shows and a description in words.

matplotlib is imported when the first figure is due: importing it may build a list of all fonts.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Findings, Plan, Plot
from jobs.analysis.sampling.samples import Sample
from jobs.analysis.watched import moving
from jobs.progress import Progress, Report, silent

if TYPE_CHECKING:
    from jobs.analysis.plots.drawing import Drawing

logger = logging.getLogger(__name__)

BEGIN, END = 70.0, 90.0  # the figures' part of the whole analysis, in percent


def draw(
    plan: Plan,
    sample: Sample,
    findings: Findings,
    profile: Sequence[ColumnProfile],
    folder: Path,
    *,
    report: Report = silent,
    left_out: Callable[[str], None] | None = None,
) -> tuple[Plot, ...]:
    """Draw what was found and a picture of the whole table.

    Parameters
    ----------
    plan, sample, findings, profile
        As `interpret` takes them; `sample` holds the values that are drawn, None for a profile alone.
    folder : Path
        The project folder; the files go to its `plots`.
    report : Report, optional
        Told before each figure; may raise to stop.
    left_out : callable, optional
        Told the name of each figure that these numbers cannot be drawn in; without it such a figure raises.

    Returns
    -------
    tuple of Plot
        The figure of the finding first, the overview last.
    """
    from jobs.analysis.plots import due, house  # matplotlib: see above
    from jobs.analysis.plots.glyphs import note
    from jobs.analysis.plots.names import lacking, readable

    stand_ins = lacking(plan, sample, findings, profile)
    plan, sample, findings, profile = readable(plan, sample, findings, profile)
    figures = due.figures(plan, sample, findings, profile)
    plots = []

    def drawn(name: str, make: Callable[[], "Drawing"]) -> Plot | None:
        try:
            with house.style(note(stand_ins)):
                return make().naming(stand_ins).save(folder)
        except (ArithmeticError, LookupError, ValueError) as error:  # of matplotlib and numpy, at odd numbers
            if left_out is None:
                raise
            logger.warning("a figure is left out: %s", name, exc_info=error)
            left_out(name)
            return None

    step = (END - BEGIN) / max(1, len(figures))
    for done, (name, make) in enumerate(figures):
        share = BEGIN + step * done
        told = Progress("figures", share, f"Drawing the {name}", None, done, len(figures))
        plots.append(moving(partial(drawn, name, make), report, told, until=share + step))
    report(Progress("figures", END, "Figures drawn", None, len(figures), len(figures)))
    return tuple(plot for plot in plots if plot is not None)


def draw_or_leave_out(
    plan: Plan,
    sample: Sample,
    findings: Findings,
    profile: Sequence[ColumnProfile],
    folder: Path,
    *,
    report: Report = silent,
) -> tuple[tuple[Plot, ...], tuple[str, ...]]:
    """Draw what can be drawn, as `draw` does, and return with it the names of the figures that cannot be."""
    names: list[str] = []
    drawn = draw(plan, sample, findings, profile, folder, report=report, left_out=names.append)
    return drawn, tuple(names)


def preload() -> None:
    """Import what drawing needs and list the fonts, so that processes forked from this one share it."""
    from jobs.analysis.plots import due, house  # noqa: F401 - imported for its effect

    house.families()
