"""A session: a user's folder of uploaded files and of what the analyses of them gave.

sessions/<owner>/<id>/session.json   what is here, and until when it is kept
                      files/         what the user uploaded
                      tables/        the same, typed, for the next question
                      questions/     p-values of what was asked, for the next to be corrected by
                      project_001/   one analysis: results.json, script.py, plots/; files.json lists them
                      job-<id>.json  a job that has ended (see archive.py)
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, Field

from jobs import contents
from jobs.contents import KeptFile
from jobs.errors import BadInput, NotFound
from jobs.settings import settings
from jobs.sharing.storage import Change, storage
from jobs.storage import Incoming, checked_name, inside, needing_room, remove_folder, write_bytes

SECONDS_PER_DAY = 86_400
MANIFEST = "session.json"
# Its name while the session is removed: nobody finds the session by then, and a removal that was cut off can
# be told from a session that is just being made.
CLOSED_MANIFEST = "removing.json"


class Manifest(BaseModel):
    """What session.json holds. Times are Unix seconds, UTC."""

    model_config = ConfigDict(frozen=True)

    id: str
    owner: str
    title: str
    created_at: float
    changed_at: float | None = Field(None, description="None in a manifest of an earlier version.")
    expires_at: float
    kept_until: float = Field(0.0, description="Until then somebody asked to keep it, however old it is.")
    files: tuple[KeptFile, ...] = ()
    projects: dict[str, str] = Field(default_factory=dict, description="Job id to the name of its folder.")


class Session:
    """One session's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def id(self) -> str:
        """The session's id."""
        return self.folder.name

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self.folder.parent.name

    @property
    def source(self) -> str:
        """What an index calls the place of the documents that were uploaded here."""
        return f"session:{self.id}"

    @property
    def files(self) -> Path:
        """Folder of the uploaded files."""
        return self.folder / "files"

    @property
    def tables(self) -> Path:
        """Folder of tables that were read already."""
        return self.folder / "tables"

    @property
    def questions(self) -> Path:
        """Folder of the p-values of what was asked."""
        return self.folder / "questions"

    def bring(self, *folders: Path) -> None:
        """Have all files of these folders of the session on this machine."""
        storage().bring(self.folder, *(folder.name for folder in folders))
        for folder in folders:
            folder.mkdir(exist_ok=True)  # a shared folder has no empty ones

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """Hold the session alone, as it is now, to change it for all.

        Raises
        ------
        NotFound
            The session was removed meanwhile.
        """
        with storage().changing(self.folder) as change:
            yield change

    def manifest(self) -> Manifest:
        """Return what is in the session.

        Raises
        ------
        NotFound
            The session was removed meanwhile.
        """
        try:
            return Manifest.model_validate_json((self.folder / MANIFEST).read_bytes())
        except FileNotFoundError as error:
            raise NotFound("There is no such session.") from error

    def _change(self, manifest: Manifest, **changes: object) -> None:
        """Write a changed manifest; whatever changes a session also keeps it for longer."""
        now = time.time()
        expires_at = max(manifest.expires_at, now + settings().session_days * SECONDS_PER_DAY)
        self._write(manifest.model_copy(update={**changes, "changed_at": now, "expires_at": expires_at}))

    def _write(self, manifest: Manifest) -> None:
        write_bytes(self.folder / MANIFEST, orjson.dumps(manifest.model_dump(mode="json")))

    def keep(self, days: float) -> Manifest:
        """Keep the session for at least `days` from now, never for less than before; return what is in it.

        Raises
        ------
        NotFound
            The session was removed meanwhile.
        """
        until = time.time() + days * SECONDS_PER_DAY
        with self.changing():
            before = self.manifest()
            times = {name: max(getattr(before, name), until) for name in ("expires_at", "kept_until")}
            kept = before.model_copy(update=times)
            self._write(kept)
        return kept

    def add_file(
        self, name: str, upload: Incoming, *, accept: Callable[[KeptFile | None], None] = lambda _: None
    ) -> tuple[KeptFile, bool]:
        """Give a received file its place; return it and whether its name is new.

        Parameters
        ----------
        accept : callable
            Given the file that has the name now, if any, it raises what speaks against the new one.

        Raises
        ------
        BadInput
            The name cannot be a file's name.
        DiskFull
            There is no room for it.
        """
        checked_name(name)
        with self.changing(), needing_room():
            manifest = self.manifest()
            before = next((file for file in manifest.files if file.name == name), None)
            accept(before)
            self.files.mkdir(exist_ok=True)  # a shared folder has no empty ones
            written = upload.keep(self.files / name)
            kept = KeptFile(name=name, media_type=contents.media_type_of(name), **vars(written))
            others = tuple(file for file in manifest.files if file.name != name)
            self._change(manifest, files=(*others, kept))
        return kept, before is None

    def file(self, name: str) -> Path:
        """Return where an uploaded file lies.

        Raises
        ------
        NotFound
            The session has no such file; the text names those it has.
        """
        names = [file.name for file in self.manifest().files]
        if name not in names:
            raise NotFound(
                f"The session has no file {name!r}; it has {', '.join(map(repr, names)) or 'none'}."
            )
        storage().bring(self.folder, f"{self.files.name}/{name}")
        return inside(self.files, name)

    def only_file(self) -> str:
        """Return the name of the session's one file.

        Raises
        ------
        BadInput
            It has none, or several.
        """
        names = [file.name for file in self.manifest().files]
        if len(names) == 1:
            return names[0]
        if not names:
            raise BadInput("The session has no file yet: upload one first.")
        raise BadInput(f"The session has {len(names)} files: say which one in `file` ({', '.join(names)}).")

    @contextmanager
    def new_project(self, job_id: str, attempt: int) -> Iterator[Path]:
        """Yield an empty folder for an attempt of a job to fill; it is seen only once it is whole.

        It takes the place of what an earlier attempt finished. When the attempt fails nothing is left of it.
        """
        with self.changing():
            manifest = self.manifest()
            name = manifest.projects.get(job_id) or f"project_{len(manifest.projects) + 1:03d}"
            if job_id not in manifest.projects:
                self._change(manifest, projects={**manifest.projects, job_id: name})
        # An attempt that was thought dead may still write to its own.
        staging = self.folder / f".{job_id}.{attempt}"
        remove_folder(staging)
        staging.mkdir()
        try:
            yield staging
            contents.write_list(staging)
            with self.changing() as change:
                change.drop(name)
                staging.rename(self.folder / name)
        finally:
            remove_folder(staging)

    def project(self, job_id: str) -> Path:
        """Return the folder of a job's project, which exists once it is finished.

        Raises
        ------
        NotFound
            The job has no project here.
        """
        name = self.manifest().projects.get(job_id)
        if name is None:
            raise NotFound("The job has no results in this session.")
        storage().bring(self.folder, name)
        return self.folder / name

    def remove_project(self, job_id: str) -> None:
        """Remove what a job has made, if it has made anything. Its number is not given again."""
        with suppress(NotFound):
            if name := self.manifest().projects.get(job_id):
                with self.changing() as change:
                    change.drop(name)

    def discard_attempts(self, job_id: str) -> None:
        """Remove what attempts of a job that has ended have begun and not finished."""
        for staging in self.folder.glob(f".{job_id}.*"):
            remove_folder(staging)

    def remove(self) -> None:
        """Remove the session with all that is in it."""
        storage().remove(self.folder)
