"""What an analysis leaves: the answer in words, numbers, figures, a report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from longhaul import jupyter
from longhaul.errors import UnusableData


@dataclass(frozen=True)
class Answer:
    """An answer in words. `apa` gives test and effect size as APA asks, where something was tested.

    `needs_clarification` tells that the question was asked back: `headline` and `paragraphs` say what to add.
    """

    headline: str
    apa: str | None
    paragraphs: tuple[str, ...]
    caveats: tuple[str, ...]
    pvalue: float | None
    needs_clarification: bool

    def __str__(self) -> str:
        return "\n".join([self.headline, *([self.apa] if self.apa else [])])

    def _repr_html_(self) -> str:
        return jupyter.answer_html(self.headline, self.apa, self.paragraphs, self.caveats)


def answer_of(results: Mapping[str, Any], summary: Mapping[str, Any]) -> Answer:
    """Return the answer of an analysis.

    Parameters
    ----------
    results, summary : mapping
        The full results, and the summary that goes with the job.
    """
    words = results.get("interpretation") or {}
    return Answer(
        headline=str(words.get("headline") or summary.get("headline") or ""),
        apa=words.get("apa"),
        paragraphs=tuple(str(one["text"]) for one in words.get("paragraphs", ())),
        caveats=tuple(str(one["text"]) for one in words.get("caveats", ())),
        pvalue=summary.get("pvalue"),
        needs_clarification=bool(summary.get("needs_clarification")),
    )


@dataclass(frozen=True)
class Table:
    """Rows of values, every one with the same columns."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the values column by column, as `polars.DataFrame` and others take them."""
        return {name: [row.get(name) for row in self.rows] for name in self.columns}

    def to_pandas(self) -> Any:
        """Return a DataFrame of pandas, which must be installed."""
        pandas: Any = import_module("pandas")
        return pandas.DataFrame(self.to_dict())

    def _repr_html_(self) -> str:
        return jupyter.table_html(
            self.columns, [[row.get(name) for name in self.columns] for row in self.rows]
        )


def table_of(results: Mapping[str, Any]) -> Table:
    """Return what was counted and measured: a row for each group, cell or column of the analysis."""
    found = (results.get("findings") or {}).get("descriptives") or ()
    rows = [_flat(row) for row in found]
    return Table(tuple(dict.fromkeys(name for row in rows for name in row)), tuple(rows))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give each limit of an interval a column: `mean_interval` becomes `mean_low`, `mean_high`."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            stem = name.removesuffix("_interval")
            flat |= {f"{stem}_{part}": value.get(part) for part in ("low", "high")}
        else:
            flat[name] = value
    return flat


@dataclass(frozen=True)
class Figure:
    """A figure. `alt` says in words what it shows; `formats` are those that it is kept in."""

    id: str
    title: str
    alt: str
    formats: tuple[str, ...]
    _fetch: Callable[[str], bytes] = field(repr=False, compare=False)
    _save: Callable[[str, Path], Path] = field(repr=False, compare=False)

    def content(self, format: str = "png") -> bytes:
        """Return the image in one of its formats."""
        return self._fetch(self._known(format))

    def save(self, to: str | Path) -> Path:
        """Write the image to a file, whose ending says in which format, or into a folder; return the file."""
        target = Path(to).expanduser()
        if target.is_dir():
            target = target / f"{self.id}.{self.formats[0]}"
        return self._save(self._known(target.suffix.lstrip(".").lower()), target)

    def _known(self, format: str) -> str:
        if format not in self.formats:
            raise UnusableData(f"The figure {self.id} comes as {', '.join(self.formats)}, not as {format!r}.")
        return format

    def _repr_html_(self) -> str:
        return jupyter.figure_html(self.title, self.alt, self.content("png"))


@dataclass(frozen=True)
class Figures(Sequence[Figure]):
    """The figures of an analysis, that of the answer first."""

    items: tuple[Figure, ...]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, which: Any) -> Any:
        """Return a figure by its number or its id."""
        if isinstance(which, str):
            found = next((one for one in self.items if one.id == which), None)
            if found is None:
                raise KeyError(which)
            return found
        return self.items[which]

    def _repr_html_(self) -> str:
        return "".join(figure._repr_html_() for figure in self.items)


@dataclass(frozen=True)
class Report:
    """The report of an analysis, as a page that needs nothing beside it, and as Markdown."""

    html: str
    markdown: str

    def __str__(self) -> str:
        return self.markdown

    def _repr_html_(self) -> str:
        return jupyter.report_html(self.html)
