"""Which sessions there are: found by owner and id, listed, made. What one holds: jobs/session.py."""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson

from jobs.errors import NotFound, StorageAway
from jobs.session import CLOSED_MANIFEST, MANIFEST, SECONDS_PER_DAY, Manifest, Session
from jobs.settings import settings
from jobs.sharing.storage import storage
from jobs.storage import Incoming, write_bytes

log = logging.getLogger(__name__)

EXPIRY_BEHIND_SECONDS = 60.0


def receive() -> Incoming:
    """Return a file for an upload that has no session yet, on the disk that sessions lie on."""
    root = settings().sessions
    root.mkdir(parents=True, exist_ok=True)
    return Incoming(root, most_bytes=settings().max_upload_bytes)


def create(owner: str, title: str) -> Session:
    """Make an empty session."""
    now = time.time()
    session = Session(settings().sessions / owner / str(uuid.uuid4()))
    session.files.mkdir(parents=True)
    manifest = Manifest(
        id=session.id,
        owner=owner,
        title=title,
        created_at=now,
        changed_at=now,
        expires_at=now + settings().session_days * SECONDS_PER_DAY,
    )
    with session.changing():
        write_bytes(session.folder / MANIFEST, orjson.dumps(manifest.model_dump(mode="json")))
    return session


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
        if name <= after or name.startswith("."):
            continue
        session = Session(folder / name)
        try:
            storage().refresh(session.folder)
        except StorageAway:
            storage().check()  # raises where it is away; else something is wrong with this one alone
            log.exception("session left out", extra={"session": name})
            continue
        if any((session.folder / manifest).is_file() for manifest in (MANIFEST, CLOSED_MANIFEST)):
            yield session
