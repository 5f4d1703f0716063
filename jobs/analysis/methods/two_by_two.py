"""Two categories of two values each: shares, odds and risks of one event, one group against the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.common import as_interval, effect_size
from jobs.analysis.numerics import contingency
from jobs.analysis.results.result import EffectSize, Estimate, Interval, Plan
from jobs.analysis.sampling.samples import CrossSample
from jobs.analysis.tables.events import event_of


@dataclass(frozen=True)
class Turned:
    """A 2 x 2 table whose first column counts the event and whose first row is the group spoken of."""

    column: str
    event: str
    group: str
    reference: str
    counts: NDArray[np.int64]  # (2, 2)

    @property
    def named(self) -> str:
        """The event and the two groups, in the direction of the numbers."""
        return f"{self.column} = {self.event} ({self.group} against {self.reference})"


def turn(plan: Plan, sample: CrossSample) -> Turned | None:
    """Turn a table so that its numbers run the way of the headline; None unless it is 2 x 2.

    The event is the value that the question names, else the one that says yes, else the rarer one. The group
    is the one that the question names, else the one in which the event is more frequent.
    """
    if sample.counts.shape != (2, 2):
        return None
    named = {read.value for read in plan.read_as if read.column == sample.column}
    spoken = [place for place, level in enumerate(sample.column_levels) if level in named]
    rule = event_of(sample.column_levels, sample.counts.sum(axis=0).tolist())
    event = spoken[0] if len(spoken) == 1 else rule
    shares = sample.counts[:, event] / sample.counts.sum(axis=1)
    named = {read.value for read in plan.read_as if read.column == sample.row}
    asked = [place for place, level in enumerate(sample.row_levels) if level in named]
    group = asked[0] if len(asked) == 1 else int(np.argmax(shares))
    order = np.ix_([group, 1 - group], [event, 1 - event])
    return Turned(
        sample.column,
        sample.column_levels[event],
        sample.row_levels[group],
        sample.row_levels[1 - group],
        sample.counts[order],
    )


def share_difference(table: Turned, level: float) -> Estimate:
    """Give the share of the event in the group minus that in the other, with Newcombe's interval."""
    difference, low, high = contingency.share_difference(table.counts, level)
    name = (
        f"difference in the share of {table.column} = {table.event} ({table.group} minus {table.reference})"
    )
    return Estimate(name, difference, Interval(low, high, level))


def signed(table: Turned, size: float) -> float:
    """Give `size` the sign of the event's surplus in the group."""
    (a, b), (c, d) = table.counts.tolist()
    return size if a * d >= b * c else -size


def ratios(table: Turned, level: float) -> list[EffectSize]:
    """Give the odds ratio and the risk ratio of the event, each where its cells allow it."""
    found = (
        ("odds_ratio", "odds ratio", contingency.odds_ratio(table.counts, level), "Woolf"),
        ("risk_ratio", "risk ratio", contingency.risk_ratio(table.counts, level), "Katz, logarithm"),
    )
    return [
        effect_size(
            name,
            f"{title} of {table.named}",
            numbers[0],
            as_interval(numbers[1:], level),
            method=method,
            scale=None,
        )
        for name, title, numbers, method in found
        if numbers is not None
    ]
