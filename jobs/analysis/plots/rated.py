"""One of two categories in several measures of the same cases: the share in each, and what differs."""

from matplotlib.axes import Axes

from jobs.analysis.plots import house
from jobs.analysis.plots.brackets import draw_brackets, told_pairs
from jobs.analysis.plots.drawing import Cell, Drawing, finding, number_beside, off_line, sample_note
from jobs.analysis.plots.text import plain, shortened, upright, wrapped
from jobs.analysis.results.rated import Rated
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.rated import RatedSample
from jobs.analysis.words import numbers as n


def draw(sample: RatedSample, findings: Findings, rated: Rated, title: str) -> Drawing:
    """Draw the share of the event in each measure, with its interval, and the pairs."""
    pairs = told_pairs(findings)
    words = house.Words(title, finding(findings, rated.n), _caption(findings, rated))
    figure = house.sheet(words, height=4.3 + 0.16 * len(pairs))
    axes = figure.add_subplot()
    rows = _shares(axes, rated)
    many = len(rated.measures)
    room = 430 / many
    axes.set_xticks(range(many), [upright(name, room) for name in rated.measures])
    axes.set_xlim(-0.5, many - 0.5)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    if sample.group is not None:
        axes.set_xlabel(wrapped(plain(sample.group), 420, 11, lines=2))
    what = f"{sample.outcome} = {rated.event}" if sample.outcome else f"{rated.event}"
    axes.set_ylabel(wrapped(f"Share of {plain(shortened(what, 60))}", 190, 11, lines=3))
    draw_brackets(axes, rated.measures, pairs, logarithmic=False)
    rows += [
        ("pair", f"{pair.a} - {pair.b}", None, pair.difference, pair.interval.low, pair.interval.high)
        for pair in findings.posthoc
    ]
    columns = ("layer", "measure", "cases", "value", "low", "high")
    return Drawing("rated", title, _alt(rated), figure, columns, tuple(rows))


def _caption(findings: Findings, rated: Rated) -> str:
    level = f"{100 * rated.same_interval.level:g}"
    pairs = " Pairs: exact McNemar, Holm." if findings.posthoc else ""
    return (
        f"Black: {level} % intervals of each share (Wilson); the cases are the same in each, so that "
        "these do not "
        f"tell whether shares differ. {n.count(rated.n - rated.same)} of {n.counted(rated.n, 'case')} differ "
        f"between measures.{pairs} {sample_note(findings)}"
    )


def _shares(axes: Axes, rated: Rated) -> list[tuple[Cell, ...]]:
    values = [one.value for one in rated.shares]
    axes.bar(range(len(values)), values, 0.62, color=house.BARS)
    rows: list[tuple[Cell, ...]] = []
    for place, one in enumerate(rated.shares):
        low, high = one.interval.low or 0.0, one.interval.high or 0.0
        axes.plot([place, place], [low, high], color=house.INK, lw=3, zorder=5)
        axes.plot(place, one.value, marker="o", ms=5.5, mfc="white", mec=house.INK, mew=1.6, zorder=6)
        number_beside(axes, (place, one.value), n.percent(one.value), xytext=off_line(place, values))
        rows.append(("share", one.measure, one.hits, one.value, low, high))
    if rated.counts is not None and rated.event is not None:
        event = rated.levels.index(rated.event)
        changed = (rated.counts[1 - event][event], rated.counts[event][1 - event])
        for layer, count in zip(
            ("event in the second alone", "event in the first alone"), changed, strict=True
        ):
            rows.append((layer, None, count, count / rated.n, None, None))
    return rows


def _alt(rated: Rated) -> str:
    told = [f"{one.measure}: {n.percent(one.value)}" for one in rated.shares]
    return (
        f"Share of {rated.event} in each of {len(told)} measures of the same {n.counted(rated.n, 'case')}. "
        f"{'; '.join(told)}."
    )
