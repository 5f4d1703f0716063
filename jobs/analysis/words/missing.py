"""What is missing, in words: how much, where together, and with what it goes."""

from jobs.analysis.results.gaps import GapLink, Gaps
from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA, Facts, Told, interval, interval_pointers

COLUMNS, PATTERNS, LINKS, ROWS = 12, 5, 6, 10
LITTLE = 5.0  # percent of rows that are lost with incomplete ones; below it hardly an answer changes
AT = "/findings/gaps"


def tell(facts: Facts) -> Told:
    """Say what is missing in the column, or in the table."""
    gaps = facts.findings.gaps
    if gaps is None:
        return Told("", (), None)
    sentences = [*_how_much(gaps), *_columns(gaps), *_misfits(facts, gaps), *_patterns(gaps), *_links(gaps)]
    return Told(headline(facts), (*sentences, *_meaning(gaps)), None)


def headline(facts: Facts) -> str:
    """Say how much is missing in one line."""
    gaps = facts.findings.gaps
    if gaps is None:
        return ""
    if gaps.column is not None:
        if not gaps.missing:
            return f"No value of {gaps.column} is missing in {n.counted(gaps.rows, 'row')}"
        lack = "lacks" if gaps.missing == 1 else "lack"
        share = _percent(gaps.missing_percent)
        return f"{_share(gaps.missing, gaps.rows)} {lack} a value of {gaps.column} ({share})"
    if not gaps.missing:
        return f"No value is missing in {n.counted(gaps.rows, 'row')} and {n.counted(gaps.columns, 'column')}"
    worst = gaps.gaps[0]
    are = "is" if gaps.missing == 1 else "are"
    return (
        f"{_percent(gaps.missing_percent)} of the cells {are} missing, in {n.count(gaps.lacking)} of "
        f"{n.counted(gaps.columns, 'column')}; most in {worst.column} ({_percent(worst.percent)})"
    )


def _share(part: int, whole: int) -> str:
    return f"{n.count(part)} of {n.counted(whole, 'row')}"


def _percent(value: float) -> str:
    """Write percent that are not 0 so that they do not read as 0."""
    return f"{n.number(value, 1 if value >= 0.1 or value == 0 else 3)} %"


def _how_much(gaps: Gaps) -> list[Sentence]:
    told = []
    if gaps.column is None:
        of = f"{n.count(gaps.missing)} of {n.counted(gaps.cells, 'cell')} hold no value"
        where = f"{n.count(gaps.lacking)} of {n.count(gaps.columns)} columns"
        text = f"{of} ({_percent(gaps.missing_percent)}), in {where}."
        told.append(
            Sentence(
                text,
                tuple(
                    f"{AT}/{part}" for part in ("missing", "cells", "missing_percent", "lacking", "columns")
                ),
            )
        )
    share = _percent(gaps.complete_percent)
    complete = f"{_share(gaps.complete_rows, gaps.rows)} ({share}) have a value in every column."
    return [
        *told,
        Sentence(complete, tuple(f"{AT}/{part}" for part in ("complete_rows", "rows", "complete_percent"))),
    ]


def _columns(gaps: Gaps) -> list[Sentence]:
    told = []
    for place, gap in enumerate(gaps.gaps[:COLUMNS]):
        at = f"{AT}/gaps/{place}"
        rows = n.joined([n.count(row) for row in gap.first_rows])
        which = "row" if gap.missing == 1 else "rows"
        more = ", the first of them" if gap.missing > len(gap.first_rows) else ""
        lack = "lacks one" if gap.missing == 1 else "lack one"
        text = (
            f"{gap.column}: {_share(gap.missing, gaps.rows)} {lack} ({_percent(gap.percent)}): {which} "
            f"{rows}{more}."
        )
        pointers = [f"{at}/missing", f"{at}/percent", f"{AT}/rows"]
        pointers += [f"{at}/first_rows/{row}" for row in range(len(gap.first_rows))]
        told.append(Sentence(text, tuple(pointers)))
    if len(gaps.gaps) > COLUMNS:
        told.append(Sentence("The results list the other columns too."))
    return told


def _misfits(facts: Facts, gaps: Gaps) -> list[Sentence]:
    """Say of a whole table which values count as missing because they do not fit their column."""
    if gaps.column is not None:  # said among the caveats
        return []
    told = []
    for place, column in enumerate(facts.profile.values()):
        if column.invalid:
            text = (
                f"Of those in {column.name}, {n.counted(column.invalid, 'value')} did not fit its type and "
                f"{'counts' if column.invalid == 1 else 'count'} as missing."
            )
            told.append(Sentence(text, (f"/profile/{place}/invalid",)))
    return told[:COLUMNS]


def _patterns(gaps: Gaps) -> list[Sentence]:
    """Tell which columns lack values in the same rows."""
    told = []
    together = [(place, one) for place, one in enumerate(gaps.patterns) if len(one.columns) > 1]
    for place, one in together[:PATTERNS]:
        at = f"{AT}/patterns/{place}"
        share = f"{_share(one.rows, gaps.rows)} ({_percent(one.percent)})"
        text = f"{n.joined(one.columns)} are missing together in {share}."
        told.append(Sentence(text, (f"{at}/rows", f"{at}/percent", f"{at}/columns", f"{AT}/rows")))
    if told or not gaps.missing or gaps.lacking < 2:
        return told
    alone = gaps.column or "Each of these columns"
    return [Sentence(f"{alone} lacks values by itself: no other column lacks one in the same rows.")]


def _links(gaps: Gaps) -> list[Sentence]:
    """Tell the columns in which rows that lack a value differ from the others."""
    found = [(place, link) for place, link in enumerate(gaps.links) if link.holm < ALPHA]
    told = [_link(link, f"{AT}/links/{place}") for place, link in found[:LINKS]]
    if not gaps.tested:
        if gaps.missing:
            told.append(
                Sentence(
                    "Too few rows lack a value, or too few have one, to compare them in the other columns."
                )
            )
        return told
    if not told:
        text = (
            f"{n.counted(gaps.tested, 'comparison')} of rows with and without a value show no difference in "
            "another column (p adjusted by Holm)."
        )
        return [Sentence(text, (f"{AT}/tested",))]
    more = f"; {n.count(len(found))} of them show one" if len(found) > LINKS else ""
    text = f"The p-values are adjusted by Holm for {n.counted(gaps.tested, 'comparison')}{more}."
    shown = tuple(f"{AT}/links/{place}/holm" for place, _ in found)
    return [*told, Sentence(text, (f"{AT}/tested", f"{AT}/links", *shown[:LINKS]))]


def _link(link: GapLink, at: str) -> Sentence:
    numbers = f"{link.effect_name} {n.number(link.effect)}, {interval(link.interval)}"
    numbers += f", adjusted {n.probability(link.holm)}"
    pointers = [f"{at}/effect", *interval_pointers(f"{at}/interval"), f"{at}/holm", f"{at}/where_missing"]
    pointers += [f"{at}/where_present", f"{at}/level", f"{at}/n_missing"]
    if link.kind == "number":
        spread = abs(link.where_missing - link.where_present)
        places = n.decimals_for(spread)
        missing, present = n.number(link.where_missing, places), n.number(link.where_present, places)
        way = "higher" if link.where_missing > link.where_present else "lower"
        text = (
            f"Where {link.column} is missing, {link.other} is {way} (mean {missing}) than where it is not "
            f"({present}; {numbers})."
        )
        return Sentence(text, tuple(pointers))
    missing, present = _percent(link.where_missing), _percent(link.where_present)
    text = (
        f"Where {link.column} is missing, {link.other} is {link.level} in {missing} of the rows, elsewhere "
        f"in {present} ({numbers})."
    )
    return Sentence(text, tuple(pointers))


def _meaning(gaps: Gaps) -> list[Sentence]:
    """Say what follows for analyses of these columns."""
    if not gaps.missing:
        return []
    told = []
    if any(link.holm < ALPHA for link in gaps.links):
        told.append(
            Sentence(
                "So values are not missing at random all over the table, and answers from the complete rows "
                "alone may lean to one side; take the columns named here into the analysis."
            )
        )
    else:
        told.append(
            Sentence(
                "That no difference is seen does not show that values are missing at random: it may lie in "
                "the missing values themselves, or in what was not recorded."
            )
        )
    lost = 100.0 - gaps.complete_percent
    if gaps.column is None and lost >= LITTLE:
        told.append(
            Sentence(
                "Each analysis leaves out only rows that lack a value of its own columns, and says how many."
            )
        )
    return told
