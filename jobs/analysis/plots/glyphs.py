"""Characters that no font of this machine can draw: numbered signs stand for them, and the reader is told."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font

from jobs.analysis.plots.text import one_line


@lru_cache(maxsize=4)
def _faces(families: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(findfont(FontProperties(family=[family]))) for family in families)


@lru_cache(maxsize=65_536)
def _has_picture(character: str, families: tuple[str, ...]) -> bool:
    return any(get_font(face).get_char_index(ord(character)) for face in _faces(families))


def signs(texts: Iterable[str], families: tuple[str, ...]) -> Mapping[str, str]:
    """Give each run of characters that none of `families` can draw a sign: "‹1›", "‹2›" as they appear.

    Equal runs share a sign and different ones do not, so that different texts stay different.
    """
    lines = [one_line(text) for text in texts if not text.isascii()]
    lacking = sorted({c for line in lines for c in line if not c.isspace() and not _has_picture(c, families)})
    if not lacking:
        return {}
    one = f"[{re.escape(''.join(lacking))}]"
    runs = re.compile(f"{one}+(?: +{one}+)*")
    found = dict.fromkeys(run for line in lines for run in runs.findall(line))
    return {run: f"‹{number}›" for number, run in enumerate(found, 1)}


def signed(text: str, stand_ins: Mapping[str, str]) -> str:
    """Write a text with its signs."""
    if not stand_ins or text.isascii():
        return text
    text = one_line(text)
    for run in sorted(stand_ins, key=len, reverse=True):
        text = text.replace(run, stand_ins[run])
    return text


def restored(text: str, stand_ins: Mapping[str, str]) -> str:
    """Write a text as it was before `signed`."""
    for run, sign in stand_ins.items():
        text = text.replace(sign, run)
    return text


def note(stand_ins: Mapping[str, str]) -> str:
    """Say below a figure what its signs are; nothing where there are none."""
    if not stand_ins:
        return ""
    first, *rest = stand_ins.values()
    which = f"{first} to {rest[-1]} stand" if rest else f"{first} stands"
    return f"{which} for characters that no font here can draw; this figure's description and data have them."
