"""Tables of texts and slides: the cells of a row on one line, for what stands side by side is read so."""

from collections.abc import Sequence
from typing import Final

from jobs.indexing.formats.markup import Element, Event, forget

SEPARATOR: Final = " | "
# A longer one is no row of a table but a page that is laid out with one: its paragraphs stay apart.
ROW_CHARACTERS: Final = 1_000


class Rows:
    """Collects the paragraphs of cells until their row ends; rows may hold tables themselves.

    Parameters
    ----------
    row, cell : tag
        The elements that are rows and cells in the format at hand.
    """

    def __init__(self, row: str, cell: str) -> None:
        self.tags = (row, cell)
        self._row = row
        self._open: list[list[list[str]]] = []

    def note(self, event: Event, element: Element) -> list[str]:
        """Take note that a row or a cell begins or ends; give what a complete row says, and forget it."""
        if event == "start":
            if element.tag == self._row:
                self._open.append([])
            elif self._open:
                self._open[-1].append([])
            return []
        if element.tag != self._row or not self._open:
            return []
        forget(element)
        paragraphs = _joined(self._open.pop())
        return [text for text in paragraphs if not self.keep(text)]

    def keep(self, text: str) -> bool:
        """Keep a paragraph for the row that it stands in; False outside tables."""
        if not self._open:
            return False
        if not self._open[-1]:
            self._open[-1].append([])
        self._open[-1][-1].append(text)
        return True


def _joined(cells: Sequence[Sequence[str]]) -> list[str]:
    filled = (" ".join(filter(None, map(str.strip, cell))) for cell in cells)
    row = SEPARATOR.join(text for text in filled if text)
    return [row] if len(row) <= ROW_CHARACTERS else [text for cell in cells for text in cell]
