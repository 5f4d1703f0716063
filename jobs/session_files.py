"""The files of a session that its owner may read: what was uploaded, and what jobs have left in projects.

A file is known by its path: `birds.csv` was uploaded, `project_001/plots/groups.png` was left by a job. Only
what is listed is opened, and only where it lies: no link in a session's folder leads anywhere.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final

from jobs import contents
from jobs.contents import KeptFile
from jobs.errors import NotFound
from jobs.session import Manifest, Session
from jobs.sharing.storage import storage
from jobs.storage import NO_SUCH_FILE, opened

TRIES: Final = 3  # a file may be replaced between a look at the list and one at the file


@dataclass(frozen=True)
class Opened:
    """A file that is open for reading, and what is known of it. Whoever gets it closes it."""

    kept: KeptFile
    file: BinaryIO

    def close(self) -> None:
        """Close the file."""
        self.file.close()


@dataclass(frozen=True)
class Listed:
    """A file of a session; `folder` is where it lies in the session's."""

    folder: str
    kept: KeptFile

    @property
    def path(self) -> str:
        """Its path in the session's folder, by which no two files are the same."""
        return f"{self.folder}/{self.kept.name}"


def opened_at(session: Session, path: str) -> Opened:
    """Return an uploaded file by its name, or a file of a project by its path, open for reading.

    Raises
    ------
    NotFound
        There is none.
    """
    project, slash, rest = path.partition("/")
    if not slash:
        return opened_upload(session, path)
    if project not in session.manifest().projects.values():
        raise NotFound(NO_SUCH_FILE)
    return opened_in_project(session, project, rest)


def opened_upload(session: Session, name: str) -> Opened:
    """Return an uploaded file, open for reading.

    Raises
    ------
    NotFound
        There is none.
    """

    def listed() -> Mapping[str, KeptFile]:
        return {file.name: file for file in session.manifest().files}

    return _opened(session, session.files.name, name, listed)


def opened_in_project(session: Session, project: str, path: str) -> Opened:
    """Return a file of a project, open for reading.

    Raises
    ------
    NotFound
        There is none.
    """
    return _opened(session, project, path, lambda: of_project(session, project))


def opened_listed(session: Session, listed: Listed) -> Opened:
    """Return a file that was listed before, open for reading.

    Raises
    ------
    NotFound
        It was removed meanwhile.
    """
    if listed.folder == session.files.name:
        return opened_upload(session, listed.kept.name)
    return opened_in_project(session, listed.folder, listed.kept.name)


def of_project(session: Session, project: str) -> Mapping[str, KeptFile]:
    """Return the files of a project by their paths in it.

    Raises
    ------
    NotFound
        There is no such project; it may not be finished yet.
    """
    storage().bring(session.folder, f"{project}/{contents.LIST}")
    with suppress(NotFound):
        return contents.read_list(session.folder, project)
    storage().bring(session.folder, project)
    if (session.folder / project).is_symlink() or not (session.folder / project).is_dir():
        raise NotFound(NO_SUCH_FILE)
    contents.write_list(session.folder / project)  # an earlier version has made it
    return contents.read_list(session.folder, project)


def project_of(session: Session, job_id: str) -> str:
    """Return the name of the folder of a job's project.

    Raises
    ------
    NotFound
        The job has no project here.
    """
    name = session.manifest().projects.get(job_id)
    if name is None:
        raise NotFound("The job has no results in this session.")
    return name


def projects(manifest: Manifest) -> list[tuple[str, str]]:
    """Return job and folder of each project, the newest first; those that are not finished too."""
    return sorted(manifest.projects.items(), key=lambda one: (len(one[1]), one[1]), reverse=True)


def everything(session: Session) -> Iterator[Listed]:
    """Yield all files of a session: what was uploaded, then what each job has left, the oldest first."""
    manifest = session.manifest()
    for kept in manifest.files:
        yield Listed(session.files.name, kept)
    for _, project in reversed(projects(manifest)):
        with suppress(NotFound):  # the job runs, or has failed
            for kept in of_project(session, project).values():
                yield Listed(project, kept)


def _opened(session: Session, folder: str, name: str, listed: Callable[[], Mapping[str, KeptFile]]) -> Opened:
    for _ in range(TRIES):
        found = _look(session, folder, name, listed())
        if found.kept.is_of(found.file):
            return found
        found.close()
    # It stays other than listed: it was changed by hand, or its place was taken as a machine went down.
    file = _look(session, folder, name, listed()).file
    return Opened(contents.told(name, file), file)


def _look(session: Session, folder: str, name: str, listed: Mapping[str, KeptFile]) -> Opened:
    if name not in listed:
        raise NotFound(NO_SUCH_FILE)
    path = f"{folder}/{name}"
    storage().bring(session.folder, path)
    return Opened(listed[name], opened(session.folder, path))
