"""A share against a value: a bar with its interval and a line at the value."""

from jobs.analysis.plots import house
from jobs.analysis.plots.drawing import Drawing, finding, sample_note
from jobs.analysis.plots.text import plain, shortened, wrapped
from jobs.analysis.results.result import Findings, Share
from jobs.analysis.words import numbers as n


def draw(findings: Findings, share: Share, title: str) -> Drawing:
    """Draw the share as a bar, its interval and the value that it is compared with."""
    level = f"{100 * share.interval.level:g}"
    caption = (
        f"Bar: share of the rows. Black: {level} % interval (Wilson). Dashed: what it is compared with. "
        f"{sample_note(findings)}"
    )
    figure = house.sheet(house.Words(title, finding(findings, findings.sample.n_used), caption), height=2.7)
    axes = figure.add_subplot()
    axes.barh(0, 1, 0.62, color=house.PALE)
    axes.barh(0, share.value, 0.62, color=house.BARS)
    low, high = share.interval.low or 0.0, share.interval.high or 0.0
    axes.plot([low, high], [0, 0], color=house.INK, lw=3, zorder=5)
    axes.plot(share.value, 0, marker="o", ms=6, mfc="white", mec=house.INK, mew=1.7, zorder=6)
    axes.plot([share.against] * 2, [-0.42, 0.42], color=house.DARK_ORANGE, lw=2, ls=(0, (4, 2)), zorder=4)
    for at, text, colour, height in (
        (share.value, n.percent(share.value), house.INK, -0.4),
        (share.against, n.percent(share.against), house.DARK_ORANGE, 0.57),
    ):
        axes.text(at, height, text, ha="center", va="center", size=10.5, weight="semibold", color=colour)
    axes.set_ylim(-0.62, 0.72)
    axes.set_xlim(0, 1)
    axes.set_yticks([])
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(visible=False)
    name = f"Share of {plain(shortened(share.column, 60))} = {plain(shortened(share.level, 40))}"
    axes.set_xlabel(wrapped(name, 440, 11, lines=2))
    rows = (
        ("share", share.value, low, high, share.hits),
        ("compared with", share.against, None, None, None),
    )
    alt = (
        f"{share.column} = {share.level} in {n.count(share.hits)} of {n.count(share.n)} rows "
        f"({n.percent(share.value)}), with a line at {n.percent(share.against)}."
    )
    return Drawing("share", title, alt, figure, ("layer", "value", "low", "high", "rows"), rows)
