"""Sessions: what was uploaded, and until when it is kept."""

from collections.abc import Callable, Sequence

from longhaul.models import SessionState, session_state
from longhaul.transport import Call, Transport, document, path
from longhaul.uploads import Upload

Sent = Callable[[int, int, str], None]  # files sent so far, of how many, and the name of the one that is sent


def silent(sent: int, total: int, name: str) -> None:
    """Tell nobody how uploads go."""


class Sessions:
    """The sessions of a user: `client.sessions`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> "list[SessionState]":
        """Return your sessions, newest first."""
        return [session_state(one) for one in self._transport.pages(path("sessions"))]

    def get(self, session: str) -> SessionState:
        """Return a session."""
        return session_state(self._transport.read(path("sessions", session)))

    def create(
        self, uploads: Sequence[Upload], *, title: str | None = None, told: Sent = silent
    ) -> SessionState:
        """Make a session of files; each is read while it is sent, and never held in memory."""
        first, *others = uploads
        told(0, len(uploads), first.name)
        form = {"title": title} if title else {}
        call = Call("POST", path("sessions"), content=first.content, filename=first.name, form=form)
        made = session_state(document(self._transport.send(call)))
        return (
            self.add(made.id, others, told=lambda n, of, name: told(n + 1, of + 1, name)) if others else made
        )

    def add(self, session: str, uploads: Sequence[Upload], *, told: Sent = silent) -> SessionState:
        """Add files to a session, or replace those of the same name; what is there already is not sent."""
        here = self.get(session).files
        for sent, upload in enumerate(uploads):
            told(sent, len(uploads), upload.name)
            if upload.name in here and here[upload.name] == upload.sha256():
                continue
            call = Call("PUT", path("sessions", session, "files", upload.name), content=upload.content)
            self._transport.send(call)
        return self.get(session)

    def delete(self, session: str) -> None:
        """Remove a session with its files, its jobs and what was indexed of it."""
        self._transport.send(Call("DELETE", path("sessions", session)))
