"""A model: each coefficient with its interval, the columns that add most at the top."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, LogLocator, NullLocator

from jobs.analysis.plots import house, ticks
from jobs.analysis.plots.drawing import Cell, Drawing, effect, primary, sample_note, statistic
from jobs.analysis.plots.text import fitting, minus, plain
from jobs.analysis.results.modelled import Coefficient, Model
from jobs.analysis.results.result import Findings
from jobs.analysis.words import numbers as n

SHOWN = 20
LABEL_ROOM, VALUE_ROOM = 170.0, 0.30  # points for names; share of the axes for the numbers
NEARLY_NONE = 1e-12
RATIOS = {"log": "Factor", "log odds": "Odds ratio", "log rate": "Rate ratio"}


def draw(findings: Findings, model: Model, title: str) -> Drawing:
    """Draw the coefficients of `model`, the intercept left out."""
    found = _ordered(model)
    shown = found[:SHOWN]
    words = house.Words(title, _subtitle(findings), _caption(findings, model, len(found)))
    figure = house.sheet(words, height=1.75 + 0.34 * len(shown))
    axes = figure.add_subplot()
    rows = [_row(axes, one, place) for place, one in enumerate(shown)]
    _axis(axes, model, shown)
    names = ("column", "level", "reference", "value", "low", "high", "pvalue")
    return Drawing("model", title, _alt(model, shown), figure, names, tuple(rows))


def _ordered(model: Model) -> list[Coefficient]:
    order = [predictor.column for predictor in model.predictors]
    own = [one for one in model.coefficients if one.column is not None]
    return sorted(own, key=lambda one: order.index(one.column or ""))


def _point(one: Coefficient) -> tuple[float, float, float]:
    """Return what is drawn of a coefficient and its limits."""
    interval = one.ratio_interval if one.ratio is not None else one.interval
    value = one.ratio if one.ratio is not None else one.estimate
    low = interval.low if interval is not None and interval.low is not None else value
    high = interval.high if interval is not None and interval.high is not None else value
    if one.standardised is None or abs(one.estimate) < NEARLY_NONE:
        return value, low, high
    scale = one.standardised / one.estimate
    if one.ratio is not None:
        return value**scale, low**scale, high**scale
    return one.standardised, low * scale, high * scale


def _row(axes: Axes, one: Coefficient, place: int) -> tuple[Cell, ...]:
    value, low, high = _point(one)
    clear = one.pvalue < 0.05
    colour = house.PALETTE[0] if clear else house.FAINT
    axes.plot([low, high], [place, place], color=colour, lw=2.2, zorder=3, solid_capstyle="round")
    axes.plot([value], [place], ls="", marker="o", ms=6.5, color=colour, mec="white", mew=0.8, zorder=4)
    axes.text(
        1.0,
        place,
        minus(_numbers(one)),
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        size=9,
        color=house.INK if clear else house.MUTED,
        bbox={"fc": "white", "ec": "none", "pad": 1.5},
        zorder=6,
        in_layout=False,
    )
    return (one.column, one.level, one.reference, value, low, high, one.pvalue)


def _numbers(one: Coefficient) -> str:
    interval = one.ratio_interval if one.ratio is not None else one.interval
    value = one.ratio if one.ratio is not None else one.estimate
    if interval is None or interval.low is None or interval.high is None:
        return n.number(value)
    decimals = n.decimals_for((interval.high - interval.low) / 2)
    decimals = decimals if one.ratio is None else max(2, decimals)
    low, high = n.number(interval.low, decimals), n.number(interval.high, decimals)
    return f"{n.number(value, decimals)} [{low}, {high}]"


def _axis(axes: Axes, model: Model, shown: Sequence[Coefficient]) -> None:
    none = 0.0 if model.scale == "identity" else 1.0
    axes.axvline(none, color=house.FAINT, lw=1, zorder=1)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set_ylim(len(shown) - 0.45, -0.6)
    axes.set_yticks(range(len(shown)), [_label(one) for one in shown])
    axes.tick_params(axis="y", labelcolor=house.INK, labelsize=10)
    if none:
        ratio_axis(axes)
        axes.set_xlabel(f"{RATIOS[model.scale]} a standard deviation, or a category (logarithmic)")
    else:
        low, high = axes.get_xlim()
        axes.set_xlim(low, high + (high - low) * VALUE_ROOM / (1 - VALUE_ROOM))
        axes.set_xlabel("Standard deviations of the outcome a standard deviation, or a category")
        ticks.thousands(axes, "x")


def ratio_axis(axes: Axes) -> None:
    """Make the axis logarithmic around 1, with room at the right for numbers."""
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    low, high = max(low, 1e-6), min(high, 1e6)
    axes.set_xlim(low, min(1e9, high * (high / low) ** (VALUE_ROOM / (1 - VALUE_ROOM))))
    if high / low > 30:
        axes.xaxis.set_major_locator(LogLocator(10, numticks=6))
    else:
        steps = (0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20)
        near = [step for step in steps if low <= step <= high]
        apart = [step for step in near if step == 1 or not 0.7 < step < 1.4] if high / low > 3 else near
        axes.xaxis.set_major_locator(FixedLocator(apart))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: ticks.tick(value))


def _label(one: Coefficient) -> str:
    name = one.column or ""
    if one.level is None:
        return plain(fitting(name, LABEL_ROOM, 10, length=40))
    first = fitting(name, LABEL_ROOM / 2, 10, length=24)
    return plain(f"{first}: {fitting(one.level, LABEL_ROOM / 2, 10, length=24)}")


def _subtitle(findings: Findings) -> str:
    parts = [statistic(primary(findings)), effect(findings), f"$n$ = {n.count(findings.sample.n_used)}"]
    return ",  ".join(part for part in parts if part)


def _caption(findings: Findings, model: Model, count: int) -> str:
    level = f"{100 * model.coefficients[0].interval.level:g}"
    errors = " (HC3 errors)" if model.scale in ("identity", "log") else ""
    parts = [
        f"Dot: coefficient; bar: {level} % confidence interval{errors}, the other columns held equal; grey: "
        "not shown by the data (p of .05 or more)."
    ]
    if any(one.level is None for one in model.coefficients[1:]):
        parts.append("Numbers: in the units of the data; drawn: standardised.")
    references = {one.column: one.reference for one in model.coefficients if one.reference is not None}
    if references:
        named = [f"{column} = {reference}" for column, reference in list(references.items())[:4]]
        more = ", ..." if len(references) > 4 else ""
        parts.append(f"Compared with {', '.join(named)}{more}.")
    if count > SHOWN:
        parts.append(f"{SHOWN} of {count} coefficients shown.")
    parts.append(sample_note(findings))
    return " ".join(parts)


def _alt(model: Model, shown: Sequence[Coefficient]) -> str:
    told = [f"{_label(one)} {_numbers(one)}" for one in shown[:6]]
    return f"Coefficients of a model of {model.outcome} with their intervals: {'; '.join(told)}."
