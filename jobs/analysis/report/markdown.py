"""A report as Markdown: CommonMark with pipe tables, everything the user wrote escaped."""

import re
from urllib.parse import quote

from jobs.analysis.report.plain import one_line
from jobs.analysis.report.view import Block, Bullets, Cell, Figure, Pairs, Paragraph, Report, Table

# What may begin emphasis, code, links, HTML, entities, mathematics, struck text or a cell of a table.
SPECIAL = re.compile(r"([\\`*_\[\]<>|&~$#])")
ADDRESS = re.compile(r"(?<=\w)(?=://|@)|(?<=www)(?=\.)")  # some readers make links of bare addresses
FIRST = re.compile(r"^(\d{0,9})([-+=:.)])(?![\w.])")  # at the start of a line: lists, rules, headings


def render(report: Report) -> str:
    """Return a report as Markdown, its figures linked relative to the project folder."""
    lines = [f"# {escaped(report.title)}", "", escaped(report.about), ""]
    for section in report.sections:
        lines += [f"## {escaped(section.title)}", ""]
        for block in section.blocks:
            lines += [*_lines(block), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """Write text so that it reads as it is, on one line."""
    text = " ".join(one_line(text).split(" ")).strip(" ")
    text = ADDRESS.sub(r"\\", SPECIAL.sub(r"\\\1", text))
    return FIRST.sub(r"\1\\\2", text)


def coded(text: str) -> str:
    """Write text as code, between more backticks than it holds; a bar is escaped, as cells of tables ask."""
    text = one_line(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph():
            return [_paragraph(block)]
        case Bullets():
            return [f"- {escaped(item)}" for item in block.items]
        case Pairs():
            return [f"- **{escaped(name)}:** {_cell(one)}" for name, one in block.items]
        case Figure():
            return _figure(block)
        case Table():
            return _table(block)


def _paragraph(block: Paragraph) -> str:
    text = escaped(block.text)
    match block.kind:
        case "headline":
            return f"**{text}**"
        case "apa":
            return f"> {text}"
        case _:
            return text


def _figure(block: Figure) -> list[str]:
    picture = block.files.get("svg") or block.files["png"]
    data = f"[{escaped(block.data)}]({quote(block.data)})"
    return [f"![{escaped(block.alt)}]({quote(picture)})", "", f"What is drawn: {data}"]


def _table(block: Table) -> list[str]:
    heads = [escaped(head.text) for head in block.heads]
    rules = ["---:" if head.numeric else "---" for head in block.heads]
    rows = [[_cell(one) for one in row] for row in block.rows]
    lines = [f"**{escaped(block.caption)}**", ""]
    lines += [f"| {' | '.join(row)} |" for row in (heads, rules, *rows)]
    return [*lines, *(line for note in block.notes for line in ("", escaped(note)))]


def _cell(one: Cell) -> str:
    return coded(one.text) if one.code else escaped(one.text)
