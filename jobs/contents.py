"""What is known of each file that users may read: its size, digests and time, told once and kept.

What was uploaded stands in the manifest of its session. What a job has made is listed in a file of its
project, which is written before the project is seen. Whatever else lies in these folders is not served.
"""

import hashlib
import mimetypes
import os
import zlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter

from jobs.storage import opened, write_bytes

LIST: Final = "files.json"
BLOCK_BYTES: Final = 1 << 18
UNKNOWN_TYPE: Final = "application/octet-stream"


class StoredFile(BaseModel):
    """A file. `sha256` is that of its content, in hexadecimal."""

    model_config = ConfigDict(frozen=True)

    name: str
    bytes: int
    sha256: str
    media_type: str


class KeptFile(StoredFile):
    """A file as it is kept; the last two are None where an earlier version has kept it."""

    crc32: int | None = None
    mtime_ns: int | None = None

    def is_of(self, file: BinaryIO) -> bool:
        """Tell whether this is told of an open file, and not of what it has taken the place of."""
        now = os.fstat(file.fileno())
        return now.st_size == self.bytes and self.mtime_ns in (None, now.st_mtime_ns)


_LISTED: Final = TypeAdapter(tuple[KeptFile, ...])


def media_type_of(name: str) -> str:
    """Return the media type that a file's name tells."""
    return mimetypes.guess_type(name)[0] or UNKNOWN_TYPE


def told(name: str, file: BinaryIO) -> KeptFile:
    """Return what is to be known of an open file, by reading it from beginning to end."""
    now, digest, crc32, size = os.fstat(file.fileno()), hashlib.sha256(), 0, 0
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
        crc32 = zlib.crc32(block, crc32)
        size += len(block)
    file.seek(0)
    return KeptFile(
        name=name,
        bytes=size,
        sha256=digest.hexdigest(),
        media_type=media_type_of(name),
        crc32=crc32,
        mtime_ns=now.st_mtime_ns,
    )


def write_list(project: Path) -> None:
    """List the files of a project: no links, nothing hidden, nothing that is no file."""
    found = []
    for parent, folders, names in os.walk(project):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            relative = path.relative_to(project).as_posix()
            if relative == LIST or name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            with closing(opened(project, relative)) as file:
                found.append(told(relative, file))
    write_bytes(project / LIST, _LISTED.dump_json(tuple(found)))


def read_list(folder: Path, project: str) -> Mapping[str, KeptFile]:
    """Return the files of a project of a session, by their paths in it.

    Raises
    ------
    NotFound
        There is no such list.
    """
    with closing(opened(folder, f"{project}/{LIST}")) as file:
        listed = _LISTED.validate_python(orjson.loads(file.read()))
    return {kept.name: kept for kept in listed}
