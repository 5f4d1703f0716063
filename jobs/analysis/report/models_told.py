"""What models found: coefficients, predictors and fit, lines, correlations, change over time."""

from collections.abc import Mapping, Sequence

from jobs.analysis.report import cells
from jobs.analysis.report.cells import ABSENT
from jobs.analysis.report.view import Block, Cell, Head, Table
from jobs.analysis.results.modelled import (
    Coefficient,
    CorrelationMatrix,
    CorrelationPair,
    Model,
    Predictor,
    Trend,
)
from jobs.analysis.results.result import Findings, Line
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA
from jobs.analysis.words.matrix import NAMES, SIGNS
from jobs.analysis.words.models import FITS
from jobs.analysis.words.trend import a_period, decimals

MOST_COEFFICIENTS, MOST_PAIRS = 60, 40
WIDEST_TRIANGLE = 12  # columns that fit on a page side by side
FURTHER_FITS: Mapping[str, str] = {
    **FITS,
    "residual_sd": "standard deviation of what is left",
    "log_likelihood": "log likelihood",
    "null_log_likelihood": "log likelihood without predictors",
    "aic": "AIC",
    "events": "rows with the event",
    "dispersion": "dispersion",
    "theta": "theta",
}
RATIOS: Mapping[str, str] = {"log odds": "Odds ratio", "log rate": "Rate ratio", "log": "Factor"}


def tables(findings: Findings) -> list[Block]:
    """Return what was fitted."""
    found: list[Block] = []
    if findings.line is not None:
        found.append(_line(findings.line))
    if findings.model is not None:
        found += [_coefficients(findings.model), *_predictors(findings.model), _fit(findings.model)]
    if findings.matrix is not None:
        found += [*_triangle(findings.matrix), _pairs(findings.matrix)]
    if findings.trend is not None:
        found.append(_trend(findings.trend))
    return found


def _line(line: Line) -> Table:
    places = 2 if not line.slope else n.decimals_for(abs(line.slope) / 3)
    limits = line.slope_interval
    if limits.low is not None and limits.high is not None and limits.high > limits.low:
        places = n.decimals_for((limits.high - limits.low) / 2)
    heads = (Head("Part"), Head("Value", numeric=True), cells.interval_head([limits]))
    rows = (
        (cells.text("slope"), cells.number(line.slope, places), cells.interval(limits, places)),
        (cells.text("intercept"), cells.number(line.intercept, places), ABSENT),
        (cells.text("R²"), cells.bounded(line.r_squared), ABSENT),
    )
    return Table("Least-squares line", heads, rows, ("Interval by HC3 standard errors.",))


def _coefficients(model: Model) -> Table:
    found = model.coefficients
    ratio = RATIOS.get(model.scale, "Ratio")
    heads = (
        Head("Predictor"),
        Head("Estimate", numeric=True),
        Head("SE", numeric=True),
        cells.interval_head(one.interval for one in found),
        Head("Statistic", numeric=True),
        Head("p", numeric=True),
        Head("Standardised", numeric=True),
        Head(ratio, numeric=True),
        Head(f"{cells.interval_head(one.ratio_interval for one in found).text} of it", numeric=True),
    )
    rows, notes = cells.first([_coefficient(one) for one in found], MOST_COEFFICIENTS, "results.json")
    scales = {"identity": "", "log": " The estimates are of its logarithm."}
    notes.insert(0, _scale(model) + scales.get(model.scale, f" The estimates are {model.scale}."))
    return cells.filled(Table("Coefficients", heads, tuple(rows), tuple(notes)))


def _scale(model: Model) -> str:
    outcome = cells.name(model.outcome).text
    return f"Outcome: {outcome} = {model.event}." if model.event else f"Outcome: {outcome}."


def _coefficient(found: Coefficient) -> tuple[Cell, ...]:
    low, high = found.interval.low, found.interval.high
    wide = (high - low) / 2 if low is not None and high is not None else found.error
    places = max(2, n.decimals_for(wide))
    ratio = found.ratio if found.column is not None else None  # of an intercept it is no ratio
    return (
        _predictor(found),
        cells.number(found.estimate, places),
        cells.number(found.error, places),
        cells.interval(found.interval, places),
        cells.number(found.statistic),
        cells.probability(found.pvalue),
        cells.number(found.standardised),
        cells.number(ratio),
        cells.interval(found.ratio_interval) if ratio is not None else ABSENT,
    )


def _predictor(found: Coefficient) -> Cell:
    if found.column is None:
        return Cell("(intercept)")
    if found.level is None:
        unit = f" (1 {found.unit})" if found.unit else ""
        shown = cells.name(found.column)
        return Cell(f"{shown.text}{unit}", full=shown.full)
    parts = [cells.name(part) for part in (found.column, found.level, found.reference or "")]
    full = f"{found.column} = {found.level}, beside {found.reference}"
    cut = any(part.full for part in parts)
    column, level, reference = (part.text for part in parts)
    return Cell(f"{column} = {level}, beside {reference}", full=full if cut else None)


def _predictors(model: Model) -> Sequence[Table]:
    if len(model.predictors) < 2:
        return ()
    heads = (
        Head("Predictor"),
        Head("Statistic", numeric=True),
        Head("df", numeric=True),
        Head("p", numeric=True),
        Head("Partial R²", numeric=True),
        Head("Variance inflation", numeric=True),
    )
    rows = tuple(_whole(one) for one in model.predictors)
    notes = ("Each predictor as a whole, by what it adds to the others.",)
    return (cells.filled(Table("Predictors by importance", heads, rows, notes)),)


def _whole(found: Predictor) -> tuple[Cell, ...]:
    return (
        cells.name(found.column),
        cells.number(found.statistic),
        cells.text(", ".join(n.degrees(df) for df in found.df)),
        cells.probability(found.pvalue),
        cells.bounded(found.share),
        cells.number(found.inflation),
    )


def _fit(model: Model) -> Table:
    rows = tuple(
        (cells.text(FURTHER_FITS.get(key, key.replace("_", " "))), _measure(key, value))
        for key, value in model.fit.items()
        if value is not None
    )
    return Table("How well the model fits", (Head("Measure"), Head("Value", numeric=True)), rows)


def _measure(key: str, value: float) -> Cell:
    if key in FITS:
        return cells.bounded(value)
    if float(value).is_integer():
        return cells.count(value)
    return cells.number(value, max(2, n.decimals_for(abs(value))))


def _triangle(matrix: CorrelationMatrix) -> Sequence[Table]:
    """Return the lower half of the matrix, its columns by number as APA asks, if a page is wide enough."""
    order = matrix.order
    if not 2 < len(order) <= WIDEST_TRIANGLE:
        return ()
    found = {frozenset((pair.a, pair.b)): pair for pair in matrix.pairs}
    heads = (Head("Column"), *(Head(str(place), numeric=True) for place in range(1, len(order))))
    rows = []
    for place, one in enumerate(order):
        shown = cells.name(one)
        pairs = [found.get(frozenset((one, other))) for other in order[:place]]
        filled = [ABSENT if pair is None else _starred(pair) for pair in pairs]
        blank = [Cell("")] * (len(order) - 1 - place)
        rows.append((Cell(f"{place + 1}. {shown.text}", full=shown.full), *filled, *blank))
    note = "* p < .05 with p-values corrected for the number of pairs (Holm)."
    return (Table(NAMES[matrix.kind], heads, tuple(rows), (note,)),)


def _starred(pair: CorrelationPair) -> Cell:
    value = cells.bounded(pair.value)
    return Cell(f"{value.text}*", value.exact) if pair.holm < ALPHA else value


def _pairs(matrix: CorrelationMatrix) -> Table:
    heads = (
        Head("Pair"),
        Head(SIGNS[matrix.kind], numeric=True),
        cells.interval_head(pair.interval for pair in matrix.pairs),
        Head("p", numeric=True),
        Head("p by Holm", numeric=True),
        Head("p by Benjamini and Hochberg", numeric=True),
        Head("n", numeric=True),
    )
    rows, notes = cells.first([_pair(pair) for pair in matrix.pairs], MOST_PAIRS, "results.json")
    return cells.filled(Table("Pairs, the closest first", heads, tuple(rows), tuple(notes)))


def _pair(pair: CorrelationPair) -> tuple[Cell, ...]:
    a, b = cells.name(pair.a), cells.name(pair.b)
    return (
        Cell(f"{a.text} and {b.text}", full=f"{pair.a} and {pair.b}" if a.full or b.full else None),
        cells.bounded(pair.value),
        cells.interval(pair.interval, below_one=True),
        cells.probability(pair.pvalue),
        cells.probability(pair.holm),
        cells.probability(pair.bh),
        cells.count(pair.n),
    )


def _trend(trend: Trend) -> Table:
    places = decimals(trend)
    period = a_period(trend.period)
    unit = f"{trend.unit} {period}" if trend.unit else period
    heads = (Head("Measure"), Head("Value", numeric=True), cells.interval_head([trend.slope_interval]))
    slope, line = (cells.number(value, places, unit) for value in (trend.slope, trend.line_slope))
    rows = [
        (cells.text("Theil-Sen slope"), slope, cells.interval(trend.slope_interval, places)),
        (cells.text("least-squares slope (Newey-West)"), line, cells.interval(trend.line_interval, places)),
    ]
    course = trend.course
    change, yearly = cells.number(course.change_percent, 0, "%"), cells.number(course.percent_a_year, 1, "%")
    strength = cells.bounded(trend.seasonal_strength)
    season = cells.number(trend.season, 0, "points a cycle")
    further = (
        ("points", cells.count(trend.points)),
        ("change from the mean of the first to that of the last points", change),
        ("that change a year, compounded", yearly),
        ("autocorrelation of what the line leaves", cells.bounded(trend.autocorrelation)),
        ("lags that the errors allow for", cells.count(trend.lags)),
        ("season", season),
        ("strength of the season", strength),
    )
    rows += [(cells.text(name), value, ABSENT) for name, value in further if value != ABSENT]
    caption = f"{cells.name(trend.outcome).text} from {trend.first} to {trend.last}"
    return Table(caption, heads, tuple(rows))
