"""Which figures show what was found. Importing this module imports matplotlib."""

from collections.abc import Callable, Iterator, Sequence

from jobs.analysis.design_catalogue import CASES
from jobs.analysis.interpret import headline
from jobs.analysis.plots import (
    association,
    chances,
    counted,
    cumulative,
    designs,
    differences,
    distribution,
    groups,
    matrix,
    models,
    overview,
    predictions,
    relationship,
    trend,
)
from jobs.analysis.plots.drawing import Drawing
from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.modelled import Model
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling.designs import Design
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, Sample, SingleSample
from jobs.analysis.sampling.times import TimeSample
from jobs.analysis.words.describe import table_headline

Due = tuple[str, Callable[[], Drawing]]

FEW_VALUES = (
    30  # in the smallest group; below it each row is a step of the cumulative share, and visible as a dot
)


def figures(plan: Plan, sample: Sample, findings: Findings, profile: Sequence[ColumnProfile]) -> list[Due]:
    """Return the name of each figure that is due, and what draws it: the finding first, the table last."""
    due = list(_of_findings(sample, findings, headline(plan, findings, profile) or ""))
    if profile:
        rows = profile[0].rows  # of the selection only where the table is described
        selected = bool(plan.where) and CASES not in plan.columns and rows < findings.sample.n_total
        whole = table_headline(rows, len(profile), list(profile), selected=selected)
        due.append(("overview", lambda: overview.draw(profile, whole)))
    return due


def _of_findings(sample: Sample, findings: Findings, title: str) -> Iterator[Due]:
    if isinstance(sample, GroupedSample) and findings.tests:
        yield from _of_groups(sample, findings, title)
    elif isinstance(sample, PairedSample) and findings.tests:
        yield "relationship", lambda: relationship.draw(sample, findings, title)
    elif isinstance(sample, CrossSample) and findings.table is not None:
        table = findings.table
        yield "shares", lambda: association.draw(findings, table, title)
    elif isinstance(sample, Design):
        yield from designs.figures(sample, findings, title)
    elif isinstance(sample, ModelSample) and findings.model is not None:
        yield from _of_model(sample, findings, findings.model, title)
    elif isinstance(sample, TimeSample) and findings.trend is not None:
        change = findings.trend
        yield "trend", lambda: trend.draw(sample, findings, change, title)
    elif findings.matrix is not None:
        pairs = findings.matrix
        yield "correlations", lambda: matrix.draw(findings, pairs, title)
    elif isinstance(sample, SingleSample):
        yield "distribution", lambda: distribution.draw(sample, findings, title)


def _of_groups(sample: GroupedSample, findings: Findings, title: str) -> Iterator[Due]:
    yield "groups", lambda: groups.draw(sample, findings, title)
    if differences.told_with_limits(findings):
        yield "differences", lambda: differences.draw(sample, findings)
    if min(values.size for values in sample.values) >= FEW_VALUES:
        yield "cumulative shares", lambda: cumulative.draw(sample, findings)


def _of_model(sample: ModelSample, findings: Findings, model: Model, title: str) -> Iterator[Due]:
    yield "coefficients", lambda: models.draw(findings, model, title)
    draw = {"log odds": chances.draw, "log rate": counted.draw}.get(model.scale, predictions.draw)
    yield "model's fit", lambda: draw(sample, findings, model)
