"""How far a number is from a normal distribution, in words, and what follows for means and tests."""

from jobs.analysis.results.result import Sentence
from jobs.analysis.results.scanned import Shape
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    ALPHA,
    Facts,
    Told,
    apa,
    effect_sentences,
    outcome_decimals,
    statistic,
    test_pointers,
)

MANY = 5_000  # values from which a test of normality finds what matters to nobody
FEW = 30  # values up to which it finds hardly anything
AT = "/findings/shape"


def tell(facts: Facts) -> Told:
    """Say how the values are spread, what the tests say of it, and what it means."""
    shape = facts.findings.shape
    if shape is None:
        return Told("", (), None)
    name = facts.plan.columns["outcome"]
    sentences = [*_size(facts, shape, name), *effect_sentences(facts), *_tests(facts, shape)]
    return Told(headline(facts), (*sentences, *_consequences(facts, shape, name)), apa(facts))


def headline(facts: Facts) -> str:
    """Say how far from normal the column is in one line."""
    shape, name = facts.findings.shape, facts.plan.columns["outcome"]
    if shape is None:
        return ""
    return (
        f"{name} is {shape.verdict} in shape{_why(shape)} (skewness {n.number(n.rounded(shape.skewness))}, "
        f"excess kurtosis {n.number(n.rounded(shape.kurtosis))})"
    )


def _why(shape: Shape) -> str:
    return f": {n.joined(shape.departures)}" if shape.departures else ""


def _size(facts: Facts, shape: Shape, name: str) -> list[Sentence]:
    found = facts.findings.descriptives[0]
    decimals, unit = outcome_decimals([found]), facts.unit(name)
    middle = (
        f"{name}: the mean {n.measured(found.mean, decimals, unit)} {_from_median(shape, decimals, unit)} "
        f"{n.measured(found.median, decimals, unit)}, {n.number(n.rounded(abs(shape.mean_minus_median_sd)))} "
        "standard deviations apart."
    )
    within = (
        f"{n.number(shape.within_percent, 1)} % of the values lie within 2 standard deviations of the mean, "
        f"of a normal distribution {n.number(shape.normal_percent, 1)} %; {_sides(shape)}."
    )
    return [
        *_peaks(facts, shape, name),
        Sentence(
            middle,
            (
                "/findings/descriptives/0/mean",
                "/findings/descriptives/0/median",
                f"{AT}/mean_minus_median",
                f"{AT}/mean_minus_median_sd",
            ),
        ),
        Sentence(within, tuple(f"{AT}/{part}" for part in ("within_percent", "normal_percent", "spreads"))),
    ]


def _from_median(shape: Shape, decimals: int, unit: str | None) -> str:
    """Say where the mean lies from the median; nothing is above what rounds to the same."""
    apart = n.rounded(shape.mean_minus_median, decimals) or 0.0
    if apart == 0.0:
        return "lies at the median"
    return f"lies {n.measured(abs(apart), decimals, unit)} {'above' if apart > 0.0 else 'below'} the median"


def _sides(shape: Shape) -> str:
    """Say which side is longer and how heavy the tails are, where two decimals show either."""
    skew, tails = n.rounded(shape.skewness) or 0.0, n.rounded(shape.kurtosis) or 0.0
    side = f"the longer side is the {'right' if skew > 0.0 else 'left'}" if skew else "neither side is longer"
    than = f"{'heavier' if tails > 0.0 else 'lighter'} than" if tails else "as heavy as"
    return f"{side}, and the tails are {than} a normal's"


def _peaks(facts: Facts, shape: Shape, name: str) -> list[Sentence]:
    """Say where two peaks are and how far the values lie from normal quantiles."""
    told = []
    if shape.peaks is not None and shape.valley_share is not None:
        decimals, unit = outcome_decimals([facts.findings.descriptives[0]]), facts.unit(name)
        first, second = (n.measured(place, decimals, unit) for place in shape.peaks)
        text = (
            f"The values of {name} gather around two places, {first} and {second}; between them they are "
            f"{n.percent(shape.valley_share)} as dense as at the lower peak. Two groups may be mixed in them."
        )
        told.append(Sentence(text, (f"{AT}/peaks/0", f"{AT}/peaks/1", f"{AT}/valley_share")))
    text = (
        f"In the QQ plot the values lie {n.number(shape.quantile_distance)} standard deviations from normal "
        "quantiles on average."
    )
    return [*told, Sentence(text, (f"{AT}/quantile_distance",))]


def _tests(facts: Facts, shape: Shape) -> list[Sentence]:
    """Say what the tests find, and that their p-values tell of the number of rows as well."""
    told = []
    for place, test in enumerate(facts.findings.tests):
        found = test.pvalue < ALPHA
        says = "detects a departure from normality" if found else "does not detect a departure from normality"
        numbers = f"{statistic(test)}, {n.probability(test.pvalue)}, n = {n.count(test.n)}"
        text = f"{test.title}: {numbers}; it {says}."
        told.append(Sentence(text, test_pointers(f"/findings/tests/{place}", test)))
    rows, detected = facts.findings.sample.n_used, facts.test.pvalue < ALPHA
    if detected and shape.verdict == "close to normal":
        told.append(
            Sentence("With this many rows a test detects departures too small to matter: judge by the sizes.")
        )
    elif not detected and rows <= FEW:
        told.append(
            Sentence("Of so few rows a test detects hardly any departure, so this shows no normality.")
        )
    return told


def _consequences(facts: Facts, shape: Shape, name: str) -> list[Sentence]:
    """Say what the shape means for means and tests, for single values, and for models."""
    rows, needed = facts.findings.sample.n_used, shape.rows_needed
    enough = rows >= needed
    pointers = (f"{AT}/rows_needed", "/findings/sample/n_used")
    lead = f"For means {n.count(rows)} rows are {'enough' if enough else 'few'}: at this skewness"
    text = f"{lead} the interval of a mean holds from about {n.number(needed, 0)} rows ({shape.source})"
    rest = "so t tests and analyses of variance of groups that large can be used."
    if not enough:
        rest = "so rank tests, or the median, are the better choice."
    told = [Sentence(f"{text}, {rest}", (*pointers, f"{AT}/source"))]
    if shape.verdict != "close to normal":
        told.append(
            Sentence(
                f"Ranges that take single values of {name} for normal, such as mean plus and minus 2 "
                "standard deviations, do not fit; quantiles of the data do.",
                (f"{AT}/spreads",),
            )
        )
    told.append(
        Sentence(
            "A comparison of groups or a regression asks for normality within the groups, of what it leaves "
            "over, not of the column as a whole."
        )
    )
    return told
