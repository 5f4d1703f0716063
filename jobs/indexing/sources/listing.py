"""Lists all files that a run is about: those of its folders, and those in archives in them."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Final

from jobs.errors import BadInput
from jobs.indexing.extraction.naming import Names
from jobs.indexing.limits import Limits
from jobs.indexing.sources.archives import Listing, Notes, list_archive
from jobs.indexing.sources.order import Order, Place
from jobs.indexing.sources.scan import File, Refusal, Scan, is_archive, scan
from jobs.indexing.times import LATEST_NS
from jobs.indexing.wording import reason
from jobs.progress import Progress, Report

SCAN_PERCENT: Final = 5.0
SECOND_NS: Final = 10**9


def list_places(order: Order, limits: Limits, report: Report, *, note: bool = True) -> tuple[Scan, ...]:
    """List the files of every place, telling how many were found so far.

    Parameters
    ----------
    note : bool
        Whether to note beside the index what archives hold.

    Raises
    ------
    BadInput
        A folder cannot be listed, and is not one of a family.
    """
    scans: list[Scan] = []
    for place in order.places:
        found = partial(_tell, report, sum(len(one.files) for one in scans))
        try:
            scans.append(_listed(place, order, limits, found, note=note))
        except BadInput as error:
            if not order.family:
                raise
            scans += _unlisted(place, error.__cause__)
    return tuple(scans)


def _unlisted(place: Place, cause: BaseException | None) -> Iterator[Scan]:
    """Tell of a place of a family that cannot be listed; one that is not there is gone."""
    if isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError | NotADirectoryError):
        yield Scan(place.source, (), (("./", reason(cause)),))


def _listed(place: Place, order: Order, limits: Limits, found: Callable[[int], None], *, note: bool) -> Scan:
    root = place.root.absolute()  # the extraction processes work in another folder
    plain = scan(root, leave_out=order.index, found=found, source=place.source, choice=order.choice)
    archives = [file for file in plain.files if is_archive(file.path)]
    if not archives:
        return plain
    doubt = order.mode == "full" or order.only == "failed"
    notes = Notes(order.index, place.source, write=note, doubt=doubt)
    refused, names = list(plain.refused), Names()
    others = (file for file in plain.files if not is_archive(file.path))
    files = [replace(file, path=names.take(file.path)) for file in others]
    for archive in archives:
        listing = _waited_for(list_archive(archive, notes, limits), partial(found, len(files)))
        for one in _members(archive, listing):
            file = one.file if isinstance(one, Refusal) else one
            if file is not archive and not order.choice.wants(file.path):
                continue
            file = replace(file, path=names.take(file.path))
            if isinstance(one, Refusal):
                refused.append(replace(one, file=file))
            else:
                files.append(file)
        found(len(files))
    notes.forget_others()
    return replace(plain, files=tuple(sorted(files, key=attrgetter("path"))), refused=tuple(refused))


def _waited_for(listing: Generator[None, None, Listing], turn: Callable[[], None]) -> Listing:
    while True:
        try:
            next(listing)
        except StopIteration as end:
            found: Listing = end.value
            return found
        turn()


def _members(archive: File, listing: Listing) -> Iterator[File | Refusal]:
    """Yield what an archive holds, or why nobody knows.

    A member is known by its size and its time, as any file. An archive tells whole seconds; the rest of the
    time is a fingerprint of the archive, so that a changed archive leaves no member undoubted.
    """
    if listing.refused is not None:
        yield Refusal(archive, *listing.refused)
        return
    fingerprint = int(listing.hash[:12], 16) % SECOND_NS
    for number, name, size, modified, encrypted, unsafe in listing.members:
        path = f"{archive.path}/{name}"
        mtime_ns = min(modified * SECOND_NS + fingerprint, LATEST_NS)
        file = replace(archive, path=path, size=size, mtime_ns=mtime_ns, member=number)
        why = _why_not(path, encrypted=encrypted, unsafe=unsafe)
        yield file if why is None else Refusal(file, *why)
    if not listing.members:
        yield Refusal(archive, "skipped", "no_text", "the archive holds no files")


def _why_not(path: str, *, encrypted: bool, unsafe: bool) -> tuple[str, str, str] | None:
    if unsafe:
        return "skipped", "unsafe_path", "its name leads out of the archive"
    if is_archive(path):
        return "skipped", "nested_archive", "an archive in an archive is not opened"
    if encrypted:
        return "skipped", "encrypted", "the archive asks for a password"
    return None


def _tell(report: Report, before: int, here: int) -> None:
    """Tell how many files were found so far, in the places before and in this one."""
    number = before + here
    share = number / (number + 1_000)  # the end is not known: always forward, never beyond
    report(Progress("scan", SCAN_PERCENT * share, f"Found {number:,} files", None, number, None))
