"""A file in which vectors of one length stand one after the other, to be written and read by place."""

import errno
import os
from pathlib import Path

from jobs.indexing.vectors.embedder import NUMBER_BYTES


class VectorFile:
    """The file, opened for writing; made, if it is not there."""

    def __init__(self, path: Path, dimension: int, *, new: bool = False) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | (os.O_TRUNC if new else 0)
        self._file = os.open(path, flags, 0o644)
        self._bytes = dimension * NUMBER_BYTES

    def holds(self, places: int) -> bool:
        """Tell whether it is long enough for so many vectors."""
        return os.fstat(self._file).st_size >= places * self._bytes

    def read(self, place: int) -> bytes:
        """Read a vector; what is beyond the end is empty."""
        return os.pread(self._file, self._bytes, place * self._bytes)

    def write(self, place: int, vector: bytes) -> None:
        """Write a vector.

        Raises
        ------
        OSError
            The disk does not take it.
        """
        if os.pwrite(self._file, vector, place * self._bytes) != len(vector):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # a disk that is full takes a part first

    def sync(self) -> None:
        """Make what was written outlive a power cut."""
        os.fsync(self._file)

    def close(self) -> None:
        """Close it; safe to be called again."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
