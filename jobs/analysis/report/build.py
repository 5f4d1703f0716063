"""From an analysis to its report: what stands where, in the order in which people read."""

from collections.abc import Iterable, Sequence

from jobs.analysis.report import (
    data_told,
    further,
    models_told,
    reading_told,
    samples_told,
    scans_told,
    tests_told,
)
from jobs.analysis.report.view import Block, Bullets, Figure, Paragraph, Report, Section
from jobs.analysis.results.result import Analysis, Plan, Plot, Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import Facts, facts_of

# Sentences about these stand in one paragraph; about those below, in a list where there are several.
ONE_TOPIC = dict.fromkeys(("tests", "effect_sizes", "model", "trend", "matrix"), "tests")
LISTED = frozenset({"descriptives", "adjusted", "posthoc", "table", "profile", "coefficients", "pairs"})
FEWEST_LISTED = 3
OFFERED = "/plan/alternatives/"
WARNINGS = "/dataset/warnings/"
TOLD_LATER = ("/findings/assumptions/", WARNINGS, "/multiplicity/")


def build(found: Analysis) -> Report:
    """Return the report of an analysis; everything in it comes from `found`."""
    facts = facts_of(found.plan, found.findings, found.profile)
    main, others = _figures(found)
    sections = (
        Section("answer", "Answer", (*_answer(found), *main)),
        *_readings(found),
        Section("tests", "Tests and effect sizes", (*_tests(found),)),
        Section("numbers", "Numbers", (*_numbers(facts),)),
        Section("figures", "Further figures", (*others[:-1],)),
        Section("assumptions", "Assumptions", (*tests_told.assumptions(found.findings.assumptions),)),
        Section("caveats", "Caveats", (*_caveats(found),)),
        Section("questions", "Other questions", (*tests_told.several(found.multiplicity),)),
        Section("reading", "How the question was read", (*_reading(found),)),
        Section("sample", "Sample", (*_sample(found),)),
        Section("data", "Data", (*_data(found),)),
        Section("columns", "Columns", (*data_told.profile(found.profile), *others[-1:])),
        Section("reproduce", "How to reproduce this", (*data_told.reproduction(found),)),
    )
    about = (
        f"{found.dataset.name} · {data_told.shape(found.dataset)} · {reading_told.title(found.plan.method)}"
    )
    return Report(_title(found), about, tuple(section for section in sections if section.blocks))


def _title(found: Analysis) -> str:
    """Return the question; without one, what was computed of which columns."""
    if found.question and found.question.strip():
        return found.question.strip()
    columns = list(found.plan.columns.values())
    return f"{reading_told.title(found.plan.method)}: {n.joined(columns) if columns else found.dataset.name}"


def _answer(found: Analysis) -> list[Block]:
    told = found.interpretation
    blocks: list[Block] = [Paragraph(told.headline, "headline")]
    blocks += _told(found.plan, told.paragraphs)
    if told.apa:
        blocks.append(Paragraph(told.apa, "apa"))
    return blocks


def _told(plan: Plan, sentences: Iterable[Sentence]) -> list[Block]:
    """Join sentences about one thing; what a section of its own tells better is left to that."""
    later = [OFFERED, "/profile/"] if plan.needs_clarification else ["/plan/because"]
    found: list[tuple[str, list[str]]] = []
    for sentence in sentences:
        if _about(sentence, *later):
            continue
        topic = _topic(sentence) or (found[-1][0] if found else "")
        if found and found[-1][0] == topic:
            found[-1][1].append(sentence.text)
        else:
            found.append((topic, [sentence.text]))
    return [
        Bullets(tuple(texts))
        if topic in LISTED and len(texts) >= FEWEST_LISTED
        else Paragraph(" ".join(texts))
        for topic, texts in found
    ]


def _about(sentence: Sentence, *places: str) -> bool:
    """Say whether a sentence points into one of some places of results.json."""
    return any(pointer.startswith(places) for pointer in sentence.pointers)


def _topic(sentence: Sentence) -> str | None:
    if not sentence.pointers:
        return None
    tokens = sentence.pointers[0].removeprefix("/findings").split("/")[1:]
    if tokens[0] in ("plan", "sample"):
        return "reading"
    if len(tokens) > 1 and tokens[1] in LISTED:
        return tokens[1]
    return ONE_TOPIC.get(tokens[0], tokens[0])


def _figures(found: Analysis) -> tuple[Sequence[Figure], Sequence[Figure]]:
    """Return the figure of the answer and the others, the overview of the columns last."""
    figures = [_figure(plot) for plot in found.plots]
    if found.plan.needs_clarification:
        return (), figures
    return figures[:1], figures[1:]


def _figure(plot: Plot) -> Figure:
    return Figure(plot.alt, plot.files, plot.data)


def _readings(found: Analysis) -> list[Section]:
    """Return the readings to choose from, where the question left it open."""
    plan = found.plan
    if not plan.needs_clarification or not plan.alternatives:
        return []
    lead = Paragraph("Ask again in other words, or send one of these with the session and the file.")
    table = reading_told.alternatives(plan.alternatives)
    return [Section("choose", "Choose a reading", (lead, table))]


def _tests(found: Analysis) -> list[Block]:
    return [*tests_told.tests(found.findings), *tests_told.effects(found.findings.effect_sizes)]


def _numbers(facts: Facts) -> list[Block]:
    outcome = facts.plan.columns.get("outcome")
    unit = facts.unit(outcome) if outcome is not None else None
    return [
        *models_told.tables(facts.findings),
        *samples_told.tables(facts),
        *tests_told.pairs(facts.findings, unit),
        *scans_told.tables(facts.findings),
        *further.tables(facts.findings),
    ]


def _caveats(found: Analysis) -> list[Block]:
    """Return the caveats that no other section tells."""
    caveats = found.interpretation.caveats
    told = tuple(sentence.text for sentence in caveats if not _about(sentence, *TOLD_LATER))
    return [Bullets(told)] if told else []


def _data(found: Analysis) -> list[Block]:
    caveats = found.interpretation.caveats
    warnings = tuple(sentence.text for sentence in caveats if _about(sentence, WARNINGS))
    duplicates = found.table.duplicate_rows if found.table is not None else None
    said = any("/table/duplicate_rows" in sentence.pointers for sentence in found.interpretation.paragraphs)
    if duplicates and not said:
        rows = f"{n.counted(duplicates, 'row')} equal to an earlier one in every column."
        warnings = (*warnings, rows)
    return data_told.dataset(found.dataset, found.profile, warnings)


def _reading(found: Analysis) -> list[Block]:
    return reading_told.reading(found.plan, found.question)


def _sample(found: Analysis) -> list[Block]:
    if found.plan.needs_clarification:
        return []
    return reading_told.sample(found.findings.sample)
