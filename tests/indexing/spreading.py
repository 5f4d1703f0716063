"""A desk whose folder is indexed in batches, by hand."""

from jobs.indexing.runs.run import index_folder
from jobs.indexing.runs.spread import (
    Batching,
    BatchResult,
    IndexingResult,
    Prepared,
    extract_batch,
    finish,
    prepare,
)
from jobs.indexing.sources.order import Order
from tests.indexing.conftest import SOURCE, Desk, ordered
from tests.indexing.contents import documents, rows

RUN = "run-1"
SMALL = Batching(files=0, files_a_batch=10)  # everything is spread, into batches of ten files


def prepared(desk: Desk, *, run: str = RUN, **options) -> Prepared:
    """Plan a run."""
    order, means = ordered(desk, {"batching": SMALL, "run": run} | options)
    return prepare(order, **means)


def extracted(desk: Desk, plan: Prepared, *, run: str = RUN, **options) -> list[BatchResult]:
    """Read every batch of a run, the last first."""
    return [extract_batch(desk.index, run, number, **options) for number in reversed(range(plan.batches))]


def finished(desk: Desk, *, run: str = RUN, **options) -> IndexingResult:
    """Put a run together, and check what holds for every result."""
    order, means = ordered(desk, {"run": run} | options)
    result = finish(order, **means)
    outcomes = (result.indexed, result.unchanged, result.skipped, result.failed, result.duplicate)
    assert sum(outcomes) == result.total == result.processed
    return result


def spread(desk: Desk, *, run: str = RUN, **options) -> IndexingResult:
    """Index the folder in batches, from beginning to end."""
    extracted(desk, prepared(desk, run=run, **options), run=run)
    return finished(desk, run=run)


def assert_as_clean(desk: Desk) -> None:
    """Check that the index is that of the files as they are, document by document."""
    clean = desk.index.with_name("clean")
    index_folder(Order(desk.root, clean, "clean", SOURCE))
    assert documents(desk.index) == documents(clean)
    assert rows(desk.index) == rows(clean)
