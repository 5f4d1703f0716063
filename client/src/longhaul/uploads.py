"""What is sent to the service: tables of any kind, files, and folders of files."""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from longhaul.errors import UnusableData
from longhaul.tables import is_frame, scratch_folder, write_frame
from longhaul.transport import Content

LONGEST_NAME_BYTES = 200  # of a file of a session
HASH_LETTERS = 8
FOLDER_MARK = "__"  # between the folders and the name of an uploaded file: a session has no folders
# How files begin that are no text, and what such a file is called when it has no name.
MAGIC = {
    b"PAR1": ".parquet",
    b"PK\x03\x04": ".xlsx",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"{": ".json",
    b"[": ".json",
}


@dataclass(frozen=True)
class Upload:
    """A file to send: its name in the session, how to open it, and where it lies, if on the disk."""

    name: str
    content: Content
    path: Path | None = None

    def sha256(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal."""
        with self.content() as file:
            digest = hashlib.sha256()
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()


def file_upload(path: Path, name: str | None = None) -> Upload:
    """Return a file to send, which is read when it is sent.

    Raises
    ------
    UnusableData
        There is no such file.
    """
    if not path.is_file():
        raise UnusableData(f"There is no file {str(path)!r}.")
    return Upload(name or path.name, lambda: path.open("rb"), path)


@contextmanager
def table(data: Any, name: str | None = None) -> Iterator[Upload]:
    """Yield a table to send, whatever it is given as: a path, bytes of a file, or a DataFrame.

    Parameters
    ----------
    name : str, optional
        What the file is called in the session; by default its own name, else `data` with a fitting ending.

    Raises
    ------
    UnusableData
        It is none of these.
    """
    if isinstance(data, str | os.PathLike):
        yield file_upload(Path(data).expanduser(), name)
    elif isinstance(data, bytes | bytearray | memoryview):
        content = bytes(data)
        yield Upload(name or f"data{_ending(content)}", lambda: io.BytesIO(content))
    elif is_frame(data):
        with scratch_folder() as folder:
            path = write_frame(data, Path(folder), "data")
            yield file_upload(path, f"{PurePosixPath(name).stem}{path.suffix}" if name else path.name)
    else:
        kind = type(data).__name__
        raise UnusableData(f"A table is a path, bytes or a DataFrame of pandas or polars, not {kind}.")


def _ending(content: bytes) -> str:
    head = content.lstrip()[:4]
    return next((ending for magic, ending in MAGIC.items() if head.startswith(magic)), ".csv")


def documents(paths: Iterable[str | os.PathLike[str]]) -> list[Upload]:
    """Return the files at `paths`, of folders all below them, to send them into one session.

    Hidden files and folders are left out, links to folders are not followed. What lies in folders is named by
    the way to it, with two underscores for each slash.

    Raises
    ------
    UnusableData
        There is no such file, two would have one name, or there is none at all.
    """
    found: dict[str, Upload] = {}
    for given in paths:
        root = Path(given).expanduser()
        for path in _files(root):
            name = _flat_name(path.relative_to(root).parts if root.is_dir() else (path.name,))
            if name in found and found[name].path != path:
                raise UnusableData(f"{found[name].path} and {path} would have one name: index them apart.")
            found[name] = file_upload(path, name)
    if not found:
        raise UnusableData("There is no file to send.")
    return list(found.values())


def _files(root: Path) -> Iterator[Path]:
    if not root.exists():
        raise UnusableData(f"There is no file or folder {str(root)!r}.")
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith(".") and path.is_file():
                yield path


def _flat_name(parts: tuple[str, ...]) -> str:
    """Return a name that a session takes; a long one loses its beginning, and keeps it as a hash."""
    joined = FOLDER_MARK.join(parts).replace("\\", "_")
    name = "".join(letter if letter.isprintable() else "_" for letter in joined)
    content = name.encode("utf-8", "replace")
    if len(content) <= LONGEST_NAME_BYTES and name == joined:
        return name
    mark = hashlib.sha256("/".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:HASH_LETTERS]
    kept = content[-(LONGEST_NAME_BYTES - HASH_LETTERS - 1) :].decode("utf-8", "ignore")
    return f"{mark}-{kept}"
