"""What a job leaves in its session, in the end: its project if it ended well, else nothing."""

from contextlib import suppress

from jobs import sessions
from jobs.errors import NotFound
from jobs.records import Record


def tidy(record: Record) -> None:
    """Remove what the runs of an ended job have left half made; if it ended badly, whatever it has made."""
    if record.session is None:
        return
    with suppress(NotFound):
        session = sessions.find(record.owner, record.session)
        session.discard_attempts(record.id)
        if record.state != "SUCCESS":
            session.remove_project(record.id)


def discard(record: Record) -> None:
    """Remove what a job has made, if it has made anything."""
    if record.session is None:
        return
    with suppress(NotFound):
        sessions.find(record.owner, record.session).remove_project(record.id)
