"""Which figure shows a sample beyond two columns."""

from collections.abc import Callable

from jobs.analysis.plots import (
    agreement,
    ancova,
    factorial,
    missing,
    normality,
    one_sample,
    one_share,
    outliers,
    paired,
    rated,
    repeated,
    strata,
)
from jobs.analysis.plots.drawing import Drawing
from jobs.analysis.results.rated import Rated
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.adjusting import AdjustedSample
from jobs.analysis.sampling.designs import Design, OneSample, RepeatedSample, ShareSample
from jobs.analysis.sampling.factors import FactorialSample
from jobs.analysis.sampling.gap_scans import GapSample
from jobs.analysis.sampling.outlier_scans import OutlierSample
from jobs.analysis.sampling.rated import RatedSample
from jobs.analysis.sampling.shapes import ShapeSample
from jobs.analysis.sampling.strata import StrataSample

Due = tuple[str, Callable[[], Drawing]]


def _of_one_column(sample: Design, findings: Findings, title: str) -> list[Due]:
    shape, gaps = findings.shape, findings.gaps
    if isinstance(sample, GapSample) and gaps is not None:
        return [("missing values", lambda: missing.draw(gaps, title))]
    if isinstance(sample, OutlierSample):
        return [("outliers", lambda: outliers.draw(sample, findings, title))]
    if isinstance(sample, ShapeSample) and shape is not None:
        return [("shape", lambda: normality.draw(sample, findings, shape, title))]
    return []


def _of_categories(sample: RatedSample, findings: Findings, told: Rated, title: str) -> list[Due]:
    if told.event is None:
        return [("agreement", lambda: agreement.draw(findings, told, title))]
    return [("shares", lambda: rated.draw(sample, findings, told, title))]


def figures(sample: Design, findings: Findings, title: str) -> list[Due]:
    """Return the name of each figure that is due, and what draws it."""
    told = findings.rated
    if isinstance(sample, RatedSample) and told is not None:
        return _of_categories(sample, findings, told, title)
    if isinstance(sample, RepeatedSample) and findings.tests[0].method == "intraclass_correlation":
        return [("ratings", lambda: agreement.draw_numbers(sample, findings, title))]
    if isinstance(sample, RepeatedSample) and findings.posthoc:
        return [("measures", lambda: repeated.draw(sample, findings, title))]
    if isinstance(sample, RepeatedSample):
        return [("changes", lambda: paired.draw(sample, findings, title))]
    if isinstance(sample, OneSample):
        return [("values", lambda: one_sample.draw(sample, findings, title))]
    if isinstance(sample, AdjustedSample):
        return [("adjusted means", lambda: ancova.draw(sample, findings, title))]
    if isinstance(sample, FactorialSample):
        return [("cells", lambda: factorial.draw(sample, findings, title))]
    share, in_strata = findings.share, findings.strata
    if isinstance(sample, StrataSample) and in_strata is not None:
        return [("strata", lambda: strata.draw(sample, findings, in_strata, title))]
    if isinstance(sample, ShareSample) and share is not None:
        return [("share", lambda: one_share.draw(findings, share, title))]
    return _of_one_column(sample, findings, title)
