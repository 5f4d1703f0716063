"""A session as one ZIP file, made while it is sent: what was uploaded, and what its jobs have left."""

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response

from api import auth
from api.downloads import Download, blocks, served
from api.openapi import Catalogue
from jobs import contents, session_files, sessions, zipping
from jobs.errors import NotFound
from jobs.session import Session
from jobs.session_files import Listed
from jobs.zipping import Entry, Plan

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/zip"
# What Windows takes for a device, with any ending, and what it has in no name.
_DEVICES: Final = re.compile(r"(?i:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("archives", __name__, url_prefix="/api/v1/sessions/<session_id>")
    auth.protect(blueprint)
    catalogue.add(blueprint, "/archive", get_archive, answers={200: "A ZIP file."})
    return blueprint


def get_archive(session_id: str) -> Response:
    """Download a session as one ZIP file

    Uploaded files lie in `files/`, what jobs have left in `project_001/` and so on. Its length is known
    before the first byte, and a part can be asked for, so that a download that broke off can go on.
    """
    session = sessions.find(auth.user().name, session_id)
    files = [_complete(session, listed) for listed in session_files.everything(session)]
    plan = zipping.plan(_entries(files))
    changed = session.manifest()
    return served(
        Download(
            name=f"{portable(changed.title) or session.id}.zip",
            media_type=MEDIA_TYPE,
            bytes=plan.bytes,
            etag=plan.etag,
            modified=None,
            content=lambda begin, end: _content(session, files, plan, begin, end),
            close=lambda: None,
            shown=False,
        )
    )


def portable(name: str) -> str:
    """Return a name that every system takes for that of one file."""
    name = _FORBIDDEN.sub("_", name).lstrip(" ").rstrip(" .")
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def _complete(session: Session, listed: Listed) -> Listed:
    """Return a file with all that is to be known; of one that an earlier version has kept it is read now."""
    if listed.kept.crc32 is not None and listed.kept.mtime_ns is not None:
        return listed
    with closing(session_files.opened_listed(session, listed)) as found:
        return replace(listed, kept=contents.told(listed.kept.name, found.file))


def _entries(files: list[Listed]) -> Iterator[Entry]:
    """Yield what each file is in the archive, under a name that no other has on any system."""
    taken: set[str] = set()
    for listed in files:
        path = "/".join(portable(part) or "_" for part in listed.path.split("/"))
        stem, dot, suffix = path.rpartition(".")
        name, number = path, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}){dot}{suffix}" if dot and "/" not in suffix else f"{path} ({number})"
        taken.add(name.casefold())
        kept = listed.kept
        yield Entry(name, kept.bytes, kept.crc32 or 0, kept.sha256, kept.mtime_ns or 0)


def _content(session: Session, files: list[Listed], plan: Plan, begin: int, end: int) -> Iterator[bytes]:
    """Yield a part of the archive. Where a file has changed meanwhile it ends early, short of its length."""
    for piece, first, last in plan.between(begin, end):
        if piece.entry is None:
            yield piece.own[first:last]
            continue
        listed = files[piece.entry]
        try:
            found = session_files.opened_listed(session, listed)
        except NotFound:
            log.info("an archive broke off: a file has gone", extra={"session": session.id})
            return
        with closing(found):
            if found.kept.sha256 != listed.kept.sha256:
                log.info("an archive broke off: a file has changed", extra={"session": session.id})
                return
            yield from blocks(found.file, first, last)
