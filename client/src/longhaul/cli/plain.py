"""Text for terminals, whoever wrote it, and for programs."""

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

# What moves the cursor, changes colours, asks the terminal something or turns the direction of writing.
_ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def safe(text: object) -> str:
    """Return a text in one line in which nothing acts on a terminal: such characters are spelt out."""
    return _ACTS.sub(lambda found: _spelt(found[0]), str(text))


def safe_lines(text: str) -> str:
    """Return a text of several lines in which nothing else acts on a terminal."""
    return "\n".join("\t".join(map(safe, line.split("\t"))) for line in text.splitlines())


def _spelt(letter: str) -> str:
    return f"\\x{ord(letter):02x}" if ord(letter) < 0x100 else f"\\u{ord(letter):04x}"


def say(text: str = "") -> None:
    """Write a line of data."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """Write a line to the person who waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def emit(value: Mapping[str, Any]) -> None:
    """Write a JSON object in a line of its own; what is not ASCII is escaped, so that nothing in it acts."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")
    sys.stdout.flush()


def is_drawn_on(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that can do more than write lines."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows: drawn for a terminal, else one a line with tabs between the cells and no head."""
    if not is_drawn_on(sys.stdout):
        for row in rows:
            say("\t".join(safe(cell) for cell in row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    drawn.columns[0].no_wrap = drawn.columns[-1].no_wrap = True
    drawn.columns[-1].overflow = "ellipsis"
    for row in rows:
        drawn.add_row(*(Text(safe(cell)) for cell in row))
    Console().print(drawn)


def pairs(values: Mapping[str, object]) -> None:
    """Write names with their values, one pair a line; those without a value are left out."""
    shown = {name: value for name, value in values.items() if value not in (None, "")}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        say(f"{name:<{width}}  {safe(value)}")
