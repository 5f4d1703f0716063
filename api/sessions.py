"""Sessions over HTTP: upload files, and see what is there."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, cast
from urllib.parse import quote

from flask import Blueprint, Request, Response, request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from werkzeug.exceptions import UnsupportedMediaType

from api import auth, paging, uploads
from api.downloads import download_of, served
from api.openapi import Catalogue, Query, json_response
from jobs import removal, session_files, sessions
from jobs.connection import reaching_redis, records_client
from jobs.contents import KeptFile, StoredFile
from jobs.errors import BadInput, LonghaulError, NotFound
from jobs.session import Manifest
from jobs.storage import Incoming, checked_name, needing_room

LONGEST_TITLE = 200
MOST_DAYS = 3_650
MOST_ON_A_PAGE = 200
SHOWN = set(StoredFile.model_fields)
PLACE: TypeAdapter[sessions.Place] = TypeAdapter(sessions.Place)


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


class SessionList(paging.Page):
    """A page of your sessions, newest first."""

    items: list[SessionView]


class SessionsQuery(Query):
    """How the list of sessions is continued."""

    limit: int = Field(50, ge=1, le=MOST_ON_A_PAGE)
    cursor: str | None = Field(None, max_length=paging.LONGEST_CURSOR, description=paging.CURSOR_DESCRIPTION)


class Keep(BaseModel):
    """How long a session is to be kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(ge=1, le=MOST_DAYS, description="From now; it is never kept for less than before.")


class ListedFile(StoredFile):
    """A file, and where it is downloaded."""

    href: str


class ProjectFiles(BaseModel):
    """What a job has left."""

    name: str
    job: str
    items: list[ListedFile]


class FileList(BaseModel):
    """The files of a session: what was uploaded, and below `projects` what jobs have left, newest first.

    A file of a project has its path in the project as its name.
    """

    items: list[ListedFile]
    projects: list[ProjectFiles]


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
    catalogue.add(blueprint, "", list_sessions, query=SessionsQuery, answers={200: SessionList})
    catalogue.add(blueprint, "/<session_id>", get_session, answers={200: SessionView})
    catalogue.add(
        blueprint, "/<session_id>", delete_session, method="DELETE", answers={204: "It is removed."}
    )
    catalogue.add(
        blueprint, "/<session_id>/keep", keep_session, method="POST", body=Keep, answers={200: SessionView}
    )
    catalogue.add(blueprint, "/<session_id>/files", list_files, answers={200: FileList})
    catalogue.add(
        blueprint, "/<session_id>/files/<path:path>", get_file, answers={200: "The file, as its type."}
    )
    catalogue.add(
        blueprint,
        "/<session_id>/files/<path:path>",
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
        files=[StoredFile(**file.model_dump(include=SHOWN)) for file in manifest.files],
        links={"self": address} | {name: f"{address}/{name}" for name in ("files", "archive", "keep")},
    )


def create_session() -> Response:
    """Make a session of one or more uploaded files"""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(
            "Send multipart/form-data: a part `file` for each file, and `title` if you like."
        )
    received = request.files.getlist("file")
    if unknown := sorted((set(request.files) - {"file"}) | (set(request.form) - {"title"})):
        raise BadInput(f"There is no part {', '.join(map(repr, unknown))}; there are `file` and `title`.")
    names = [checked_name(upload.filename or "") for upload in received]
    if not names:
        raise BadInput("There is no part `file`: a session begins with at least one file.")
    if len(set(names)) < len(names):
        raise BadInput("Two of the files have the same name.")
    title = request.form.get("title", names[0])
    if len(title) > LONGEST_TITLE:
        raise BadInput(f"The title is longer than {LONGEST_TITLE} characters.")
    streams = [cast(Incoming, upload.stream) for upload in received]
    made = view(_made(title, dict(zip(names, streams, strict=True))))
    return json_response(made, 201, {"Location": made.links["self"]})


def _made(title: str, files: Mapping[str, Incoming]) -> Manifest:
    """Return what is in a new session of these files; nothing is left of it if not all can be kept."""
    with needing_room():
        session = sessions.create(auth.user().name, title)
        try:
            for name, upload in files.items():
                session.add_file(name, upload)
            return session.manifest()
        except BaseException:
            with suppress(LonghaulError, OSError):
                session.remove()
            raise


def list_sessions(query: SessionsQuery) -> Response:
    """List your sessions, newest first"""
    after = paging.decoded(query.cursor, PLACE)
    found = sessions.newest(auth.user().name, after=after, limit=query.limit + 1)
    shown, more = found[: query.limit], found[query.limit :]
    following = paging.next_address(sessions.place_of(shown[-1])) if more else None
    return paging.page_response(SessionList(items=[view(manifest) for manifest in shown], next=following))


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
    """List the files of a session

    What was uploaded, and what its jobs have left; each with the address where it is downloaded.
    """
    session = sessions.find(auth.user().name, session_id)
    manifest = session.manifest()
    projects = []
    for job, name in session_files.projects(manifest):
        with suppress(NotFound):  # the job runs, or has failed
            files = session_files.of_project(session, name).values()
            projects.append(ProjectFiles(name=name, job=job, items=_listed(files, f"{request.path}/{name}")))
    return json_response(FileList(items=_listed(manifest.files, request.path), projects=projects))


def _listed(files: Iterable[KeptFile], address: str) -> list[ListedFile]:
    return [
        ListedFile(**file.model_dump(include=SHOWN), href=f"{address}/{quote(file.name)}") for file in files
    ]


def get_file(session_id: str, path: str) -> Response:
    """Download a file of a session

    One that was uploaded by its name, one that a job has left by its path, such as
    `project_001/plots/groups.png`. The ETag is the content's SHA-256.
    """
    session = sessions.find(auth.user().name, session_id)
    return served(download_of(session_files.opened_at(session, path)))


def put_file(session_id: str, path: str) -> Response:
    """Add a file to a session, or replace it

    The body is the file; its name is the last part of the address. `If-None-Match: *` only adds, `If-Match`
    only replaces what you know; `Content-Digest: sha-256=:...:` has it checked.
    """
    session = sessions.find(auth.user().name, session_id)
    checked_name(path)
    uploads.check()
    uploads.accept(next((file for file in session.manifest().files if file.name == path), None))
    with needing_room(), sessions.receive() as upload:
        uploads.receive(upload)
        stored, is_new = session.add_file(path, upload, accept=uploads.accept)
    headers = {"ETag": f'"{stored.sha256}"'} | ({"Location": quote(request.path)} if is_new else {})
    return json_response(StoredFile(**stored.model_dump(include=SHOWN)), 201 if is_new else 200, headers)
