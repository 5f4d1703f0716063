"""The report that every analysis leaves: one page to read and print, and the same as Markdown.

`build` turns an analysis into sections and blocks, purely; `page` and `markdown` write those down.
"""

from pathlib import Path

from jobs.analysis.report import markdown, page
from jobs.analysis.report.build import build
from jobs.analysis.results.result import Analysis

PAGE, MARKDOWN = "report.html", "report.md"


def write(analysis: Analysis, project: Path) -> None:
    """Write report.html and report.md into `project`, where the figures' files are already."""
    report = build(analysis)
    (project / PAGE).write_text(page.render(report, project), encoding="utf-8")
    (project / MARKDOWN).write_text(markdown.render(report), encoding="utf-8")


def preload() -> None:
    """Load what reports need, so that processes forked from this one share it."""
    page.preload()
