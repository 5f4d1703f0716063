"""Two categories within strata, in words: what they show together, stratum by stratum, and without strata."""

from jobs.analysis.results.result import Sentence, Test
from jobs.analysis.results.stratified import Odds, Strata, Stratum
from jobs.analysis.words import numbers as n
from jobs.analysis.words import unlike
from jobs.analysis.words.facts import (
    ALPHA,
    JUDGED_BY_SIZE_ABOVE,
    NEGLIGIBLE,
    Facts,
    Told,
    apa,
    effect_sentences,
    effect_text,
    interval,
    interval_pointers,
    statistic,
    test_pointers,
    test_sentence,
)

LISTED = 8
NOTABLE_CHANGE = 10.0  # percent of the odds ratio; the usual mark of a confounder (Greenland 1989)
ALIKE = ("breslow_day", "shared_association")
WITHOUT = "chi_square_without_strata"


def tell(facts: Facts) -> Told:
    """Say whether the two go together within the strata, and what is seen without them."""
    strata = facts.findings.strata
    if strata is None:
        return Told("", (), None)
    sentences = [test_sentence(facts, _verdict(facts, strata)), *_common(facts, strata)]
    sentences += effect_sentences(facts)
    sentences += _each(facts, strata)
    sentences += _further_tests(facts, strata)
    sentences += _without_strata(facts, strata)
    return Told(headline(facts), tuple(sentences), apa(facts))


def _verdict(facts: Facts, strata: Strata) -> str:
    row, column = facts.plan.columns["row"], facts.plan.columns["column"]
    if facts.test.method in ALIKE:
        what = f"how the two go together differs between the values of {strata.stratum}"
        return f"the data show that {what}" if _differ(facts) else f"the data do not show that {what}"
    if _is_hardly(facts):
        return "with so many rows even a negligible association is detected"
    if facts.shown:
        return f"the data show that {row} and {column} go together within {strata.stratum}"
    if _differ(facts):
        return f"on the average over {strata.stratum} nothing is shown, which hides that its values differ"
    return f"the data do not show that they go together within {strata.stratum}"


def headline(facts: Facts) -> str:
    """Say the finding in one line; where the strata differ, with the numbers of each."""
    strata, effect = facts.findings.strata, facts.effect
    row, column = facts.plan.columns["row"], facts.plan.columns["column"]
    if strata is None:
        return ""
    together = f"{row} and {column} go together"
    if _differ(facts) and not _is_hardly(facts):
        return _unlike(facts, strata)
    if facts.test.method in ALIKE:
        differs = f"how {together} differs between the values of {strata.stratum}"
        return f"The data do not show that {differs}: {unlike.told(facts, strata)}"
    strength = f" ({effect_text(effect)})" if effect else ""
    within = f"within {strata.stratum}"
    if _is_hardly(facts):
        return f"{row} and {column} hardly go together {within}{strength}"
    opposite = unlike.are_opposite(strata)
    if not facts.shown and opposite:
        ways = f"{row} and {column} go opposite ways in values of {strata.stratum}, which may be chance"
        return f"{ways}: {unlike.told(facts, strata)}"
    if not facts.shown:
        return f"The data do not show that {together} {within}{strength}"
    if strata.odds is None:
        square = facts.findings.table is not None and unlike.is_square(facts.findings.table)
        return f"{together} {within}{f': {unlike.told(facts, strata)}' if square else strength}"
    other = f", though not in each value of it: {unlike.told(facts, strata)}" if opposite else ""
    return f"At equal {strata.stratum} {_in_words(facts, strata.odds)}{other}"


def _unlike(facts: Facts, strata: Strata) -> str:
    """Say that the strata differ, with what they have in common where all of them point one way."""
    row, column, shares = facts.plan.columns["row"], facts.plan.columns["column"], unlike.told(facts, strata)
    led = facts.test.method in ALIKE
    if facts.shown and not led and strata.odds is not None and not unlike.are_opposite(strata):
        return (
            f"At equal {strata.stratum} {_in_words(facts, strata.odds)}, though not alike in each: {shares}"
        )
    return f"How {row} and {column} go together differs between the values of {strata.stratum}: {shares}"


def _is_hardly(facts: Facts) -> bool:
    detected = facts.findings.sample.n_used > JUDGED_BY_SIZE_ABOVE and facts.test.pvalue < ALPHA
    return detected and any(effect.label in NEGLIGIBLE for effect in facts.findings.effect_sizes)


def _in_words(facts: Facts, odds: Odds) -> str:
    row, column = facts.plan.columns["row"], facts.plan.columns["column"]
    return (
        f"the odds of {column} = {odds.event} are {n.number(odds.common)} times as high where {row} is "
        f"{odds.level} as where it is {odds.reference}"
    )


def _test(facts: Facts, *methods: str) -> tuple[int, Test] | None:
    found = [(place, test) for place, test in enumerate(facts.findings.tests) if test.method in methods]
    return found[0] if found else None


def _differ(facts: Facts) -> bool:
    found = _test(facts, *ALIKE)
    return found is not None and found[1].pvalue < ALPHA


def _common(facts: Facts, strata: Strata) -> list[Sentence]:
    odds, at, table = strata.odds, "/findings/strata/odds", facts.findings.table
    if odds is None:
        if table is None or not unlike.is_square(table):
            return []
        return [
            Sentence(
                "A common odds ratio cannot be told: in every stratum a cell is empty, and always on the "
                "same side, so it is infinite, or zero read the other way."
            )
        ]
    text = f"{_in_words(facts, odds)} (common odds ratio by Mantel and Haenszel, {interval(odds.interval)})."
    text = f"On the average over values that differ, {text}" if _differ(facts) else text
    pointers = (f"{at}/common", f"{at}/event", f"{at}/level", f"{at}/reference")
    told = [Sentence(text[0].upper() + text[1:], (*pointers, *interval_pointers(f"{at}/interval")))]
    about_it = facts.test.method not in ALIKE and not _is_hardly(facts) and not _differ(facts)
    if not facts.shown and about_it:
        low, high = n.number(odds.interval.low), n.number(odds.interval.high)
        compatible = f"Odds ratios between {low} and {high} remain compatible with the data."
        told.append(Sentence(compatible, interval_pointers(f"{at}/interval")))
    return told


def _each(facts: Facts, strata: Strata) -> list[Sentence]:
    """Tell each stratum; of many the largest."""
    order = sorted(range(len(strata.strata)), key=lambda place: -strata.strata[place].n)[:LISTED]
    told = [_one(facts, strata, strata.strata[place], place) for place in sorted(order)]
    silent = len(strata.strata) - strata.informative
    if silent:
        at = "/findings/strata"
        text = (
            f"{n.count(strata.informative)} of {n.counted(len(strata.strata), 'value')} of {strata.stratum} "
            "say something about the two; in the others one of them does not vary."
        )
        places = tuple(f"{at}/strata/{place}/varies" for place in range(len(strata.strata)))
        told.append(Sentence(text, (f"{at}/informative", f"{at}/values", *places[:LISTED])))
    return told


def _one(facts: Facts, strata: Strata, one: Stratum, place: int) -> Sentence:
    at, table = f"/findings/strata/strata/{place}", facts.findings.table
    where = f"Where {strata.stratum} is {one.level} ({n.counted(one.n, 'row')})"
    pointers = [f"{at}/level", f"{at}/n"]
    if not one.varies:
        return Sentence(f"{where} one of the two does not vary.", (*pointers, f"{at}/varies"))
    parts = []
    if table is not None and unlike.is_square(table):
        event, *rows = unlike.reading(strata, table)
        leads = (f"{table.column} = {table.column_levels[event]} in ", "in ")
        for row, lead in zip(rows, leads, strict=True):
            hits, total = one.counts[row][event], sum(one.counts[row])
            share = f" ({n.percent(hits / total)})"
            where_row = f"where {table.row} is {table.row_levels[row]}"
            parts.append(f"{lead}{n.count(hits)} of {n.count(total)}{share} {where_row}")
            pointers += [f"{at}/counts/{row}", f"/findings/table/row_levels/{row}"]
        pointers.append(f"/findings/table/column_levels/{event}")
    if strata.odds is not None:
        parts.append(_odds_ratio(one))
        pointers += [f"{at}/odds_ratio", *interval_pointers(f"{at}/interval")]
    elif one.cramers_v is not None:
        parts.append(f"Cramér's V {n.bounded(one.cramers_v)}")
        pointers.append(f"{at}/cramers_v")
    return Sentence(f"{where}: {', '.join(parts)}.", tuple(pointers))


def _odds_ratio(one: Stratum) -> str:
    if one.infinite:
        level = f"{one.interval.level * 100:g}"
        return f"odds ratio infinite, {level}% CI from {n.number(one.interval.low)} up (exact: an empty cell)"
    exact = " (exact: an empty cell)" if one.odds_ratio == 0.0 else ""
    return f"odds ratio {n.number(one.odds_ratio)}, {interval(one.interval)}{exact}"


def _further_tests(facts: Facts, strata: Strata) -> list[Sentence]:
    """Say whether the strata are alike, and what the other tests within strata give."""
    sentences = []
    for place, test in enumerate(facts.findings.tests):
        if place == facts.primary or test.method == WITHOUT:
            continue
        numbers = f"{statistic(test)}, {n.probability(test.pvalue)}"
        if test.method in ALIKE:
            says = "the data do not show that the values of {} differ in how the two go together"
            if test.pvalue < ALPHA:
                says = "how the two go together differs between the values of {}"
            text = f"{test.title}: {says.format(strata.stratum)} ({numbers})."
        elif facts.test.method in ALIKE:
            text = f"{test.title}, of whether the two go together at all: {numbers}."
        else:
            agrees = (test.pvalue < ALPHA) == (facts.test.pvalue < ALPHA)
            says = "agrees" if agrees else "does not agree, so read the result with care"
            text = f"Beside it, {test.title} {says}: {numbers}."
        sentences.append(Sentence(text, test_pointers(f"/findings/tests/{place}", test)))
    return sentences


def _without_strata(facts: Facts, strata: Strata) -> list[Sentence]:
    """Say what the table shows without strata, and warn where that is another answer."""
    found = _test(facts, WITHOUT)
    if found is None:
        return []
    place, test = found
    odds, at = strata.odds, "/findings/strata/odds"
    numbers = f"{statistic(test)}, {n.probability(test.pvalue)}"
    pointers = list(test_pointers(f"/findings/tests/{place}", test))
    if odds is not None and odds.crude is not None:
        numbers += f"; odds ratio {n.number(odds.crude)}, {interval(odds.crude_interval)}"
        pointers += [f"{at}/crude", *interval_pointers(f"{at}/crude_interval")]
    told = [Sentence(f"Without {strata.stratum} the table says: {numbers}.", tuple(pointers))]
    warning = _paradox(facts, strata, test)
    links = "/findings/strata/with_row", "/findings/strata/with_column"
    return [*told, Sentence(warning, (f"{at}/change_percent", f"{at}/crude", *links))] if warning else told


def _suspected(facts: Facts, strata: Strata) -> str:
    """Suspect the strata of going with both categories, by how closely they do."""
    row, column = facts.plan.columns["row"], facts.plan.columns["column"]
    return (
        f"{strata.stratum} may go with both (Cramér's V {n.bounded(strata.with_row)} with {row}, "
        f"{n.bounded(strata.with_column)} with {column})"
    )


def _paradox(facts: Facts, strata: Strata, without: Test) -> str | None:
    odds = strata.odds
    shown, also = facts.test.pvalue < ALPHA, without.pvalue < ALPHA
    name = strata.stratum
    if facts.test.method in ALIKE:
        return None  # another question was asked
    if odds is not None and odds.crude is not None and odds.crude < 1.0 < odds.common and (shown or also):
        return (
            f"That points the other way than within the values of {name} (Simpson's paradox): "
            f"{_suspected(facts, strata)}; the answer within strata is the one at equal values of it."
        )
    if shown != also:
        return f"That is another answer than the one at equal values of {name}, which stands first."
    if odds is None or odds.change_percent is None or abs(odds.change_percent) < NOTABLE_CHANGE:
        return None
    way = "larger" if odds.change_percent > 0 else "smaller"
    return (
        f"It is {n.number(abs(odds.change_percent), 0)} percent {way} than the common odds ratio: "
        f"{_suspected(facts, strata)}, which the odds ratio of all rows together would mix in."
    )
