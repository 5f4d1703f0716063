"""Texts whose lines are in two encodings, UTF-8 and an older one: logs, lists of changes of many hands."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from jobs.indexing.formats.guessing import guess

JUDGED_LINES: Final = 10_000  # enough to tell, however long the text
GUESSED_BYTES: Final = 65_536
DAMAGED_SHARE: Final = 0.25  # of the characters beyond ASCII: with fewer stray bytes a line is still UTF-8
_HIGH: Final = re.compile(rb"[\x80-\xff]")


def decode_lines(data: bytes) -> str | None:
    """Decode a text of which at least half of the lines that are not ASCII are UTF-8.

    The others are decoded as what they most likely are, all together; of a line with a few stray bytes these
    become U+FFFD. None for a text that is not so, which may be in one encoding throughout.
    """
    if not _is_mixed(data):
        return None
    odd = [(begin, line) for begin, line in _lines(data) if not _is_utf8(line)]
    foreign = b"\n".join(line for _, line in odd if not _is_damaged(line))
    encoding = guess(foreign[:GUESSED_BYTES]) if foreign else "utf-8"
    pieces: list[str] = []
    at = 0
    for begin, line in odd:
        text = line.decode("utf-8" if _is_damaged(line) else encoding, "replace")
        pieces += (data[at:begin].decode("utf-8", "replace"), text)
        at = begin + len(line)
    return "".join((*pieces, data[at:].decode("utf-8", "replace")))


def _is_mixed(data: bytes) -> bool:
    """Tell whether UTF-8 prevails, by lines and by bytes: a short line may be UTF-8 by chance."""
    lines = bytes_beyond = 0
    for _, line in islice(_lines(data), JUDGED_LINES):
        weight = 1 if _is_utf8(line) else -1
        lines += weight
        bytes_beyond += weight * len(_HIGH.findall(line))
    return lines >= 0 and bytes_beyond >= 0


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not ASCII, each with its place, without a look at the others."""
    at = 0
    while found := _HIGH.search(data, at):
        begin = max(at, data.rfind(b"\n", at, found.start()) + 1)
        end = data.find(b"\n", found.start())
        at = len(data) if end < 0 else end
        yield begin, data[begin:at]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged(line: bytes) -> bool:
    text = line.decode("utf-8", "replace")
    stray = text.count("\ufffd")
    return stray <= DAMAGED_SHARE * (sum(character > "\x7f" for character in text) - stray)
