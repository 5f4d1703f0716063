"""Lists all files that a run is about: those of its folders, and those in archives in them."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from jobs.indexing.limits import Limits
from jobs.indexing.sources.archives import Listing, Notes, list_archive
from jobs.indexing.sources.order import Order, Place
from jobs.indexing.sources.scan import File, Refusal, Scan, is_archive, scan, untaken
from jobs.indexing.times import LATEST_NS
from jobs.progress import Progress, Report

SCAN_PERCENT: Final = 5.0
SECOND_NS: Final = 10**9
_SPELT_OUT: Final = r"\x2e\x2e"  # two dots, in a name that is only shown


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
        if order.family and not place.root.is_dir():
            continue
        found = partial(_tell, report, sum(len(one.files) for one in scans))
        scans.append(_listed(place, order, limits, found, note=note))
    return tuple(scans)


def _listed(place: Place, order: Order, limits: Limits, found: Callable[[int], None], *, note: bool) -> Scan:
    root = place.root.absolute()  # the extraction processes work in another folder
    plain = scan(root, leave_out=order.index, found=found, source=place.source, choice=order.choice)
    archives = [file for file in plain.files if is_archive(file.path)]
    if not archives:
        return plain
    doubt = order.mode == "full" or order.only == "failed"
    notes = Notes(order.index, place.source, write=note, doubt=doubt)
    files = {file.path: file for file in plain.files if not is_archive(file.path)}
    refused: dict[str, Refusal] = {}
    for archive in archives:
        listing = _waited_for(list_archive(archive, notes, limits), partial(found, len(files)))
        for one in _members(archive, listing):
            file = one.file if isinstance(one, Refusal) else one
            if file is not archive and not order.choice.wants(file.path):
                continue
            path = untaken(file.path, files.keys() | refused.keys() if file.path in refused else files)
            if isinstance(one, Refusal):
                refused[path] = replace(one, file=replace(file, path=path))
            else:
                files[path] = replace(file, path=path)
        found(len(files))
    notes.forget_others()
    return replace(plain, files=tuple(files[path] for path in sorted(files)), refused=tuple(refused.values()))


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
    last = {name: number for number, name, *_ in listing.members}  # as unpacking would leave it
    shown = False
    for number, name, size, modified, encrypted in listing.members:
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
        if last[name] != number or not parts or any(p.startswith(".") and p != ".." for p in parts):
            continue
        shown = True
        path = "/".join((archive.path, *(_SPELT_OUT if part == ".." else part for part in parts)))
        mtime_ns = min(modified * SECOND_NS + fingerprint, LATEST_NS)
        file = replace(archive, path=path, size=size, mtime_ns=mtime_ns, member=number)
        why = _why_not(name, parts, path, encrypted=encrypted)
        yield file if why is None else Refusal(file, *why)
    if not shown:
        yield Refusal(archive, "skipped", "no_text", "the archive holds no files")


def _why_not(name: str, parts: list[str], path: str, *, encrypted: bool) -> tuple[str, str, str] | None:
    if ".." in parts or name.startswith(("/", "\\")):
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
