"""How far the points of two numbers are from a straight cloud, and whether they are shown to turn round."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.correlation import pearson, spearman
from jobs.analysis.numerics.least_squares import fit
from jobs.analysis.numerics.moments import moments
from jobs.analysis.results.result import Parabola, Test
from jobs.analysis.sampling.samples import PairedSample

Floats = NDArray[np.float64]

METHOD = "parabola_against_line"
CURVED = 0.05  # adjusted R2 that a parabola adds to the line: a visible bend
ENOUGH_FOR_FORM = 50_000  # pairs; of more, every so-manieth shows the form as well
MIN_FOR_CURVE = 8  # pairs below which a parabola fits anything
MIN_TO_TURN = 20  # pairs below which no turn is told as shown
MIN_AN_ARM = 5  # pairs on either side of the turning point
SURE = 0.01  # p-value of the bend below which it is told as shown
ARM = 0.05  # p-value of either arm's correlation


@dataclass(frozen=True)
class Form:
    """How far the points are from a straight cloud."""

    bend: float | None  # adjusted R2 gained by a parabola; None where it was not fitted
    turns: bool  # the parabola turns within the middle 80 % of x
    apart: float  # |rho - r|
    pvalue: float = 1.0  # of the parabola against the line
    pairs: int = 0  # that the parabola was fitted to
    turning: bool = False  # the data show that the relation turns round

    @property
    def bent(self) -> bool:
        """True where the parabola explains visibly more than the line."""
        return self.bend is not None and self.bend >= CURVED

    @property
    def sure(self) -> bool:
        """True where enough pairs show the bend beyond chance."""
        return self.pairs >= MIN_TO_TURN and self.pvalue < SURE


@dataclass(frozen=True)
class Curve:
    """The least-squares parabola, and its F test against the line with 1 and n - 3 degrees of freedom."""

    parabola: Parabola
    gain: float  # adjusted R2 beyond the line
    statistic: float | None  # None where the parabola leaves nothing
    pvalue: float


def curve_of(x: Floats, y: Floats) -> Curve | None:
    """Fit a parabola (R's `anova(lm(y ~ x), lm(y ~ x + I(x^2)))`).

    Parameters
    ----------
    x, y : (n,) float arrays, not constant

    Returns
    -------
    Curve or None
        None for fewer than eight pairs, fewer than four values of x, or where nothing is bent at all.
    """
    if x.size < MIN_FOR_CURVE or np.unique(x).size < 4:
        return None
    found, n = moments(x), x.size
    scaled = (x - found.mean) / found.sd
    line, curve = fit([scaled], y), fit([scaled, scaled * scaled], y)
    linear, square = curve.slopes
    if square == 0.0:
        return None
    place = -linear / (2.0 * square)
    parabola = Parabola(
        turning_point=found.mean + place * found.sd,
        turning_value=curve.intercept + linear * place / 2.0,
        curvature=square / found.sd**2,
        r_squared=curve.r_squared,
    )
    gain = (1.0 - line.r_squared) * (n - 1) / (n - 2) - (1.0 - curve.r_squared) * (n - 1) / (n - 3)
    if curve.squares <= 1e-28 * curve.total:
        return Curve(parabola, gain, None, 0.0 if gain > CURVED else 1.0)
    statistic = max(0.0, line.squares - curve.squares) / (curve.squares / (n - 3.0))
    return Curve(parabola, gain, statistic, float(special.fdtrc(1.0, n - 3.0, statistic)))


def form_of(sample: PairedSample) -> Form:
    """Say how far the points are from a straight cloud; of very many, every so-manieth is looked at."""
    step = -(-sample.x_values.size // ENOUGH_FOR_FORM)
    x, y = sample.x_values[::step], sample.y_values[::step]
    if min(np.ptp(x), np.ptp(y)) == 0.0:
        return Form(None, False, 0.0)
    apart = abs(spearman(x, y).value - pearson(x, y).value)
    curve = curve_of(x, y)
    if curve is None:
        few = x.size < MIN_FOR_CURVE or np.unique(x).size < 4
        return Form(None if few else 0.0, False, apart)
    low, high = np.quantile(x, (0.1, 0.9))
    turns = bool(low < curve.parabola.turning_point < high)
    form = Form(curve.gain, turns, apart, curve.pvalue, x.size)
    if not (form.bent and form.turns and form.sure and _arms(x, y, curve.parabola.turning_point)):
        return form
    return Form(curve.gain, turns, apart, curve.pvalue, x.size, turning=True)


def _arms(x: Floats, y: Floats, at: float) -> bool:
    """Return whether the points rise on one side of `at` and fall on the other, either shown by itself.

    A curve that rises and levels off has a parabola that turns as well, and does not turn itself.

    References
    ----------
    Simonsohn (2018), Adv. Methods Pract. Psychol. Sci. 1, 538-555: two lines.
    """
    signs = []
    for side in (x < at, x >= at):
        if np.count_nonzero(side) < MIN_AN_ARM or min(np.ptp(x[side]), np.ptp(y[side])) == 0.0:
            return False
        found = pearson(x[side], y[side])
        if found.pvalue >= ARM:
            return False
        signs.append(found.value > 0.0)
    return signs[0] != signs[1]


def turn(sample: PairedSample, form: Form) -> tuple[Parabola | None, Test | None]:
    """Give the parabola of all pairs and its test, where the data show that the relation turns round."""
    curve = curve_of(sample.x_values, sample.y_values) if form.turning else None
    if curve is None:
        return None, None
    if curve.statistic is None:
        return curve.parabola, None
    n = sample.x_values.size
    return curve.parabola, Test(
        role="sensitivity",
        method=METHOD,
        title="F test of a parabola against the line",
        symbol="F",
        statistic=curve.statistic,
        df=(1.0, n - 3.0),
        pvalue=curve.pvalue,
        n=n,
    )
