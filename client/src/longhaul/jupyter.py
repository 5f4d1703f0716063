"""How things look in a notebook: HTML that holds all it shows, runs nothing and trusts no text."""

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape, unescape
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longhaul.models import JobState, SearchPage

# Colours of the notebook's own theme where it has some, so that both light and dark are readable.
QUIET = "opacity:.7;font-size:90%"
BAR = "height:.5em;border-radius:.25em;background:rgba(128,128,128,.25);overflow:hidden;max-width:32em"
COLOURS = {"completed": "#2e7d32", "partial": "#b26a00", "failed": "#c62828", "cancelled": "#757575"}
RUNNING_COLOUR = "#1565c0"
MOST_ROWS = 200
_MARK = re.compile(r"(</?mark>)")


def live() -> "Callable[[JobState], None]":
    """Return what shows a job's progress in a notebook and keeps it up to date: `job.wait(live())`.

    It needs IPython, which every notebook has, and no widgets.
    """
    display = import_module("IPython.display").display
    shown: list[Any] = []  # the handle of the place in the notebook, once there is one

    def show(state: "JobState") -> None:
        if shown:
            shown[0].update(state)
        else:
            shown.append(display(state, display_id=True))

    return show


def job_html(job: "JobState") -> str:
    """Return a job as a line, a bar, and why it failed."""
    colour = COLOURS.get(job.status, RUNNING_COLOUR)
    files = f" · {job.processed} of {job.total}" if job.processed is not None and job.total else ""
    parts = [
        f"<div><b>{escape(job.kind)}</b> {escape(job.status)} · {job.progress:.1f} %{escape(files)}"
        f" <span style='{QUIET}'>{escape(job.message)}</span></div>",
        f"<div style='{BAR}' role='progressbar' aria-label='Progress' aria-valuenow='{job.progress:.0f}' "
        f"aria-valuemin='0' aria-valuemax='100'>"
        f"<div style='width:{job.progress:.1f}%;height:100%;background:{colour}'></div></div>",
    ]
    if job.current_file:
        parts.append(f"<div style='{QUIET}'>{escape(job.current_file)}</div>")
    if job.why:
        parts.append(f"<div style='color:{colour}'>{escape(job.why)}</div>")
    parts.append(f"<div style='{QUIET}'>{escape(job.id)}</div>")
    return "".join(parts)


def answer_html(headline: str, apa: str | None, paragraphs: Iterable[str], caveats: Iterable[str]) -> str:
    """Return an answer: the headline, the numbers, and the rest folded."""
    parts = [f"<p><b>{escape(headline)}</b></p>"]
    if apa:
        parts.append(f"<p>{escape(apa)}</p>")
    for title, texts in (("In more words", list(paragraphs)), ("Keep in mind", list(caveats))):
        if texts:
            items = "".join(f"<li>{escape(text)}</li>" for text in texts)
            parts.append(f"<details><summary>{title}</summary><ul>{items}</ul></details>")
    return "".join(parts)


def table_html(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table; of a long one the first rows."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell(value))}</td>' for value in row)}</tr>" for row in rows[:MOST_ROWS]
    )
    more = f"<p style='{QUIET}'>{len(rows) - MOST_ROWS} more rows</p>" if len(rows) > MOST_ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def cell(value: Any) -> str:
    """Return a value as people read it: nothing for none, numbers with six digits."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def figure_html(title: str, alt: str, png: bytes) -> str:
    """Return a figure with the image in it."""
    image = base64.b64encode(png).decode()
    return (
        f"<figure><img src='data:image/png;base64,{image}' alt='{escape(alt)}' style='max-width:100%'>"
        f"<figcaption style='{QUIET}'>{escape(title)}</figcaption></figure>"
    )


def report_html(page: str) -> str:
    """Return a report in a frame of its own, which may run nothing and reach nothing."""
    style = "width:100%;height:40em;border:1px solid rgba(128,128,128,.4)"
    return f"<iframe sandbox srcdoc='{escape(page)}' style='{style}' title='Report'></iframe>"


def pieces(highlight: str) -> list[tuple[str, bool]]:
    """Return the pieces of a highlight as plain text, each with whether it is marked."""
    marked = False
    found: list[tuple[str, bool]] = []
    for part in _MARK.split(highlight):
        if _MARK.fullmatch(part):
            marked = part == "<mark>"
        elif part:
            found.append((unescape(part), marked))
    return found


def search_html(page: "SearchPage") -> str:
    """Return what a search found: each document with its passages, the words in them marked."""
    parts = [f"<p>{page.total} found for <b>{escape(page.query)}</b></p>"]
    for hit in page.hits:
        where = f" · page {hit.page}" if hit.page else ""
        parts.append(
            f"<div><b>{escape(hit.title or hit.path)}</b> "
            f"<span style='{QUIET}'>{escape(hit.path)}{escape(where)}</span></div>"
        )
        parts += [f"<blockquote>{_marked(highlight)}</blockquote>" for highlight in hit.highlights]
    return "".join(parts)


def _marked(highlight: str) -> str:
    """Return a highlight with marks of our own: no other markup of it survives."""
    return "".join(
        f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in pieces(highlight)
    )
