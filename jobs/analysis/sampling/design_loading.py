"""What reads the sample of each method beyond two columns."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling import (
    adjusting,
    designs,
    factors,
    gap_scans,
    outlier_scans,
    rated,
    shapes,
    strata,
)
from jobs.analysis.sampling.designs import Design, Units

LOADERS: Mapping[str, Callable[[Plan, Path, Units], Design]] = {
    **dict.fromkeys(designs.METHODS, designs.load),
    **dict.fromkeys(factors.METHODS, factors.load),
    **dict.fromkeys(adjusting.METHODS, adjusting.load),
    **dict.fromkeys(strata.METHODS, strata.load),
    **dict.fromkeys(rated.METHODS, rated.load),
    **dict.fromkeys(outlier_scans.METHODS, outlier_scans.load),
    **dict.fromkeys(shapes.METHODS, shapes.load),
    **dict.fromkeys(gap_scans.METHODS, gap_scans.load),
}
