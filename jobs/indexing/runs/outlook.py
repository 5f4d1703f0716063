"""What a run would do, without doing it: the index is read, not taken, and nothing is written."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from jobs.errors import BrokenIndex, NotFound
from jobs.indexing.limits import Limits
from jobs.indexing.runs.known import known_rows
from jobs.indexing.runs.opening import why_anew
from jobs.indexing.runs.plan import work_of
from jobs.indexing.runs.work import Known, sort_out
from jobs.indexing.sources.listing import list_places
from jobs.indexing.sources.order import Order
from jobs.progress import Progress, Report, silent

FIRST: Final = 10


@dataclass(frozen=True)
class Group:
    """Files of which the same would become: how many, their bytes, and the first paths."""

    files: int
    bytes: int
    first: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """What a run would do.

    `work` is what there is to read, in the unit of `IndexingResult.work`. `exists` tells whether there is an
    index that can be read: without one everything would be added.
    """

    index: str
    exists: bool
    total: int
    added: Group
    changed: Group
    removed: Group
    refused: Group
    unchanged: Group
    reasons: Mapping[str, int]
    work: int


def look_ahead(
    order: Order,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    report: Report = silent,
) -> Outlook:
    """Tell what a run of this order would do now.

    A file whose size or time has changed counts as changed: it is not read, so that its content may turn out
    to be the same, or that of another file.

    Raises
    ------
    BadInput
        A folder cannot be listed.
    """
    found = list_places(order, limits, report, note=False)
    report(Progress("plan", 50.0, "Comparing with the index"))
    known, exists = _known(order, [one.source for one in found])
    work = sort_out(found, known, limits, order)
    files = [work.files[task.request.number] for task in work.todo]
    is_known = [file.path in known.get(file.source, _NOTHING).rows for file in files]
    gone = [known[source].rows[path] for source, path in work.gone]
    kept = [work.files[number] for number in work.kept]
    return Outlook(
        index=order.name,
        exists=exists,
        total=work.total,
        added=_group((one.path, one.size) for one, old in zip(files, is_known, strict=True) if not old),
        changed=_group((one.path, one.size) for one, old in zip(files, is_known, strict=True) if old),
        removed=_group((row.path, row.size) for row in gone if row.hash is not None),
        refused=_group((one.file.path, one.file.size) for one in work.refused),
        unchanged=_group((one.path, one.size) for one in kept),
        reasons=Counter(one.reason for one in work.refused),
        work=work_of(work.todo),
    )


_NOTHING: Final = Known({})


def _known(order: Order, sources: list[str]) -> tuple[dict[str, Known], bool]:
    if why_anew(order.index) is not None:  # a run would read everything
        return {}, False
    try:
        return known_rows(order.index, sources, order.family), True
    except (NotFound, BrokenIndex):
        return {}, False


def _group(files: Iterable[tuple[str, int]]) -> Group:
    listed = sorted(files)
    return Group(len(listed), sum(size for _, size in listed), tuple(path for path, _ in listed[:FIRST]))
