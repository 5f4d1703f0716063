"""Text inside figures: the data's own words made safe, shortened and broken into lines by measured width."""

import re
from collections.abc import Callable
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

FONT = "Source Sans Pro"
ELLIPSIS = "…"
FOREIGN = 1.2  # times its size is the width of a character that another font has, or the box in its stead
FORMULA = re.compile(r"(?<!\\)\$(.+?)(?<!\\)\$")
SPELT = {
    r"\chi^2": "χ²",
    r"\omega^2": "ω²",
    r"\eta^2": "η²",
    r"\varepsilon^2": "ε²",
    r"\rho": "ρ",
    r"\tau": "τ",
    r"\theta": "θ",
    "R^2": "R²",
}
# What a line break would tear: an interval in brackets with its name, a sign and its number.
TOGETHER = re.compile(r" ?\[[-−–.,\d\s]+\]|(?<=\d) ?% CI| [=<] (?=[-−.\d])")
TIED = "\u00a0"
SAFETY = 1.02  # drawing hints glyphs, which widens some


def plain(text: str) -> str:
    """Make the data's own words safe inside mathtext: a dollar is a dollar, and a line stays one line."""
    return one_line(text).replace("$", r"\$")


def one_line(text: str) -> str:
    """Return `text` without line ends, runs of spaces, and characters that have no picture."""
    spaced = " ".join(text.split())
    if spaced.isprintable():
        return spaced
    return " ".join("".join(c for c in spaced if c.isprintable() or c.isspace()).split())


def shortened(text: str, length: int = 40) -> str:
    """Cut long words in the middle, so that both ends can still be told apart."""
    text = one_line(text)
    if len(text) <= length:
        return text
    tail = max(1, length // 4)
    return f"{text[: length - tail - 1]}{ELLIPSIS}{text[-tail:]}"


def upright(text: str, room: float, size: float = 10.5) -> str:
    """Break a name into at most three lines of `room` points below its place on an axis, its end kept."""
    return wrapped(plain(shortened(text, min(60, int(4.5 * room / size)))), room, size)


def fitting(text: str, width: float, size: float, *, weight: str = "normal", length: int = 40) -> str:
    """Cut `text` in the middle until it takes at most `width` points, and at most `length` characters."""
    found = shortened(text, length)
    while len(found) > 4 and width_of(found, size, weight) * SAFETY > width:
        length = min(length, len(found)) - 1
        found = shortened(text, length)
    return found


@lru_cache(maxsize=8)
def _face(weight: str) -> str:
    return str(findfont(FontProperties(family=[FONT, "DejaVu Sans"], weight=weight)))


@lru_cache(maxsize=2048)
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """Return the width in points of `text` set at `size` points."""
    font = get_font(_face(weight))
    font.set_size(size, 72)
    own = "".join(character for character in text if font.get_char_index(ord(character)))
    font.set_text(own, flags=LoadFlags.NO_HINTING)
    points: float = font.get_width_height()[0] / 64 + FOREIGN * size * (len(text) - len(own))
    return points


def without_signs(text: str) -> str:
    """Strip what mathtext does not draw, to measure what it does."""
    return text.replace(r"\$", "\0").replace("$", "").replace("\0", "$")


def typeset(text: str) -> str:
    """Return lines with formulas as they can be drawn: upright where other words need another font.

    matplotlib sets a line that holds a formula in the font of formulas, and boxes for what that lacks.
    """
    return "\n".join(map(_typeset, text.split("\n"))) if "$" in text else text


def _typeset(line: str) -> str:
    font = get_font(_face("normal"))
    if not _is_formula(line) or all(c.isspace() or font.get_char_index(ord(c)) for c in line):
        return line
    return FORMULA.sub(lambda found: SPELT.get(found[1], found[1]), line)


def minus(text: str) -> str:
    """Set a true minus before numbers."""
    return re.sub(r"(?<![\w)])-(?=[\d.])", "−", text)


def tied(text: str) -> str:
    """Tie numbers to their signs and intervals to their names, so that `wrapped` keeps them in one line."""
    return TOGETHER.sub(lambda found: found[0].replace(" ", TIED), text)


def wrapped(
    text: str, width: float, size: float, *, weight: str = "normal", lines: int = 3, math: bool = True
) -> str:
    """Break `text` into at most `lines` lines of `width` points; what does not fit ends with an ellipsis.

    With `math` a formula between dollars stays whole; without it a dollar is a dollar.
    """

    def measured(words: str) -> float:
        return width_of(without_signs(words) if math else words, size, weight) * SAFETY

    found: list[str] = []
    text = tied(text)
    pieces = _whole_formulas(text.split(" ")) if math else text.split(" ")
    for word in _words(pieces, width, measured, math=math):
        longer = f"{found[-1]} {word}" if found else word
        if found and measured(longer) <= width:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], f"{found[lines - 1].rstrip(' ,;.')}{ELLIPSIS}"]
    return "\n".join(found).replace(TIED, " ")


def _is_formula(piece: str) -> bool:
    """Return whether a piece holds a dollar that is none of the data's own."""
    return piece.count("$") > piece.count(r"\$")


def _words(pieces: list[str], width: float, measured: Callable[[str], float], *, math: bool) -> list[str]:
    """Break words that alone are wider than a line, after a sign where there is one."""
    words: list[str] = []
    for piece in pieces:
        rest = piece
        while not (math and _is_formula(rest)) and len(rest) > 4 and measured(rest) > width:
            cut = _cut(rest, max(2, int(len(rest) * width / measured(rest)) - 1))
            cut -= rest[cut - 1 : cut + 1] == r"\$"
            words.append(rest[:cut])
            rest = rest[cut:]
        if rest:
            words.append(rest)
    return words


def _whole_formulas(pieces: list[str]) -> list[str]:
    """Join the pieces of a formula again."""
    joined: list[str] = []
    open_formula = False
    for piece in pieces:
        if open_formula:
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
        open_formula ^= (piece.count("$") - piece.count(r"\$")) % 2 == 1
    return joined


def _cut(word: str, cut: int) -> int:
    after = max((word.rfind(sign, cut // 2, cut) for sign in "_-./"), default=-1)
    return after + 1 if after > 0 else cut
