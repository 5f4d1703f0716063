"""The figures of an analysis, each as PNG, JPG and SVG, with the data it shows and a description in words.

matplotlib is imported when the first figure is due: importing it may build a list of all fonts.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.analysis.described import ColumnProfile
from jobs.analysis.designs import Design
from jobs.analysis.result import Findings, Plan, Plot
from jobs.analysis.samples import CrossSample, GroupedSample, PairedSample, Sample, SingleSample
from jobs.analysis.times import TimeSample
from jobs.analysis.watched import moving
from jobs.progress import Progress, Report, silent

if TYPE_CHECKING:
    from jobs.analysis.plots.drawing import Drawing

BEGIN, END = 70.0, 90.0  # the figures' part of the whole analysis, in percent


def draw(
    plan: Plan,
    sample: Sample,
    findings: Findings,
    profile: Sequence[ColumnProfile],
    folder: Path,
    *,
    report: Report = silent,
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

    Returns
    -------
    tuple of Plot
        The figure of the finding first, the overview last.
    """
    from jobs.analysis.plots import house  # matplotlib: see above
    from jobs.analysis.plots.names import readable

    plan, sample, findings, profile = readable(plan, sample, findings, profile)
    figures = _due(plan, sample, findings, profile)
    plots = []

    def drawn(make: Callable[[], "Drawing"]) -> Plot:
        with house.style():
            return make().save(folder)

    step = (END - BEGIN) / max(1, len(figures))
    for done, (name, make) in enumerate(figures):
        share = BEGIN + step * done
        told = Progress("figures", share, f"Drawing the {name}", None, done, len(figures))
        plots.append(moving(partial(drawn, make), report, told, until=share + step))
    report(Progress("figures", END, "Figures drawn", None, len(figures), len(figures)))
    return tuple(plots)


def preload() -> None:
    """Import what drawing needs and list the fonts, so that processes forked from this one share it."""
    from jobs.analysis.plots import (  # noqa: F401 - imported for its effect
        association,
        designs,
        distribution,
        groups,
        house,
        matrix,
        models,
        overview,
        relationship,
        trend,
    )

    house.families()


def _due(
    plan: Plan, sample: Sample, findings: Findings, profile: Sequence[ColumnProfile]
) -> list[tuple[str, Callable[[], "Drawing"]]]:
    from jobs.analysis.interpret import headline
    from jobs.analysis.plots import (
        association,
        designs,
        distribution,
        groups,
        matrix,
        models,
        overview,
        relationship,
        trend,
    )
    from jobs.analysis.words.describe import table_headline

    figures: list[tuple[str, Callable[[], Drawing]]] = []
    title = headline(plan, findings, profile) or ""
    if isinstance(sample, GroupedSample) and findings.tests:
        figures.append(("groups", lambda: groups.draw(sample, findings, title)))
    elif isinstance(sample, PairedSample) and findings.tests:
        figures.append(("relationship", lambda: relationship.draw(sample, findings, title)))
    elif isinstance(sample, CrossSample) and findings.table is not None:
        table = findings.table
        figures.append(("shares", lambda: association.draw(findings, table, title)))
    elif isinstance(sample, Design):
        figures.extend(designs.figures(sample, findings, title))
    elif findings.model is not None:
        model = findings.model
        figures.append(("coefficients", lambda: models.draw(findings, model, title)))
    elif isinstance(sample, TimeSample) and findings.trend is not None:
        change = findings.trend
        figures.append(("trend", lambda: trend.draw(sample, findings, change, title)))
    elif findings.matrix is not None:
        pairs = findings.matrix
        figures.append(("correlations", lambda: matrix.draw(findings, pairs, title)))
    elif isinstance(sample, SingleSample):
        figures.append(("distribution", lambda: distribution.draw(sample, findings, title)))
    if profile:
        whole = table_headline(profile[0].rows, len(profile), list(profile))
        figures.append(("overview", lambda: overview.draw(profile, whole)))
    return figures
