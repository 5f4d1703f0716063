"""What was tested: tests, effect sizes, pairs of groups, and what the tests take for granted."""

from collections.abc import Mapping, Sequence

from jobs.analysis.report import cells
from jobs.analysis.report.cells import ABSENT
from jobs.analysis.report.view import Block, Cell, Head, Paragraph, Table
from jobs.analysis.results.asked import Multiplicity, OtherQuestion
from jobs.analysis.results.result import Assumption, EffectSize, Findings, Pairwise, Test
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    MAY_EXCEED_ONE,
    NEVER_ABOVE_ONE,
    OF_TABLES,
    outcome_decimals,
    statistic,
)

MOST_PAIRS = 60
ROLES = {
    "primary": "Primary: the test that answers the question.",
    "term": "Term: a part of the same model.",
    "sensitivity": "Sensitivity: another way to look at the same question; where it disagrees, take care.",
    "classic": "Classic: the test of the textbooks, beside the one that is safer.",
}
PAIR_METHODS: Mapping[str, str] = {
    "games_howell": "Games-Howell",
    "tukey_hsd": "Tukey's honest significant difference",
    "dunn_holm": "Dunn's test of mean ranks, p-values by Holm",
    "paired_t_holm": "paired t, p-values by Holm, intervals by Bonferroni",
    "signed_rank_holm": "signed ranks, p-values by Holm",
    "adjusted_holm": "adjusted means, p-values by Holm, intervals by Bonferroni",
    "simple_holm": "simple effects, p-values by Holm",
}
MEAN_RANKS = "dunn"  # in the name of a method whose differences have no unit


def tests(findings: Findings) -> list[Block]:
    """Return the tests, the one that answers the question first."""
    found = findings.tests
    if not found:
        return []
    decimals = outcome_decimals(findings.descriptives)
    heads = (
        Head("Test"),
        Head("Role"),
        Head("Statistic", numeric=True),
        Head("p", numeric=True),
        Head("Estimate"),
        cells.interval_head(test.estimate.interval if test.estimate else None for test in found),
        Head("n", numeric=True),
    )
    roles = dict.fromkeys(test.role for test in found)
    notes = [ROLES[role] for role in roles] if len(found) > 1 else []
    table = Table("Tests", heads, tuple(_test(test, decimals) for test in found), tuple(notes))
    return [cells.filled(table)]


def _test(test: Test, decimals: int) -> tuple[Cell, ...]:
    title = f"{test.title}, exact" if test.exact else test.title
    shown = Cell(statistic(test), cells.number(test.statistic).exact)
    start = (cells.text(title), cells.text(test.role), shown, cells.probability(test.pvalue))
    estimate = test.estimate
    if estimate is None:
        return (*start, ABSENT, ABSENT, cells.count(test.n))
    below_one = test.symbol in NEVER_ABOVE_ONE | OF_TABLES
    if below_one:
        value = cells.bounded(estimate.value)
    else:
        value = cells.number(estimate.value, max(2, decimals), estimate.unit)
    limits = cells.interval(estimate.interval, 2 if below_one else max(2, decimals), below_one=below_one)
    named = Cell(f"{estimate.name} {value.text}", value.exact)
    return (*start, named, limits, cells.count(test.n))


def effects(found: Sequence[EffectSize]) -> list[Block]:
    """Return how large the effects are, free of units, with the rule that names their size."""
    if not found:
        return []
    heads = (
        Head("Effect size"),
        Head("Value", numeric=True),
        cells.interval_head(effect.interval for effect in found),
        Head("Called"),
        Head("By the rule of"),
        Head("Interval by"),
    )
    rows = []
    for effect in found:
        below_one = not any(word in effect.name for word in MAY_EXCEED_ONE)
        value = cells.bounded(effect.value) if below_one else cells.number(effect.value)
        limits = cells.interval(effect.interval, below_one=below_one)
        called, rule = cells.text(effect.label), cells.text(effect.rule)
        rows.append(
            (cells.text(effect.title), value, limits, called, rule, cells.text(effect.interval_method))
        )
    return [cells.filled(Table("Effect sizes", heads, tuple(rows)))]


def pairs(findings: Findings, unit: str | None) -> list[Block]:
    """Return every pair of groups compared after the overall test."""
    found = findings.posthoc
    if not found:
        return []
    decimals = outcome_decimals(findings.descriptives)
    methods = list(dict.fromkeys(pair.method for pair in found))
    named = n.joined([PAIR_METHODS.get(method, method.replace("_", " ")) for method in methods])
    of_ranks = any(MEAN_RANKS in method for method in methods)
    difference = "Difference of mean ranks" if of_ranks else f"Difference ({unit})" if unit else "Difference"
    heads = (
        Head("Pair"),
        Head(difference, numeric=True),
        cells.interval_head(pair.interval for pair in found),
        Head("Statistic", numeric=True),
        Head("df", numeric=True),
        Head("p, adjusted", numeric=True),
    )
    rows, notes = cells.first([_pair(pair, decimals) for pair in found], MOST_PAIRS, "results.json")
    notes.insert(0, "The difference is the first of the pair minus the second.")
    return [cells.filled(Table(f"Pairs of groups: {named}", heads, tuple(rows), tuple(notes)))]


def _pair(pair: Pairwise, decimals: int) -> tuple[Cell, ...]:
    a, b = cells.name(pair.a), cells.name(pair.b)
    full = f"{pair.a} – {pair.b}" if a.full or b.full else None
    return (
        Cell(f"{a.text} – {b.text}", full=full),
        cells.number(pair.difference, 1 if MEAN_RANKS in pair.method else decimals),
        cells.interval(pair.interval, decimals),
        cells.number(pair.statistic),
        ABSENT if pair.df is None else Cell(n.degrees(pair.df), cells.number(pair.df).exact),
        cells.probability(pair.pvalue),
    )


def assumptions(found: Sequence[Assumption]) -> list[Block]:
    """Return what the method takes for granted, how it looks in the data, and what follows."""
    if not found:
        return []
    heads = (Head("Taken for granted"), Head("Looked at"), Head("Verdict"), Head("What follows"))
    rows = tuple(
        (
            cells.text(f"{one.name[:1].upper()}{one.name[1:]}"),
            _looked_at(one),
            cells.text(one.verdict),
            cells.text(one.consequence),
        )
        for one in found
    )
    return [cells.filled(Table("Assumptions and what follows from them", heads, rows))]


def _looked_at(assumption: Assumption) -> Cell:
    told, exact = [], []
    if assumption.magnitude is not None:
        decimals = 0 if float(assumption.magnitude).is_integer() else 2
        shown = n.number(n.rounded(assumption.magnitude), decimals)
        told.append(f"{assumption.magnitude_name or 'magnitude'} {shown}")
        exact.append(repr(float(assumption.magnitude)))
    if assumption.pvalue is not None and assumption.test:
        told.append(f"{assumption.test} {n.probability(assumption.pvalue)}")
        exact.append(f"p = {float(assumption.pvalue)!r}")
    return Cell("; ".join(told), "; ".join(exact)) if told else ABSENT


def several(found: Multiplicity | None) -> list[Block]:
    """Return the p-value beside those of other questions asked of the same data; nothing of a lone one."""
    if found is None or found.questions < 2:
        return []
    heads = (
        Head("Question"),
        Head("p", numeric=True),
        Head("p by Holm", numeric=True),
        Head("p by Benjamini and Hochberg", numeric=True),
    )
    this = OtherQuestion("This question", found.pvalue, found.holm, found.benjamini_hochberg)
    rows = [
        (
            cells.name(one.words, 120),
            cells.probability(one.pvalue),
            cells.probability(one.holm),
            cells.probability(one.benjamini_hochberg),
        )
        for one in (this, *found.others)
    ]
    shown, notes = cells.first(rows, MOST_PAIRS, "results.json")
    lead = (
        f"{n.count(found.questions)} questions were asked of these data in the session. Whoever asks often "
        "finds something by chance; these are the p-values corrected for that."
    )
    caption = "p-values corrected for the number of questions"
    return [Paragraph(lead), Table(caption, heads, tuple(shown), tuple(notes))]
