"""A report as one HTML page: nothing is fetched, nothing runs, everything the user wrote is escaped."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from jobs.analysis.report.plain import one_line
from jobs.analysis.report.view import Block, Figure, Report

HERE = Path(__file__).parent
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}  # sharp ones; a photograph's format blurs lines
LONGEST_HEADING = 160  # characters; longer questions are set smaller


def render(report: Report, project: Path) -> str:
    """Return the page of a report.

    Parameters
    ----------
    project : Path
        The folder in which the figures' files are.
    """
    embedded = {figure.data: embed(figure.files, project) for figure in _figures(report)}
    return _template().render(
        report=report,
        embedded=embedded,
        css=Markup(_css()),  # noqa: S704 - our own file
        csp=policy(_css()),
        long=len(report.title) > LONGEST_HEADING,
    )


def embed(files: Mapping[str, str], project: Path) -> str:
    """Return the smaller of the sharp files of a figure as a `data:` address."""
    contents = {ending: (project / files[ending]).read_bytes() for ending in MEDIA_TYPES if ending in files}
    ending = min(contents, key=lambda one: len(contents[one]))
    return f"data:{MEDIA_TYPES[ending]};base64,{base64.b64encode(contents[ending]).decode()}"


def policy(css: str) -> str:
    """Return the Content-Security-Policy of a page with this one style sheet and pictures of its own."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    parts = ("default-src 'none'", "img-src data:", f"style-src 'sha256-{digest}'")
    return "; ".join((*parts, "base-uri 'none'", "form-action 'none'"))


def preload() -> None:
    """Compile the template, so that processes forked from this one need not."""
    _template()


def _figures(report: Report) -> list[Figure]:
    return [block for section in report.sections for block in section.blocks if isinstance(block, Figure)]


def _kind(block: Block) -> str:
    return type(block).__name__.lower()


@lru_cache(maxsize=1)
def _css() -> str:
    return (HERE / "page.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: one_line(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = _kind
    return environment.get_template("page.html.jinja")
