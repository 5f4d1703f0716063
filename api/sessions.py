"""Sessions over HTTP: upload files, and see what is there."""

from datetime import UTC, datetime
from typing import IO, cast

from flask import Blueprint, Request, Response, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import UnsupportedMediaType

from api import auth
from api.openapi import Catalogue, json_response
from jobs import removal, sessions
from jobs.connection import reaching_redis, records_client
from jobs.errors import BadInput
from jobs.session import Manifest, StoredFile
from jobs.storage import Incoming, checked_name

CHUNK_BYTES = 1 << 20
LONGEST_TITLE = 200
MOST_DAYS = 3_650


class SessionView(BaseModel):
    """A session. Times are RFC 3339 in UTC."""

    id: str
    title: str
    owner: str
    created_at: datetime
    expires_at: datetime
    bytes: int
    files: list[StoredFile]
    links: dict[str, str]


class SessionList(BaseModel):
    """Your sessions, newest first."""

    items: list[SessionView]


class Keep(BaseModel):
    """How long a session is to be kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(ge=1, le=MOST_DAYS, description="From now; it is never kept for less than before.")


class FileList(BaseModel):
    """The files of a session."""

    items: list[StoredFile]


class StreamingRequest(Request):
    """A request whose uploaded files go straight to the disk that sessions lie on."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        upload = sessions.receive()
        self.__dict__.setdefault("_uploads", []).append(upload)
        return cast("IO[bytes]", upload)

    def close(self) -> None:
        """Remove every upload that was not kept, also those of a form that broke off."""
        super().close()
        for upload in self.__dict__.get("_uploads", []):
            upload.close()


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("sessions", __name__, url_prefix="/api/v1/sessions")
    auth.protect(blueprint)
    catalogue.add(
        blueprint,
        "",
        create_session,
        method="POST",
        upload="multipart/form-data",
        answers={201: SessionView},
    )
    catalogue.add(blueprint, "", list_sessions, answers={200: SessionList})
    catalogue.add(blueprint, "/<session_id>", get_session, answers={200: SessionView})
    catalogue.add(
        blueprint, "/<session_id>", delete_session, method="DELETE", answers={204: "It is removed."}
    )
    catalogue.add(
        blueprint, "/<session_id>/keep", keep_session, method="POST", body=Keep, answers={200: SessionView}
    )
    catalogue.add(blueprint, "/<session_id>/files", list_files, answers={200: FileList})
    catalogue.add(
        blueprint,
        "/<session_id>/files/<name>",
        put_file,
        method="PUT",
        upload="application/octet-stream",
        answers={201: StoredFile, 200: StoredFile},
    )
    return blueprint


def view(manifest: Manifest) -> SessionView:
    """Return a session as users see it."""
    address = f"/api/v1/sessions/{manifest.id}"
    return SessionView(
        id=manifest.id,
        title=manifest.title,
        owner=manifest.owner,
        created_at=datetime.fromtimestamp(manifest.created_at, UTC),
        expires_at=datetime.fromtimestamp(manifest.expires_at, UTC),
        bytes=sum(file.bytes for file in manifest.files),
        files=list(manifest.files),
        links={"self": address, "files": f"{address}/files", "keep": f"{address}/keep"},
    )


def create_session() -> Response:
    """Make a session of one or more uploaded files"""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(
            "Send multipart/form-data: a part `file` for each file, and `title` if you like."
        )
    uploads = request.files.getlist("file")
    if unknown := sorted((set(request.files) - {"file"}) | (set(request.form) - {"title"})):
        raise BadInput(f"There is no part {', '.join(map(repr, unknown))}; there are `file` and `title`.")
    names = [checked_name(upload.filename or "") for upload in uploads]
    if not names:
        raise BadInput("There is no part `file`: a session begins with at least one file.")
    if len(set(names)) < len(names):
        raise BadInput("Two of the files have the same name.")
    title = request.form.get("title", names[0])
    if len(title) > LONGEST_TITLE:
        raise BadInput(f"The title is longer than {LONGEST_TITLE} characters.")
    session = sessions.create(auth.user().name, title)
    for name, upload in zip(names, uploads, strict=True):
        session.add_file(name, cast(Incoming, upload.stream))
    made = view(session.manifest())
    return json_response(made, 201, {"Location": made.links["self"]})


def list_sessions() -> Response:
    """List your sessions, newest first"""
    manifests = sessions.of_owner(auth.user().name)
    return json_response(SessionList(items=[view(manifest) for manifest in manifests]))


def get_session(session_id: str) -> Response:
    """Show a session"""
    return json_response(view(sessions.find(auth.user().name, session_id).manifest()))


def delete_session(session_id: str) -> Response:
    """Remove a session with its files, its jobs, and its documents in your indexes"""
    session = sessions.find(auth.user().name, session_id)
    with reaching_redis():
        removal.remove_session(records_client(), session)
    return Response(status=204)


def keep_session(session_id: str, body: Keep) -> Response:
    """Keep a session for longer"""
    return json_response(view(sessions.find(auth.user().name, session_id).keep(body.days)))


def list_files(session_id: str) -> Response:
    """List the files of a session"""
    manifest = sessions.find(auth.user().name, session_id).manifest()
    return json_response(FileList(items=list(manifest.files)))


def put_file(session_id: str, name: str) -> Response:
    """Add a file to a session, or replace it; the body is the file"""
    session = sessions.find(auth.user().name, session_id)
    checked_name(name)
    with sessions.receive() as upload:
        while chunk := request.stream.read(CHUNK_BYTES):
            upload.write(chunk)
        if request.content_length is not None and upload.size != request.content_length:
            raise BadInput(f"The upload broke off after {upload.size} of {request.content_length} bytes.")
        stored, is_new = session.add_file(name, upload)
    return json_response(stored, 201 if is_new else 200)
