"""The answer in words: a headline, sentences that point to their numbers, the APA line, caveats.

The words claim no more than the numbers do: nothing is called absent because it was not shown, nothing is
called the reason of something else, and with very many rows the size of an effect counts rather than its
p-value.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from jobs.analysis.design_catalogue import CASES
from jobs.analysis.planning.subjects import DEPENDENT_ROWS
from jobs.analysis.results.asked import Multiplicity
from jobs.analysis.results.condition import in_words
from jobs.analysis.results.described import ColumnProfile, TableProfile
from jobs.analysis.results.result import Dataset, Findings, Interpretation, Plan, Sentence
from jobs.analysis.words import (
    association,
    describe,
    designs,
    groups,
    matrix,
    models,
    relationship,
    several,
    trend,
)
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import Facts, Told, assumption_sentence, collapsed_sentences, facts_of

# With which warnings begin; a name of a column keeps its first letter.
SENTENCE_WORDS = ("column ", "read ", "the ")
MAY_BE_SUMS = "may hold sums of other rows"  # in a warning of a reader
CONFIDENT = 0.8  # below it the runner-up reading is told


def interpret(
    dataset: Dataset,
    plan: Plan,
    findings: Findings,
    profile: Sequence[ColumnProfile],
    multiplicity: Multiplicity | None = None,
    table: TableProfile | None = None,
) -> Interpretation:
    """Say what the findings mean.

    Parameters
    ----------
    dataset : Dataset
        Its warnings become caveats.
    plan : Plan
        Says what was asked and how it was read; one that needs clarification is answered with a question
        back.
    findings : Findings
        The numbers, as they will stand in results.json under `/findings`.
    profile : sequence of ColumnProfile
        As it will stand under `/profile`.
    multiplicity : Multiplicity, optional
        As it will stand under `/multiplicity`.
    table : TableProfile, optional
        As it will stand under `/table`; told where a column or the table is described.

    Returns
    -------
    Interpretation
        Each number in a sentence is the value at one of its JSON pointers, rounded, or, where the pointer is
        at a row of counts, their sum or the share of one of them in it.
    """
    facts = facts_of(plan, findings, profile, table)
    told = _told(facts, dataset)
    first, further = told.sentences[:1], told.sentences[1:]
    beside = (*_dependence(plan), *_sums(facts, dataset))
    paragraphs = (*first, *beside, *further, *_selection(plan), *_sample(facts), *_reading(plan))
    line = _of_rows(plan, told.headline)
    caveats = (*_dependence(plan), *several.tell(multiplicity), *_caveats(facts, dataset))
    return Interpretation(line, paragraphs, told.apa, caveats)


def without_figures(said: Interpretation, names: Sequence[str]) -> Interpretation:
    """Add which figures are missing, by the names that were told while they were drawn."""
    caveats = [Sentence(f"The {name} could not be drawn from these numbers.") for name in names]
    return replace(said, caveats=(*said.caveats, *caveats))


def headline(plan: Plan, findings: Findings, profile: Sequence[ColumnProfile]) -> str | None:
    """Say the finding in one line; None where the plan asks for no single finding."""
    facts = facts_of(plan, findings, profile)
    kind = _kind(facts)
    return _of_rows(plan, kind(facts).headline) if kind else None


def _of_rows(plan: Plan, headline: str) -> str:
    """Say of which rows a headline speaks, unless it is of all."""
    if not plan.where or plan.needs_clarification:
        return headline
    return f"Where {in_words(plan.where)}: {headline}"


def _selection(plan: Plan) -> list[Sentence]:
    if not plan.where or plan.needs_clarification:
        return []
    pointers = tuple(f"/plan/where/{place}" for place in range(len(plan.where)))
    return [Sentence(f"Only rows where {in_words(plan.where)} take part.", pointers)]


def _dependence(plan: Plan) -> list[Sentence]:
    """Say with the finding, not at the end, that rows go together which the test takes as independent."""
    return [
        Sentence(_sentence(note), (f"/plan/notes/{index}",))
        for index, note in enumerate(plan.notes)
        if note.startswith(DEPENDENT_ROWS)
    ]


def _sums(facts: Facts, dataset: Dataset) -> list[Sentence]:
    """Say with the finding that groups of it may be sums of the others."""
    names = tuple(f"column {column}: " for column in facts.plan.columns.values())
    if facts.plan.needs_clarification:
        return []
    return [
        Sentence(_sentence(warning), (f"/dataset/warnings/{index}",))
        for index, warning in enumerate(dataset.warnings)
        if MAY_BE_SUMS in warning and warning.startswith(names)
    ]


def _kind(facts: Facts) -> Callable[[Facts], Told] | None:
    roles = facts.plan.columns.keys()
    if facts.plan.needs_clarification:
        return None
    if facts.findings.trend is not None:
        return trend.tell
    if facts.findings.matrix is not None:
        return matrix.tell
    if facts.findings.model is not None:
        return models.tell
    if (designed := designs.TELLERS.get(facts.plan.method)) is not None:
        return designed
    if facts.findings.tests:
        for needed, teller in (
            ({"outcome", "group"}, groups.tell),
            ({"x", "y"}, relationship.tell),
            ({"row", "column"}, association.tell),
        ):
            if needed <= roles:
                return teller
    if "outcome" in roles and facts.plan.columns["outcome"] in facts.profile:
        return describe.tell
    return None


def _told(facts: Facts, dataset: Dataset) -> Told:
    if facts.plan.needs_clarification:
        return _ask_back(facts, dataset)
    kind = _kind(facts)
    return kind(facts) if kind else describe.tell_table(facts, dataset)


def _ask_back(facts: Facts, dataset: Dataset) -> Told:
    """Say what could not be read, offer the other readings, and describe the table meanwhile."""
    plan = facts.plan
    table = describe.tell_table(facts, dataset)
    doubt = f"The question is asked back: {_sentence(plan.because)}"
    asked = [Sentence(doubt, ("/plan/because",))]
    if plan.columns:
        likeliest = n.joined([f"{column} as {role}" for role, column in plan.columns.items()])
        asked.append(
            Sentence(f"The likeliest reading takes {likeliest}, but it is too uncertain to compute.")
        )
    offered = [
        Sentence(f"Did you mean: {other.reading}", (f"/plan/alternatives/{index}/reading",))
        for index, other in enumerate(plan.alternatives)
    ]
    if not offered:
        offered = [Sentence("Please ask in other words, with the columns as they are called in the table.")]
    meanwhile = Sentence(
        f"Meanwhile, a description of the table. {table.headline}.", ("/dataset", "/profile")
    )
    further = "please choose a reading" if plan.alternatives else "please ask it in another way"
    return Told(
        f"The question is not answered yet; {further}",
        (*asked, *offered, meanwhile, *table.sentences),
        None,
    )


def _sample(facts: Facts) -> list[Sentence]:
    """Say how many rows were used, and why the others were not."""
    sample = facts.findings.sample
    if not (facts.findings.tests or facts.findings.descriptives):
        return []
    at = "/findings/sample"
    were = "was" if sample.n_used == 1 else "were"
    what = "case" if CASES in facts.plan.columns else "row"
    used = f"{n.count(sample.n_used)} of {n.counted(sample.n_total, what)} {were} used"
    pointers = [f"{at}/n_used", f"{at}/n_total"]
    if not sample.dropped:
        return [Sentence(f"{used}; none was left out.", tuple(pointers))]
    reasons = [f"{n.count(rows)} ({reason})" for reason, rows in sample.dropped.items()]
    pointers += [f"{at}/dropped/{_escaped(reason)}" for reason in sample.dropped]
    return [Sentence(f"{used}; left out: {n.joined(reasons)}.", tuple(pointers))]


def _escaped(key: str) -> str:
    """Write a key as a token of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _reading(plan: Plan) -> list[Sentence]:
    """Say how the question was understood and why this method answers it."""
    if plan.needs_clarification:
        return []
    sentences = []
    told = [
        f"“{read.words}” as column {read.column} ({read.how})" for read in plan.read_as if read.how != "given"
    ]
    if told:
        sentences.append(Sentence(f"The question was read with {n.joined(told)}.", ("/plan/read_as",)))
    elif plan.explicit and plan.read_as:
        given = n.joined([f"{column} as {role}" for role, column in plan.columns.items()])
        sentences.append(Sentence(f"Method and columns were given: {given}.", ("/plan/columns",)))
    if plan.because:
        sentences.append(Sentence(_sentence(plan.because), ("/plan/because",)))
    return sentences


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:] if text.startswith(SENTENCE_WORDS) else text
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _caveats(facts: Facts, dataset: Dataset) -> list[Sentence]:
    caveats = [
        assumption_sentence(index, assumption)
        for index, assumption in enumerate(facts.findings.assumptions)
        if assumption.verdict != "not needed"
    ]
    caveats += collapsed_sentences(facts)
    if len(facts.findings.tests) and not facts.plan.needs_clarification and facts.findings.shape is None:
        caveats.append(
            Sentence("The numbers describe these data; alone they cannot tell why the values go together so.")
        )
    caveats += [
        Sentence(_sentence(note), (f"/plan/notes/{index}",))
        for index, note in enumerate(facts.plan.notes)
        if not note.startswith(DEPENDENT_ROWS)
    ]
    caveats += _doubtful_reading(facts.plan)
    for index, column in enumerate(facts.profile.values()):
        if column.name in facts.plan.columns.values() and column.invalid:
            misfits = n.counted(column.invalid, "value")
            counts = "counts" if column.invalid == 1 else "count"
            text = f"{column.name}: {misfits} did not fit its type and {counts} as missing."
            caveats.append(Sentence(text, (f"/profile/{index}/invalid",)))
    caveats += [
        Sentence(_sentence(warning), (f"/dataset/warnings/{index}",))
        for index, warning in enumerate(dataset.warnings)
    ]
    return caveats


def _doubtful_reading(plan: Plan) -> list[Sentence]:
    if plan.needs_clarification or plan.explicit or plan.confidence >= CONFIDENT or not plan.alternatives:
        return []
    other = plan.alternatives[0].reading
    return [
        Sentence(f"The question could also be read as: {_sentence(other)}", ("/plan/alternatives/0/reading",))
    ]
