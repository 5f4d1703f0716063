"""How a trend runs: between which ends the values change, and whether a straight line fits them."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.change import theil_sen
from jobs.analysis.numerics.seasons import seasonal_slopes
from jobs.analysis.results.modelled import Course
from jobs.analysis.sampling.times import PERIODS, TimeSample

Floats = NDArray[np.float64]

TENTH = 10  # of the points without a season, as many are averaged at each end
BLOCKS = (
    12  # means of neighbours by which the line is looked at, so that neighbours that are alike count less
)
FEWEST = 5  # blocks that a parabola leaves something of
RARE = 0.01  # p below which a bend is told
NOTABLE = 0.25  # share of what the line leaves of the blocks, from which a bend is one to speak of
UNLIKE = 0.25  # of the steeper half: from here one slope misleads
WITHOUT_ZERO = ("°C", "°F")  # units whose 0 is none, so that percent of them say nothing
YEAR = dict(PERIODS)["year"]


def course_of(sample: TimeSample, season: int) -> Course:
    """Compare the ends of a series and its halves.

    Parameters
    ----------
    sample : TimeSample
        With at least five points.
    season : int
        Points a cycle that the trend is measured within; 1 without a season.

    Returns
    -------
    Course
        Means of the first and last cycle of the season, else of the first and last tenth of the points, so
        that one odd point decides nothing. The change in percent is None unless all values are above a 0
        that means none; a year's is that of compound growth, and None where the ends are less than a year
        apart.
    """
    t, y = sample.times, sample.values
    cycle = sample.season if sample.season and y.size >= 2 * sample.season else None
    ends = cycle or max(1, y.size // TENTH)
    first, last = float(y[:ends].mean()), float(y[-ends:].mean())
    apart = float(t[-ends:].mean() - t[:ends].mean())
    ratio = last / first if float(y.min()) > 0.0 and sample.unit not in WITHOUT_ZERO else None
    years = apart * dict(PERIODS)[sample.period] / YEAR if sample.period in dict(PERIODS) else 0.0
    half = y.size // 2
    early, late = _slope(t[: half + 1], y[: half + 1], season), _slope(t[half:], y[half:], season)
    unlike = abs(early - late) >= UNLIKE * max(abs(early), abs(late)) > 0.0
    pvalue, share = _bend(t, y, cycle or max(1, y.size // BLOCKS))
    return Course(
        ends=ends,
        first_mean=first,
        last_mean=last,
        change_percent=None if ratio is None else 100.0 * (ratio - 1.0),
        percent_a_year=100.0 * (ratio ** (1.0 / years) - 1.0) if ratio is not None and years >= 1.0 else None,
        early_slope=early,
        late_slope=late,
        bend_pvalue=pvalue,
        bend_share=share,
        bent=unlike and pvalue is not None and share is not None and pvalue < RARE and share >= NOTABLE,
    )


def _slope(t: Floats, y: Floats, season: int) -> float:
    """Give Sen's slope of a half, within the season where the half holds two cycles."""
    return float(np.median(seasonal_slopes(t, y, season))) if y.size >= 2 * season > 2 else theil_sen(t, y)


def _bend(t: Floats, y: Floats, block: int) -> tuple[float | None, float | None]:
    """Test a parabola against the line, of means of `block` neighbours; the share of the rest it explains."""
    whole = y.size // block
    if whole < FEWEST:
        return None, None
    means = [part[-whole * block :].reshape(whole, block).mean(axis=1) for part in (t, y)]
    place = means[0] - means[0].mean()
    place = place / float(np.abs(place).max())
    of_line, of_parabola = (_left(means[1], place, degree) for degree in (1, 2))
    if of_line <= 0.0:
        return None, None
    df = whole - 3.0
    gain = of_line - of_parabola
    statistic = gain / of_parabola * df if of_parabola > 0.0 else np.inf
    return float(special.fdtrc(1.0, df, statistic)), gain / of_line


def _left(y: Floats, place: Floats, degree: int) -> float:
    """Give the squares that a polynomial leaves."""
    design = np.vander(place, degree + 1)
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(residuals @ residuals)
