"""Values that lie far out, by Tukey's fences and by modified z scores: where they are, and what they change.

Nothing is left out because it lies far out: the numbers stand with and without such values.
"""

from jobs.analysis.results.result import Assumption, Findings
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.results.scanned import OutlierScan
from jobs.analysis.sampling.outlier_scans import OutlierSample

METHODS = ("outliers",)
SKEWED = 1.0  # |skewness| from which one side's fence marks what belongs to the shape (Bulmer 1979)


def run(sample: OutlierSample) -> Findings:
    """Give what was found in each column."""
    scans = tuple(one.scan for one in sample.columns)
    dropped = sum(sample.dropped.values())
    return Findings(
        sample=Used(sample.n_total, sample.n_total - dropped, dict(sample.dropped)),
        assumptions=tuple(found for one in scans if (found := _symmetry(one)) is not None),
        outliers=scans,
        skipped=sample.skipped,
    )


def _symmetry(scan: OutlierScan) -> Assumption | None:
    """Say where the shape itself brings values beyond the fences."""
    if scan.skewness is None or not scan.marked or abs(scan.skewness) <= SKEWED:
        return None
    side = "right" if scan.skewness > 0 else "left"
    positive = scan.skewness > 0 and scan.everything.median > 0
    return Assumption(
        name=f"a symmetric shape of {scan.column}",
        verdict="doubtful",
        consequence=(
            f"Both rules expect a symmetric bulk; this one is strongly skewed to the {side}, so values there "
            f"may belong to it{'; look at the logarithm too' if positive else ''}."
        ),
        magnitude=scan.skewness,
        magnitude_name="skewness",
    )
