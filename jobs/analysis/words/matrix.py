"""Every pair of many columns, in words: which go together most closely, and how many do at all."""

from jobs.analysis.results.modelled import CorrelationMatrix, CorrelationPair
from jobs.analysis.results.result import Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import ALPHA, JUDGED_BY_SIZE_ABOVE, Facts, Told, interval, interval_pointers

AT = "/findings/matrix"
TOLD = 5
SIGNS = {"pearson": "r", "spearman": "ρ"}
NAMES = {"pearson": "Pearson correlations", "spearman": "Spearman rank correlations"}


def tell(facts: Facts) -> Told:
    """Say which columns go together, or that the data do not show any."""
    matrix = facts.findings.matrix
    assert matrix is not None  # noqa: S101 - the caller has looked; for the type checker
    sentences = [_counted(matrix)]
    sentences += [_pair(matrix, place) for place, pair in enumerate(matrix.pairs[:TOLD]) if pair.holm < ALPHA]
    if not matrix.shown:
        sentences.append(_pair(matrix, 0))
    if matrix.shown > TOLD:
        sentences.append(Sentence("The other pairs stand in the results and in the figure's data."))
    if facts.findings.sample.n_used > JUDGED_BY_SIZE_ABOVE:
        sentences.append(
            Sentence("With so many rows even a negligible correlation is detected; read their sizes.")
        )
    return Told(headline(facts), tuple(sentences), _apa(matrix))


def headline(facts: Facts) -> str:
    """Say the finding in one line."""
    matrix = facts.findings.matrix
    assert matrix is not None  # noqa: S101 - see tell
    first = matrix.pairs[0]
    size = f"{SIGNS[matrix.kind]} = {n.bounded(first.value)}"
    if first.holm >= ALPHA:
        return f"The data do not show that any two of the columns go together (largest {size})"
    how = "go together most closely" if first.value >= 0 else "go most closely opposite ways"
    return f"{first.a} and {first.b} {how} ({size})"


def _counted(matrix: CorrelationMatrix) -> Sentence:
    pairs = n.counted(matrix.count, "pair")
    differ = "differs" if matrix.shown == 1 else "differ"
    return Sentence(
        f"{NAMES[matrix.kind]} of {pairs}: {n.count(matrix.shown)} {differ} from zero with p-values "
        f"corrected for their number (Holm), {n.count(matrix.shown_bh)} if few false findings are allowed "
        "(Benjamini and Hochberg).",
        (f"{AT}/count", f"{AT}/shown", f"{AT}/shown_bh"),
    )


def _pair(matrix: CorrelationMatrix, place: int) -> Sentence:
    pair, at = matrix.pairs[place], f"{AT}/pairs/{place}"
    return Sentence(
        f"{pair.a} and {pair.b}: {_numbers(matrix, pair)}, corrected {n.probability(pair.holm)}, "
        f"n = {n.count(pair.n)}.",
        (
            f"{at}/a",
            f"{at}/b",
            f"{at}/value",
            *interval_pointers(f"{at}/interval"),
            f"{at}/pvalue",
            f"{at}/holm",
            f"{at}/n",
        ),
    )


def _numbers(matrix: CorrelationMatrix, pair: CorrelationPair) -> str:
    limits = f", {interval(pair.interval, below_one=True)}" if pair.interval.low is not None else ""
    return f"{SIGNS[matrix.kind]} = {n.bounded(pair.value)}{limits}, {n.probability(pair.pvalue)}"


def _apa(matrix: CorrelationMatrix) -> str:
    first = matrix.pairs[0]
    sign = SIGNS[matrix.kind]
    limits = f", {interval(first.interval, below_one=True)}" if first.interval.low is not None else ""
    return f"{sign} = {n.bounded(first.value)}, {n.probability(first.holm)} (Holm){limits}"
