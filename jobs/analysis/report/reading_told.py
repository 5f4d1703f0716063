"""How the question was read, what else it may have meant, and which rows took part."""

import orjson

from jobs.analysis.catalogue import METHOD_TITLES
from jobs.analysis.report import cells
from jobs.analysis.report.view import Block, Cell, Head, Pairs, Paragraph, Table
from jobs.analysis.results.condition import Condition, in_words
from jobs.analysis.results.result import Alternative, Plan, Sample
from jobs.analysis.results.results_file import as_json
from jobs.analysis.words import numbers as n

WORD_ROLES = {"x": "first number", "y": "second number"}


def reading(plan: Plan, question: str | None) -> list[Block]:
    """Return how the question became a method and columns, and the other readings."""
    if plan.needs_clarification:
        return [Pairs((("Confidence", cells.percent(plan.confidence)),)), *_words(plan)]
    items: list[tuple[str, Cell]] = [("Method", cells.text(title(plan.method)))]
    items += [(_role(role), cells.name(column)) for role, column in plan.columns.items()]
    items += [(_role(name), _value(value)) for name, value in plan.params.items()]
    items.append(("Rows", cells.text(f"only where {in_words(plan.where)}" if plan.where else "all")))
    if plan.explicit:
        items.append(("Chosen by", cells.text("whoever asked: method and columns were given")))
    elif question is not None:
        items.append(("Confidence", cells.percent(plan.confidence)))
    because = [Paragraph(_sentence(plan.because))] if plan.because else []
    others = [alternatives(plan.alternatives)] if plan.alternatives else []
    return [Pairs(tuple(items)), *because, *_words(plan), *others]


def title(method: str) -> str:
    """Return the method's name as a title."""
    words = METHOD_TITLES.get(method, method.replace("_", " ")).removeprefix("the ").removeprefix("a ")
    return f"{words[:1].upper()}{words[1:]}"


def _role(role: str) -> str:
    words = WORD_ROLES.get(role, role.replace("_", " "))
    return f"{words[:1].upper()}{words[1:]}"


def _value(value: float | str) -> Cell:
    return cells.name(value) if isinstance(value, str) else Cell(f"{value:g}", repr(value))


def _words(plan: Plan) -> list[Block]:
    read = [one for one in plan.read_as if one.how != "given"]
    if not read:
        return []
    heads = (Head("Words of the question"), Head("Column"), Head("Found by"))
    rows = tuple((cells.name(one.words), cells.name(one.column), cells.name(one.how)) for one in read)
    return [Table("How the words were understood", heads, rows)]


def alternatives(found: tuple[Alternative, ...]) -> Table:
    """Return the other readings, each with the parameters that ask for it."""
    heads = (Head("Reading"), Head("Method"), Head("To ask for it, send"))
    rows = tuple(
        (cells.name(one.reading, 200), cells.text(title(one.method)), Cell(_parameters(one), code=True))
        for one in found
    )
    return Table("Other readings of the question", heads, rows)


def _parameters(other: Alternative) -> str:
    sent: dict[str, object] = {"method": other.method, "columns": as_json(other.columns)}
    if other.params:
        sent["params"] = as_json(other.params)
    if other.where:
        sent["where"] = _where(other.where)
    return orjson.dumps(sent).decode().replace('":', '": ').replace(',"', ', "')


def _where(conditions: tuple[Condition, ...]) -> dict[str, object]:
    """Write conditions as a job takes them."""
    written: dict[str, object] = {}
    for condition in conditions:
        values = list(condition.values)
        if condition.comparison == "is":
            written[condition.column] = values
            continue
        given: object = values if condition.comparison == "is_not" else values[0]
        compared = written.setdefault(condition.column, {})
        if isinstance(compared, dict):
            compared[condition.comparison] = given
    return written


def sample(found: Sample) -> list[Block]:
    """Return which rows were used, and why the others were not."""
    used = f"{n.count(found.n_used)} of {n.counted(found.n_total, 'row')} were used"
    if found.n_used == found.n_total:
        return [Paragraph(f"{used}; none was left out.")]
    rows = tuple((cells.name(reason, 200), cells.count(count)) for reason, count in found.dropped.items())
    told: list[Block] = [Paragraph(f"{used}.")]
    if rows:
        told.append(Table("Rows left out", (Head("Why"), Head("Rows", numeric=True)), rows))
    return told


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."
