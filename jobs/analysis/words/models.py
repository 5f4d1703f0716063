"""Models of several columns, in words: what goes with the outcome where the other columns are equal."""

from collections.abc import Mapping

from jobs.analysis.results.modelled import Coefficient, Model
from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    Facts,
    Told,
    apa,
    effect_sentences,
    interval,
    interval_pointers,
    sensitivity_sentences,
    test_sentence,
)

AT = "/findings/model"
MOST_COEFFICIENTS = 12  # told one by one; the others stand in the results
FITS: Mapping[str, str] = {
    "r_squared": "R²",
    "adjusted_r_squared": "adjusted R²",
    "cross_validated_r_squared": "R² of rows set aside (five-fold)",
    "mcfadden": "McFadden's R²",
    "tjur": "Tjur's R²",
}


def tell(facts: Facts) -> Told:
    """Say what goes with the outcome, or that the data do not show it."""
    model = facts.findings.model
    assert model is not None  # noqa: S101 - the caller has looked; for the type checker
    sentences = [test_sentence(facts, _verdict(facts)), _fit(model), *_order(model)]
    sentences += _coefficients(facts, model)
    sentences += effect_sentences(facts)
    sentences += sensitivity_sentences(facts)
    return Told(headline(facts), tuple(sentences), apa(facts))


def _verdict(facts: Facts) -> str:
    if facts.hardly:
        return "with so many rows even a negligible relationship is detected"
    return "the data show that they go together" if facts.shown else "the data do not show a relationship"


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    model = facts.findings.model
    assert model is not None  # noqa: S101 - see tell
    what = _outcome(model)
    names = [found.column for found in model.predictors]
    listed = n.joined(names) if len(names) <= 3 else "the predictors"
    size = _size(facts)
    if facts.hardly:
        return f"{what} and {listed} hardly go together ({size})"
    if not facts.shown:
        return f"The data do not show that {what} goes with {_unshown(model, names)} ({size})"
    if model.scale in ("identity", "log"):
        variance = "the variance" if model.scale == "identity" else "the variance of the logarithm"
        share = n.percent(model.fit["r_squared"] or 0.0)
        whom = f"{listed[:1].upper()}{listed[1:]}" if len(names) > 3 else listed
        accounts = "accounts" if len(names) == 1 else "together account"
        return f"{whom} {accounts} for {share} of {variance} of {model.outcome}{_adding(model)}"
    subject = f"{what[:1].upper()}{what[1:]}" if model.event else what
    return f"{subject} goes with {_going(model)} ({size})"


def _unshown(model: Model, names: list[str]) -> str:
    """Name the predictors that all together show nothing, and those whose own test says otherwise."""
    if not (proven := _proven(model)) or len(names) == 1:
        return n.joined(names, "or") if len(names) <= 3 else "any of the predictors"
    whom = n.joined(names) if len(names) <= 3 else f"the {_worded(len(names))} predictors"
    told = n.joined(proven) if len(proven) <= 3 else f"{_worded(len(proven))} of them"
    return f"{whom} taken together, though {told} by {'itself' if len(proven) == 1 else 'themselves'} would"


def _proven(model: Model) -> list[str]:
    """Name the predictors that are shown to add to the others, the closest first."""
    return [found.column for found in model.predictors if found.pvalue < ALPHA]


def _adding(model: Model) -> str:
    """Say which predictors add to what all of them explain together."""
    proven, count = _proven(model), len(model.predictors)
    if count == 1:
        return ""
    if not proven:
        return "; none of them by itself is shown to add to the others"
    if len(proven) == 1:
        return f"; only {proven[0]} is shown to add to the others"
    return f"; {proven[0]} adds most"


def _going(model: Model) -> str:
    """Name what the outcome goes with: only predictors whose own test shows it, and the others by number."""
    proven, names = _proven(model), [found.column for found in model.predictors]
    if len(names) == 1:
        return names[0]
    if not proven:
        whom = n.joined(names) if len(names) <= 3 else "the predictors"
        return f"{whom} together; none of them by itself is shown to add to the others"
    told = n.joined(proven) if len(proven) <= 3 else f"{_worded(len(proven))} of the predictors"
    most = f", most closely with {proven[0]}" if len(proven) > 1 else ""
    others = len(names) - len(proven)
    if others == 0:
        return f"{told}{most}"
    who = "the other predictor is" if others == 1 else f"the other {_worded(others)} predictors are"
    return f"{told}{most}; {who} not shown to add to that"


def _worded(count: int) -> str:
    """Write a small count as a word: it stands in no result."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else "many"


def _outcome(model: Model) -> str:
    return f"whether {model.outcome} is {model.event}" if model.event else model.outcome


def _size(facts: Facts) -> str:
    effect = facts.effect
    if effect is not None:
        return f"{effect.title} = {n.bounded(effect.value)}"
    model = facts.findings.model
    share = model.fit.get("mcfadden") if model is not None else None
    return f"McFadden's R² = {n.bounded(share)}"


def _fit(model: Model) -> Sentence:
    told = {key: model.fit[key] for key in FITS if model.fit.get(key) is not None}
    parts = [f"{FITS[key]} {n.bounded(value)}" for key, value in told.items()]
    pointers = [f"{AT}/fit/{key}" for key in told]
    spread = model.fit.get("residual_sd")
    if spread is not None:
        scale = "" if model.scale == "identity" else " of the logarithm"
        parts.append(f"standard deviation of what is left{scale} {n.number(spread, n.decimals_for(spread))}")
        pointers.append(f"{AT}/fit/residual_sd")
    return Sentence(f"How well the model fits: {'; '.join(parts)}.", tuple(pointers))


def _order(model: Model) -> list[Sentence]:
    """Say how much each predictor adds to the others, where there is a choice."""
    if len(model.predictors) < 2:
        return []
    parts, pointers = [], []
    for place, found in enumerate(model.predictors):
        at = f"{AT}/predictors/{place}"
        pointers += [f"{at}/column", f"{at}/pvalue"]
        share = ""
        if found.share is not None:
            share = f"partial R² {n.bounded(found.share)}, "
            pointers.append(f"{at}/share")
        parts.append(f"{found.column} ({share}{n.probability(found.pvalue)})")
    return [Sentence(f"By what each adds to the others: {', '.join(parts)}.", tuple(pointers))]


def _coefficients(facts: Facts, model: Model) -> list[Sentence]:
    order = [found.column for found in model.predictors]
    rank = {place: order.index(found.column or "") for place, found in enumerate(model.coefficients) if place}
    places = sorted(rank, key=lambda place: rank[place])
    told = [_coefficient(facts, model, place) for place in places[:MOST_COEFFICIENTS]]
    if len(places) > MOST_COEFFICIENTS:
        told.append(Sentence("The other coefficients stand in the results."))
    return told


def _coefficient(facts: Facts, model: Model, place: int) -> Sentence:
    found, at = model.coefficients[place], f"{AT}/coefficients/{place}"
    which = "ratio" if found.ratio is not None else "estimate"
    limits = found.ratio_interval if found.ratio_interval is not None else found.interval
    decimals = _decimals(found)
    details = [interval(limits, decimals), n.probability(found.pvalue)]
    pointers = [f"{at}/{which}", f"{at}/pvalue", f"{at}/column", f"{at}/level", f"{at}/reference"]
    pointers += [*interval_pointers(f"{at}/{'ratio_interval' if which == 'ratio' else 'interval'}")]
    pointers += [f"{AT}/outcome", f"{AT}/event", f"{at}/unit"]
    if found.standardised is not None and found.level is None and model.scale == "identity":
        details.append(f"standardised {n.number(found.standardised)}")
        pointers.append(f"{at}/standardised")
    equal = "where the other predictors are equal, " if len(model.predictors) > 1 else ""
    text = f"{equal}{_going_with(facts, model, found, decimals)} ({'; '.join(details)})."
    return Sentence(f"{text[:1].upper()}{text[1:]}", tuple(pointers))


def _going_with(facts: Facts, model: Model, found: Coefficient, decimals: int) -> str:
    """Say what goes with a step of a predictor; where its test does not show it, as an estimate alone."""
    joint = "as for" if found.ratio is not None else "than"
    than = "" if found.level is None else f" {joint} {found.column} = {found.reference}"
    size, measure = _size_of(found, decimals, facts.unit(model.outcome)), _measure(model)
    if found.pvalue < ALPHA:
        that = "that are" if model.event else "that is"
        what = measure.replace("the rate", "a rate", 1) if model.scale == "log rate" else measure
        return f"{_who(found)} goes with {what.removeprefix('the ')} {that} {size}{than}"
    if found.level is None:
        goes, are = ("go", "they are") if model.event else ("goes", "it is")
        unshown = f"the data do not show that {measure} {goes} with {found.column}"
        return f"{unshown}; as estimated {are} {size} for {_who(found)}"
    pair = f"between {found.column} = {found.level} and {found.reference}"
    return f"the data do not show a difference in {measure} {pair}; as estimated the first is {size}"


def _measure(model: Model) -> str:
    if model.event:
        return f"the odds of {model.outcome} = {model.event}"
    return f"the rate of {model.outcome}" if model.scale == "log rate" else model.outcome


def _who(found: Coefficient) -> str:
    if found.level is not None:
        return f"{found.column} = {found.level}"
    return f"each extra {n.singular(found.unit or 'unit')} of {found.column}"


def _size_of(found: Coefficient, decimals: int, unit: str | None) -> str:
    if found.ratio is not None:
        return f"{n.number(found.ratio, decimals)} times as high"
    if found.estimate == 0.0:
        return "neither higher nor lower"
    size = n.measured(abs(found.estimate), decimals, unit)
    return f"{size} {'higher' if found.estimate > 0.0 else 'lower'}"


def _decimals(found: Coefficient) -> int:
    limits = found.ratio_interval if found.ratio_interval is not None else found.interval
    if limits.low is None or limits.high is None:
        return 2
    decimals = n.decimals_for((limits.high - limits.low) / 2)
    return decimals if found.ratio is None else max(2, decimals)
