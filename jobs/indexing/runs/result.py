"""What an indexing run gives back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

import orjson

from jobs.indexing.index.engine import size_on_disk
from jobs.indexing.runs.updates import Updates
from jobs.indexing.sources.order import Order

MAXIMUM_PROBLEMS: Final = 200  # the manifest lists them all


@dataclass(frozen=True)
class Problem:
    """A file that is not in the index, and why. `status` is "skipped" or "failed".

    One that is `unreadable` may still be in it, as it was when it was read last.
    """

    path: str
    status: str
    reason: str
    detail: str | None


@dataclass(frozen=True)
class IndexingResult:
    """What a run did: indexed + unchanged + skipped + failed + duplicate = total = processed.

    `removed` are files that were indexed and are gone. `chunks`, `characters`, `bytes` and `by_type` (format
    to number of documents) tell of the documents of this source that can be searched after the run, the
    unchanged included. `index_bytes` is the size of the whole index on disk. `problems` are the first 200,
    failures before skipped files. `warnings` are sentences on an index that had to be built anew: why, and
    what became of its other sources. `work` is what there was to read, measured by `work_of`.
    """

    index: str
    total: int
    indexed: int
    unchanged: int
    skipped: int
    failed: int
    duplicate: int
    removed: int
    processed: int
    chunks: int
    characters: int
    bytes: int
    by_type: Mapping[str, int]
    index_bytes: int
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...] = ()
    work: int = 0


def result_of(
    order: Order, update: Updates, *, removed: int, warnings: tuple[str, ...] = (), work: int = 0
) -> IndexingResult:
    """Sum up a run."""
    rows = list(update.settled())
    held = [row for row in rows if row.status == "indexed"]
    problems = sorted((Problem(*one) for one in update.problems()), key=lambda one: (one.status, one.path))
    return IndexingResult(
        index=order.name,
        total=len(rows),
        **update.counts,
        removed=removed,
        processed=len(rows),
        chunks=sum(row.chunks for row in held),
        characters=sum(row.characters for row in held),
        bytes=sum(row.size for row in held),
        by_type=dict(sorted(Counter(row.format for row in held).items())),
        index_bytes=size_on_disk(order.index),
        problems=tuple(problems[:MAXIMUM_PROBLEMS]),
        warnings=warnings,
        work=work,
    )


def encode_result(result: IndexingResult) -> bytes:
    """Write a result as JSON."""
    return orjson.dumps(asdict(result))


def decode_result(data: bytes) -> IndexingResult:
    """Read what `encode_result` wrote."""
    fields = orjson.loads(data)
    fields["problems"] = tuple(Problem(**one) for one in fields["problems"])
    fields["warnings"] = tuple(fields.get("warnings", ()))
    return IndexingResult(**fields)
