"""Whole analyses of tables, and what must hold of every answer: words, figures and script."""

import json
from collections.abc import Mapping
from pathlib import Path

from jobs.analysis.results.result import Analysis
from jobs.analysis.results.results_file import Json
from jobs.analysis.run import analyse
from tests.analysis.test_interpret import CAUSAL, allowed, at, numbers_in, stands_for

TABLES = Path(__file__).parents[1] / "data/tables"


def table(name: str) -> Path:
    return next(TABLES.glob(f"{name}.?sv"))


def answered(
    source: Path,
    project: Path,
    *,
    question: str | None = None,
    method: str | None = None,
    columns: Mapping[str, str] | None = None,
    **more: object,
) -> Analysis:
    """Analyse a table, and check all that holds of every answer."""
    project.mkdir(exist_ok=True)
    cache = project.parent / "cache"
    found = analyse(
        source,
        project,
        name=source.name,
        cache=cache,
        question=question,
        method=method,
        columns=columns,
        **more,
    )
    assert_sound(found, project)
    return found


def assert_sound(found: Analysis, project: Path) -> None:
    results = json.loads((project / "results.json").read_text(encoding="utf-8"))
    assert wrong_numbers(found, results) == []
    assert [text for text in texts(found) if CAUSAL.search(_without_names(text, found))] == []
    assert [text for text in texts(found) if "None" in text or "nan" in text.split()] == []
    assert found.script is not None
    assert (found.script.verified, found.script.reason) == (True, None)
    for plot in found.plots:
        assert plot.alt
        for file in (*plot.files.values(), plot.data):
            assert (project / file).stat().st_size > 0


def texts(found: Analysis) -> list[str]:
    told = found.interpretation
    return [told.headline, *(sentence.text for sentence in (*told.paragraphs, *told.caveats))]


def _without_names(text: str, found: Analysis) -> str:
    for name in found.plan.columns.values():
        text = text.replace(name, "_")
    return text


def wrong_numbers(found: Analysis, results: Json) -> list[tuple[str, str]]:
    """Give numbers in the words that are not in the results: of sentences, not at their pointers."""
    told, everything = found.interpretation, allowed(results)
    wrong = [
        (number, sentence.text)
        for sentence in (*told.paragraphs, *told.caveats)
        for number in numbers_in(_without_names(sentence.text, found))
        if not stands_for(number, set().union(*(allowed(at(results, p)) for p in sentence.pointers), set()))
    ]
    lines = (told.headline, told.apa or "")
    wrong += [
        (number, line)
        for line in lines
        for number in numbers_in(_without_names(line, found))
        if not stands_for(number, everything)
    ]
    return wrong
