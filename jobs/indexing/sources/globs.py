"""Chooses files by patterns like those of .gitignore, at a bounded cost.

No pattern is made a regular expression: `a*a*a*a*b` must not keep a worker busy for a year. A star is tried
again from the latest one only, so that a pattern costs at most its length times that of the path.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, TypeVar

from jobs.errors import BadInput

MOST_PATTERNS: Final = 100
LONGEST_PATTERN: Final = 400

_ANY: Final = "?"
_STAR: Final = "*"
_ANYWHERE: Final = "**"
_FOLDER_DECISIONS: Final = 4_096  # a folder is asked for again for each file in it

Piece = TypeVar("Piece")
Item = TypeVar("Item")
# One character of a name: itself, or whether it is among those between brackets.
_Part = str | tuple[bool, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Choice:
    """Which files of a folder are meant: those that a pattern of `include` names and none of `exclude`.

    Parameters
    ----------
    include : sequence of str
        With none, every file is meant.
    exclude : sequence of str

    A pattern is compared with the path below the source, `/` between folders, whatever the case of letters.
    `*` and `?` stand for any characters and any one character of a name, `[a-f]` and `[!a-f]` for one of
    some, `**` for any number of folders; a backslash takes the next character literally. A pattern without a
    slash before its end is looked for at every depth, any other begins at the source. One that names a folder
    means all that is in it; with a slash at its end it names folders alone.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def wants(self, path: str) -> bool:
        """Tell whether a file is meant."""
        if not self.include and not self.exclude:
            return True
        parts = tuple(path.casefold().split("/"))
        folder, name = parts[:-1], parts[-1]
        if self._under(folder, excluding=True) or any(one.names(folder, name) for one in self._excluding):
            return False
        if not self.include or self._under(folder, excluding=False):
            return True
        return any(one.names(folder, name) for one in self._including)

    def enters(self, folder: str) -> bool:
        """Tell whether anything in a folder may be meant; its path is without a final slash."""
        return not self.exclude or not self._under(tuple(folder.casefold().split("/")), excluding=True)

    @cached_property
    def _including(self) -> tuple["_Pattern", ...]:
        return tuple(map(_parsed, self.include))

    @cached_property
    def _excluding(self) -> tuple["_Pattern", ...]:
        return tuple(map(_parsed, self.exclude))

    @cached_property
    def _under(self) -> Callable[..., bool]:
        """Whether a pattern names a folder or one that it lies in: asked once a folder."""

        @lru_cache(_FOLDER_DECISIONS)
        def under(folder: tuple[str, ...], *, excluding: bool) -> bool:
            patterns = self._excluding if excluding else self._including
            return any(
                one.names_folder(folder[:depth], name)
                for depth, name in enumerate(folder)
                for one in patterns
            )

        return under


EVERYTHING: Final = Choice()


def check_pattern(pattern: str) -> str:
    """Return a pattern that can be used.

    Raises
    ------
    BadInput
        It is empty, too long, an exception (`!`), or has an open bracket or a backslash at its end.
    """
    _parsed(pattern)
    return pattern


@dataclass(frozen=True)
class _Pattern:
    """A pattern: the names of its folders and, last, of what it means, each cut into characters."""

    names_of: tuple[str | tuple[_Part, ...], ...]
    floats: bool
    folders_only: bool

    def names(self, folder: Sequence[str], name: str) -> bool:
        """Tell whether a file is named."""
        return not self.folders_only and self._fits(folder, name)

    def names_folder(self, above: Sequence[str], name: str) -> bool:
        """Tell whether a folder is named."""
        return self._fits(above, name)

    def _fits(self, above: Sequence[str], name: str) -> bool:
        if self.floats:
            return _fits_name(self.names_of[0], name)
        return _matches(self.names_of, (*above, name), star=_ANYWHERE, fits=_fits_name)


def _parsed(pattern: str) -> _Pattern:
    if not pattern.strip("/") or len(pattern) > LONGEST_PATTERN:
        raise BadInput(f"A pattern has 1 to {LONGEST_PATTERN} characters, and not slashes alone.")
    if pattern.startswith("!"):
        raise BadInput(
            f"{pattern!r}: exceptions are not known here; a name that begins with ! is written \\!name."
        )
    inner = pattern.casefold().strip("/")
    names = inner.split("/")
    if "" in names:
        raise BadInput(f"{pattern!r}: two slashes follow each other.")
    cut = tuple(_ANYWHERE if name == _ANYWHERE else _characters(name, pattern) for name in names)
    if cut[-1] == _ANYWHERE:
        cut = (*cut, (_STAR,))  # what is in a folder, not the folder itself
    floats = len(names) == 1 and not pattern.startswith("/") and names[0] != _ANYWHERE
    return _Pattern(cut, floats, folders_only=pattern.endswith("/"))


def _characters(name: str, pattern: str) -> tuple[_Part, ...]:
    """Cut the pattern of one name into characters, stars and choices."""
    parts: list[_Part] = []
    position = 0
    while position < len(name):
        character = name[position]
        position += 1
        if character == "\\":
            if position == len(name):
                raise BadInput(f"{pattern!r}: a backslash stands before nothing.")
            parts.append((True, ((name[position], name[position]),)))
            position += 1
        elif character == "[":
            choice, position = _bracket(name, position, pattern)
            parts.append(choice)
        elif character != _STAR or not parts or parts[-1] != _STAR:
            parts.append(character)
    return tuple(parts)


def _bracket(name: str, position: int, pattern: str) -> tuple[_Part, int]:
    """Read `[...]` from behind its opening; a bracket that comes first stands for itself."""
    wanted = not name.startswith(("!", "^"), position)
    begin = position + (not wanted)
    end = name.find("]", begin + 1)
    if end < 0:
        raise BadInput(f"{pattern!r}: a bracket is not closed.")
    ranges, inside = [], name[begin:end]
    at = 0
    while at < len(inside):
        is_range = inside[at + 1 : at + 2] == "-" and at + 2 < len(inside)
        ranges.append((inside[at], inside[at + 2] if is_range else inside[at]))
        at += 3 if is_range else 1
    return (wanted, tuple(ranges)), end + 1


def _fits_name(parts: str | tuple[_Part, ...], name: str) -> bool:
    return not isinstance(parts, str) and _matches(parts, name, star=_STAR, fits=_fits_character)


def _fits_character(part: _Part, character: str) -> bool:
    if isinstance(part, str):
        return part in (_ANY, character)
    wanted, ranges = part
    return any(low <= character <= high for low, high in ranges) == wanted


def _matches(
    pattern: Sequence[Piece], items: Sequence[Item], *, star: str, fits: Callable[[Piece, Item], bool]
) -> bool:
    """Match items with a pattern in which `star` stands for any number of them.

    After a mismatch the latest star takes one item more. An earlier one need not be tried again: whatever it
    could give to the pieces behind it, the latest can take as well.
    """
    piece = item = 0
    last_star, resumed_at = -1, 0
    while item < len(items):
        if piece < len(pattern) and pattern[piece] == star:
            last_star, resumed_at = piece, item
            piece += 1
        elif piece < len(pattern) and fits(pattern[piece], items[item]):
            piece += 1
            item += 1
        elif last_star >= 0:
            resumed_at += 1
            piece, item = last_star + 1, resumed_at
        else:
            return False
    return all(one == star for one in pattern[piece:])
