"""The house style of figures: the finding as title, the test below it, what was done at the foot.

Built on `Figure` and the Agg canvas, without pyplot and its global state; the settings hold inside `style()`
only. Importing this module imports matplotlib, which may build its font list: import it when a figure is due.
"""

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from font_source_sans_pro import __file__ as font_package
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from noto_cjk_sans_jp_regular import FONT_PATH as EASTERN_FONT
from PIL import Image

from jobs.analysis.plots import ticks
from jobs.analysis.plots.text import minus, plain, shortened, typeset, wrapped
from jobs.analysis.words.numbers import count

INK, MUTED, FAINT, GRID = "#1b1f24", "#57606a", "#8c959f", "#e4e7eb"
# Okabe and Ito's colours, which stay apart for colour-blind readers: the dark ones first, yellow left out.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5c6670")
PALE, BARS, DARK_ORANGE = "#d5dde4", "#5aa0cc", "#b34f00"

FONT = "Source Sans Pro"
FACES = ("Regular", "It", "Semibold", "SemiboldIt", "Bold")
# Families that hold Chinese, Japanese and Korean: first the one that is installed with us.
EASTERN = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "IPAGothic",
    "Unifont",
)

DPI = 200
TITLE, SUBTITLE, CAPTION = 14.0, 10.5, 8.6  # points
MARGIN = 0.14  # inches around the words
# Of a path or a place; a scale of type has fewer decimals or ends with a bracket.
LONG_COORDINATE = re.compile(r"(\d\.\d\d)\d{3,}(?=[ \"])")


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Make the house font known to matplotlib, once a process, and list the families to draw text with."""
    folder = Path(str(font_package)).parent / "files"
    for face in FACES:
        path = folder / f"SourceSansPro-{face}.ttf"
        if path.is_file():
            font_manager.fontManager.addfont(str(path))
    font_manager.fontManager.addfont(str(EASTERN_FONT))
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return tuple(name for name in (FONT, "DejaVu Sans", *EASTERN) if name in known)


@lru_cache(maxsize=1)
def _settings() -> dict[Any, Any]:  # as matplotlib types its settings
    names = families()
    first = names[0]
    mathtext = {"rm": first, "it": f"{first}:italic", "bf": f"{first}:bold", "sf": first, "cal": first}
    return {
        "font.family": list(names),
        "font.size": 11,
        "text.color": INK,
        "mathtext.fontset": "custom",
        "mathtext.fallback": "stixsans",
        **{f"mathtext.{key}": value for key, value in mathtext.items()},
        "axes.edgecolor": FAINT,
        "axes.linewidth": 0.8,
        "axes.labelcolor": INK,
        "axes.labelpad": 6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "xtick.color": FAINT,
        "ytick.color": FAINT,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": MUTED,
        "xtick.labelsize": ticks.SIZE,
        "ytick.labelsize": 10,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "xtick.major.pad": 4,
        "lines.linewidth": 1.8,
        "lines.solid_capstyle": "round",
        "patch.linewidth": 0,
        "legend.frameon": False,
        "svg.fonttype": "path",  # the reader's machine need not have the font
        "svg.hashsalt": "longhaul",  # the same figure gives the same bytes
    }


_note: ContextVar[str] = ContextVar("note", default="")


@contextmanager
def style(note: str = "") -> Iterator[None]:
    """Hold the settings of the house while figures are made and written; `note` ends every caption."""
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    with mpl.rc_context(_settings()), warnings.catch_warnings():
        # Names are drawn without what no font here has (see `glyphs`); what is left are marks of shaping.
        warnings.filterwarnings("ignore", message=r"(?s)Glyph \d+ .*missing from font", category=UserWarning)
        logger.setLevel(logging.ERROR)  # it tells of each weight that a fallback font lacks
        token = _note.set(note)
        try:
            yield
        finally:
            _note.reset(token)
            logger.setLevel(level)


@dataclass(frozen=True)
class Words:
    """What stands around the drawing. `subtitle` may hold mathtext, with the data's own words escaped."""

    title: str
    subtitle: str
    caption: str


def sheet(words: Words, *, width: float = 7.2, height: float = 4.9) -> Figure:
    """Give a figure of `width` x `height` inches with its words in place and the space between left to axes.

    The height grows by what a long title or caption needs, so that the drawing keeps its size.
    """
    inner = (width - 2 * MARGIN) * 72
    title = wrapped(minus(words.title), inner, TITLE, weight="semibold", lines=3, math=False)
    subtitle = wrapped(typeset(words.subtitle), inner, SUBTITLE, lines=4)
    caption = wrapped(f"{words.caption} {_note.get()}".strip(), inner, CAPTION, lines=6, math=False)
    height += 0.2 * (title.count("\n") + subtitle.count("\n")) + 0.14 * max(0, caption.count("\n") - 1)
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    left, top = MARGIN / width, height - MARGIN
    for text, size, weight, colour, line in (
        (title, TITLE, "semibold", INK, 0.24),
        (subtitle, SUBTITLE, "normal", MUTED, 0.19),
    ):
        if text:
            figure.text(
                left,
                top / height,
                text,
                size=size,
                weight=weight,
                color=colour,
                va="top",
                ha="left",
                linespacing=1.22,
                parse_math=size == SUBTITLE,
            )
            top -= (text.count("\n") + 1) * line + 0.045
    foot = 0.1
    if caption:
        figure.text(
            left,
            0.09 / height,
            caption,
            size=CAPTION,
            color=MUTED,
            va="bottom",
            ha="left",
            linespacing=1.25,
            parse_math=False,
        )
        foot = 0.17 + (caption.count("\n") + 1) * 0.15
    area = (0.008, foot / height, 0.984, (top - 0.06 - foot) / height)
    figure.set_layout_engine("constrained", rect=area, h_pad=0.03, w_pad=0.05)
    return figure


def save(figure: Figure, folder: Path, name: str, *, alt: str) -> Mapping[str, str]:
    """Write the figure as PNG, JPG and SVG into `folder`/plots and return the paths relative to `folder`.

    It is laid out and drawn once; both pictures come from that buffer, and the SVG keeps its layout.
    """
    files = {ending: f"plots/{name}.{ending}" for ending in ("png", "jpg", "svg")}
    (folder / "plots").mkdir(exist_ok=True)
    canvas = FigureCanvasAgg(figure)
    _laid_out(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # of matplotlib
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]  # of matplotlib
    picture = Image.fromarray(pixels).convert("RGB")
    # 192 of the palette's 256 colours hold every hue and its blends; it halves the time and the bytes.
    picture.quantize(192, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        folder / files["png"], compress_level=4, dpi=(DPI, DPI)
    )
    picture.save(folder / files["jpg"], quality=88, dpi=(DPI, DPI))
    (folder / files["svg"]).write_text(_svg(figure, alt), encoding="utf-8")
    return files


def _laid_out(figure: Figure) -> None:
    """Find the layout once and keep it: both drawings would look for the places of the axes' names again."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        back = axes.transAxes.inverted()
        for axis in (axes.xaxis, axes.yaxis):
            label = axis.label
            if label.get_text():
                axis.set_label_coords(*back.transform(label.get_transform().transform(label.get_position())))


def _svg(figure: Figure, alt: str) -> str:
    """Give the figure as SVG, its coordinates to a hundredth of a point: nobody sees more."""
    target = StringIO()
    # Not `savefig`, which draws everything once more beforehand to find a layout that is there already.
    FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]  # of matplotlib
        target, metadata={"Title": alt[:120], "Description": alt, "Date": None, "Creator": None}
    )
    return LONG_COORDINATE.sub(r"\1", target.getvalue())


def counted_name(name: str, rows: int) -> str:
    """Write a group's name and its number of rows, for a legend."""
    return typeset(f"{plain(name)}  $n$ = {count(rows)}")


def legend_beside(axes: Axes, name: str) -> None:
    """Set the legend of groups at the right of the axes, under the name of what tells them apart."""
    axes.legend(
        title=wrapped(plain(shortened(name, 50)), 120, 10, lines=3),
        fontsize=10,
        title_fontsize=10,
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        alignment="left",
    )
