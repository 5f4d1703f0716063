"""Jupyter notebooks (.ipynb): what was written, and what was computed as far as it is text."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.markdown import cut_at_headings
from jobs.indexing.limits import Limits

_PLAIN: Final = "text/plain"
OUTPUT_CHARACTERS: Final = 10_000  # of one cell: what a program prints may be endless


class Notebook:
    """Jupyter notebooks of format 4, and of format 3 with its worksheets."""

    name = "notebook"
    suffixes = frozenset({".ipynb"})

    def signed(self, head: bytes) -> bool:  # noqa: ARG002 - it is JSON like any other; the protocol asks
        """Notebooks cannot be told by their first bytes."""
        return False

    def read(self, data: bytes, limits: Limits) -> Extracted:  # noqa: ARG002 - the text is no longer than the file
        """Read cell by cell; a section begins at each heading, which is its label."""
        try:
            notebook = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise Unextractable("failed", "corrupt", f"no notebook: {error}") from error
        cells = _cells(notebook)
        if cells is None:
            raise Unextractable("failed", "corrupt", "the file holds JSON, but no cells: no notebook")
        said = _mapping(notebook.get("metadata"))
        sections = tuple(_sections(cells))
        title = _text(said.get("title")) or next((one.label for one in sections if one.label), "")
        names = [_text(_mapping(one).get("name")) for one in _listed(said.get("authors"))]
        return Extracted(title, sections, ", ".join(filter(None, names)))


def _cells(notebook: object) -> list[object] | None:
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return _listed(notebook["cells"])
    if isinstance(notebook.get("worksheets"), list):
        sheets = map(_mapping, notebook["worksheets"])
        return [cell for sheet in sheets for cell in _listed(sheet.get("cells"))]
    return None


def _sections(cells: list[object]) -> Iterator[Section]:
    label: str | None = None
    for cell in map(_mapping, cells):
        source = _text(cell.get("source", cell.get("input")))
        if cell.get("cell_type") == "markdown":
            for section in cut_at_headings(source):
                label = section.label or label
                yield Section(section.text, label=label)
        else:
            printed = "\n".join(_printed(cell.get("outputs")))[:OUTPUT_CHARACTERS]
            yield Section("\n\n".join(filter(None, (source, printed))), label=label)


def _printed(outputs: object) -> Iterator[str]:
    for output in map(_mapping, _listed(outputs)):
        text = _text(output.get("text")) or _text(_mapping(output.get("data")).get(_PLAIN))
        if text and not text.startswith("<"):  # "<Figure size 640x480 with 1 Axes>"
            yield text


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    """Join what may be a text or a list of its lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
