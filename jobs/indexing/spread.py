"""Index a large folder as many batches, on several processes or machines that share the data folder.

`prepare` takes the index and plans the run; `extract_batch` reads the files of one batch, anywhere; `finish`,
the one writer, puts what they made into the index. Each can be killed at any moment and called again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from jobs.indexing.limits import Limits
from jobs.indexing.run import IndexingResult, Mode
from jobs.journal import Journal, forgetful
from jobs.progress import Report, silent

__all__ = [
    "BatchResult",
    "Batching",
    "IndexingResult",
    "Only",
    "Prepared",
    "discard_run",
    "extract_batch",
    "finish",
    "prepare",
    "remove_source",
]

Only = Literal["all", "failed"]
Holds = Callable[[str], bool]


@dataclass(frozen=True)
class Batching:
    """When a run is spread, and how large its batches are.

    Parameters
    ----------
    files, bytes : int
        A run that has to read more than one of these is spread.
    files_a_batch, bytes_a_batch : int
        About what a batch costs: so many small files, or so many bytes of large ones, or a mixture.
    """

    files: int = 5_000
    bytes: int = 2_000_000_000
    files_a_batch: int = 200
    bytes_a_batch: int = 64_000_000


@dataclass(frozen=True)
class Prepared:
    """What a run will have to do.

    `batches` is 0 where the run is small: then nothing was planned, and `index_folder` does it in one go.
    `total` counts all files of the run, `processed` those that need no reading, `counts` their outcomes.
    """

    batches: int
    total: int
    processed: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchResult:
    """What became of the files of a batch. Duplicates are not known before the end: they count as indexed."""

    processed: int
    counts: Mapping[str, int]


def no_other(run: str, /) -> bool:
    """Tell that an earlier run has ended: the default where there is one job at a time."""
    return False


def prepare(  # noqa: PLR0913 - two by position; each other is a choice of the caller
    root: Path,
    index: Path,
    *,
    name: str,
    source: str,
    run: str,
    mode: Mode = "incremental",
    remove_deleted: bool = True,
    only: Only = "all",
    batching: Batching = Batching(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
    holds: Holds = no_other,
    report: Report = silent,
) -> Prepared:
    """Take the index for a run, and plan what is to be read, if that is much."""
    raise NotImplementedError


def extract_batch(
    index: Path,
    run: str,
    number: int,
    *,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    journal: Journal = forgetful,
    report: Report = silent,
) -> BatchResult:
    """Read the files of one batch (numbered from 0), going on where an earlier attempt ended."""
    raise NotImplementedError


def finish(  # noqa: PLR0913 - two by position; each other is a choice of the caller
    index: Path,
    run: str,
    *,
    name: str,
    source: str,
    mode: Mode = "incremental",
    remove_deleted: bool = True,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    journal: Journal = forgetful,
    report: Report = silent,
) -> IndexingResult:
    """Put what the batches read into the index, and let go of it."""
    raise NotImplementedError


def discard_run(index: Path, run: str) -> None:
    """Remove what a run has left behind, and let go of the index."""
    raise NotImplementedError


def remove_source(index: Path, source: str, *, holds: Holds = no_other) -> int:
    """Take every document of a source out of an index; return how many these were."""
    raise NotImplementedError
