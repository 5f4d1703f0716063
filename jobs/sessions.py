"""Which sessions there are: found by owner and id, listed, made. What one holds: jobs/session.py."""

import logging
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import orjson

from jobs.errors import NotFound, StorageAway
from jobs.session import CLOSED_MANIFEST, MANIFEST, SECONDS_PER_DAY, Manifest, Session
from jobs.settings import settings
from jobs.sharing.storage import storage
from jobs.storage import Incoming, remove_folder, write_bytes

log = logging.getLogger(__name__)

EXPIRY_BEHIND_SECONDS = 60.0
ORDERED = "7"  # version of the ids that begin with when they were made


class Place(NamedTuple):
    """Where a session stands in the list of its owner's, which are listed by time and id."""

    created_at: float
    id: str


def receive() -> Incoming:
    """Return a file for an upload that has no session yet, on the disk that sessions lie on."""
    root = settings().sessions
    root.mkdir(parents=True, exist_ok=True)
    return Incoming(root, most_bytes=settings().max_upload_bytes)


def create(owner: str, title: str) -> Session:
    """Make an empty session."""
    milliseconds = time.time_ns() // 1_000_000
    now = milliseconds / 1_000
    session = Session(settings().sessions / owner / _new_id(milliseconds))
    session.files.mkdir(parents=True)
    manifest = Manifest(
        id=session.id,
        owner=owner,
        title=title,
        created_at=now,
        changed_at=now,
        expires_at=now + settings().session_days * SECONDS_PER_DAY,
    )
    try:
        with session.changing():
            write_bytes(session.folder / MANIFEST, orjson.dumps(manifest.model_dump(mode="json")))
    except BaseException:
        remove_folder(session.folder)
        raise
    return session


def _new_id(milliseconds: int) -> str:
    """Return an id that begins with a time, so that a list need not look into each session (RFC 9562)."""
    random = secrets.randbits(74)
    high = milliseconds << 16 | int(ORDERED) << 12 | random >> 62
    return str(uuid.UUID(int=high << 64 | 0b10 << 62 | random & (1 << 62) - 1))


def find(owner: str, session_id: str, *, behind: float = 0.0) -> Session:
    """Return an owner's session.

    Parameters
    ----------
    behind : float
        Seconds that it may be behind what another machine has made of it.

    Raises
    ------
    NotFound
        There is none of this id, or it is somebody else's.
    """
    try:
        canonical = str(uuid.UUID(session_id))
    except ValueError as error:
        raise NotFound("There is no such session.") from error
    session = Session(settings().sessions / owner / canonical)
    if canonical == session_id:
        storage().refresh(session.folder, behind=behind)
        if (session.folder / MANIFEST).is_file():
            return session
    raise NotFound("There is no such session.")


def expiry(owner: str, session_id: str) -> float:
    """Return when a session is removed, in Unix seconds, as it was a minute ago at most: for every poll asks.

    Raises
    ------
    NotFound
        There is no such session.
    """
    return find(owner, session_id, behind=EXPIRY_BEHIND_SECONDS).manifest().expires_at


def newest(owner: str, *, after: Place | None, limit: int) -> list[Manifest]:
    """Return the next of an owner's sessions, newest first; fewer than `limit` only at the end of the list.

    Parameters
    ----------
    after : Place, optional
        Of the last session that was listed before, which may be gone; None begins with the newest.
    """
    folder = settings().sessions / owner
    known = [place for name in storage().names(folder) if (place := _place(folder, name)) is not None]
    found: list[Manifest] = []
    for place in sorted((place for place in known if after is None or place < after), reverse=True):
        if len(found) == limit:
            break
        for session in _present(Session(folder / place.id)):
            with suppress(NotFound):  # removed while the list was made
                found.append(session.manifest())
    return found


def place_of(manifest: Manifest) -> Place:
    """Return where a session stands in the list."""
    return Place(manifest.created_at, manifest.id)


def _place(folder: Path, name: str) -> Place | None:
    """Return where a session stands, by its id alone if that tells; None if there is none."""
    try:
        number = uuid.UUID(name)
    except ValueError:
        return None
    if number.version == int(ORDERED):
        return Place((number.int >> 80) / 1_000, name)
    with suppress(NotFound):
        return _place_told(folder / name)
    return None


@lru_cache(maxsize=100_000)
def _place_told(folder: Path) -> Place:
    """Return where a session of an earlier version stands, which never changes."""
    for session in _present(Session(folder)):
        return place_of(session.manifest())
    raise NotFound("There is no such session.")


def of_owner(owner: str) -> list[Manifest]:
    """Return an owner's sessions, newest first."""
    manifests = []
    for session in _in_folder(settings().sessions / owner):
        with suppress(NotFound):  # removed while the list was made
            manifests.append(session.manifest())
    return sorted(manifests, key=lambda manifest: manifest.created_at, reverse=True)


def everybodys(*, after: tuple[str, str] = ("", "")) -> Iterator[Session]:
    """Yield all sessions, also those whose removal was cut off, by owner and id: those behind `after`."""
    root = settings().sessions
    for owner in storage().names(root):
        if owner >= after[0]:
            yield from _in_folder(root / owner, after=after[1] if owner == after[0] else "")


def _in_folder(folder: Path, *, after: str = "") -> Iterator[Session]:
    for name in storage().names(folder):
        if name > after and not name.startswith("."):
            yield from _present(Session(folder / name))


def _present(session: Session) -> Iterator[Session]:
    """Yield a session as it is now, if it is there; one whose removal was cut off is."""
    try:
        storage().refresh(session.folder)
    except StorageAway:
        storage().check()  # raises where it is away; else something is wrong with this one alone
        log.exception("session left out", extra={"session": session.id})
        return
    if any((session.folder / manifest).is_file() for manifest in (MANIFEST, CLOSED_MANIFEST)):
        yield session
