"""Archives whose members are files of the run: `papers.zip` holds `papers.zip/2024/a.pdf`.

What is in an archive is noted beside the index under the hash of the archive, so that one that has not
changed is not opened again. Members are written to disk only to be read, an archive at a time.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.errors import Unavailable
from jobs.indexing.durable import clear, write_durably
from jobs.indexing.extraction.children import KEPT_VARIABLES, PROJECT
from jobs.indexing.limits import Limits
from jobs.indexing.sources.scan import File
from jobs.indexing.wording import UNREADABLE

FOLDER: Final = "archives"
SECONDS_PER_ARCHIVE: Final = 300.0  # 500 MB of xz take 10; a hostile one must not hold a worker
# Reasons that another try, or another machine, may do away with; every other stays while the archive does.
PASSING: Final = frozenset({"timeout", "extractor_crashed", "out_of_memory", "vanished", UNREADABLE})
FORM: Final = 1  # of the notes; those of another are not believed
TURN_SECONDS: Final = 1.0

_PROGRAM: Final = """
import json, sys
sys.path.insert(0, sys.argv[1])
from jobs.indexing.extraction.unpacking import main
from jobs.indexing.limits import Limits
main(int(sys.argv[2]), Limits(**json.loads(sys.argv[3])))
"""

Why = tuple[str, str, str]  # status, reason and detail of what is not read


@dataclass(frozen=True)
class Listing:
    """What is in an archive: its hash, and its members as `members.Shown` tells of them.

    `refused` says why it cannot be told.
    """

    size: int
    mtime_ns: int
    hash: str
    members: Sequence[tuple[int, str, int, int, bool, bool]] = ()
    refused: Why | None = None
    form: int = 0


@dataclass
class Unpacked:
    """What became of the members that were wanted: where the good ones lie, why the others do not."""

    folder: Path
    numbers: set[int] = field(default_factory=set)
    refused: dict[int, Why] = field(default_factory=dict)
    rest: Why = ("skipped", "vanished", "the archive was changed before it was read")

    def why(self, number: int) -> Why | None:
        """Tell why a member was not unpacked; None if it was."""
        return None if number in self.numbers else self.refused.get(number, self.rest)


class Notes:
    """What is known of the archives of a source, one file an archive, kept beside the index.

    Without `write` nothing is noted; with `doubt` refusals that were noted are not believed.
    """

    def __init__(self, index: Path, source: str, *, write: bool = True, doubt: bool = False) -> None:
        self._folder = index / FOLDER / _digest(source)
        self._write = write
        self._doubt = doubt
        self._seen: set[str] = set()

    def read(self, file: File) -> Listing | None:
        """Return what was noted of an archive, which may have changed since."""
        self._seen.add(_digest(file.path))
        with suppress(FileNotFoundError, ValueError, TypeError):
            noted = Listing(**orjson.loads((self._folder / _digest(file.path)).read_bytes()))
            believed = noted.form == FORM and not (noted.refused is not None and self._doubt)
            return noted if believed else None
        return None

    def write(self, file: File, listing: Listing) -> None:
        """Note what is in an archive."""
        if self._write and (listing.refused is None or listing.refused[1] not in PASSING):
            write_durably(self._folder / _digest(file.path), orjson.dumps(asdict(listing)))

    def forget_others(self) -> None:
        """Forget the archives that were not asked for."""
        if self._write and self._folder.is_dir():
            for entry in self._folder.iterdir():
                if entry.name not in self._seen:
                    clear(entry)


def forget_archives(index: Path, source: str) -> None:
    """Forget the archives of a source that leaves the index."""
    clear(index / FOLDER / _digest(source))


def list_archive(file: File, notes: Notes, limits: Limits) -> Generator[None, None, Listing]:
    """Yield while it takes time; return what is in an archive, from what is noted if it has not changed."""
    known = notes.read(file)
    if known is not None and (known.size, known.mtime_ns) == (file.size, file.mtime_ns):
        return known
    if file.size > limits.archive_bytes:
        detail = f"{file.size:,} bytes, the limit is {limits.archive_bytes:,}"
        return Listing(file.size, file.mtime_ns, "", refused=("skipped", "too_large", detail))
    lines = yield from _asked({"path": file.location.decode("latin-1"), "wanted": None}, limits)
    found = Listing(
        file.size,
        file.mtime_ns,
        next((line["hash"] for line in lines if "hash" in line), ""),
        [tuple(line["member"]) for line in lines if "member" in line],
        _refusal(lines),
        FORM,
    )
    notes.write(file, found)
    return found


@contextmanager
def unpacking_place(folder: Path) -> Iterator[Path]:
    """Make an empty folder for members, gone at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="members-", dir=folder, ignore_cleanup_errors=True) as place:
        yield Path(place)


def unpack(
    location: bytes, wanted: Mapping[int, int], folder: Path, limits: Limits
) -> Generator[None, None, Unpacked]:
    """Yield while it takes time; write members of an archive to a folder, under their numbers.

    Parameters
    ----------
    wanted : mapping of int to int
        The numbers of the members, and the size in bytes that each was listed with.

    Raises
    ------
    Unavailable
        The disk is full.
    """
    request = {"path": location.decode("latin-1"), "wanted": list(wanted.items()), "folder": str(folder)}
    lines = yield from _asked(request, limits)
    found = Unpacked(folder, {line["unpacked"] for line in lines if "unpacked" in line})
    for line in lines:
        if "refused_member" in line:
            number, status, reason, detail = line["refused_member"]
            found.refused[number] = status, reason, detail
    found.rest = _refusal(lines) or found.rest
    if any("full" in line for line in lines):
        raise Unavailable("An archive could not be unpacked: the disk is full.")
    return found


def _asked(request: Mapping[str, object], limits: Limits) -> Generator[None, None, list[dict[str, Any]]]:
    """Let a process of its own answer; yield every second until it has."""
    with tempfile.TemporaryFile() as answers, tempfile.TemporaryFile() as question:
        question.write(json.dumps(request).encode())
        question.seek(0)
        arguments = [str(PROJECT), str(os.getpid()), json.dumps(asdict(limits))]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, program and numbers
            [sys.executable, "-I", "-c", _PROGRAM, *arguments],
            stdin=question,
            stdout=answers,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
            | {"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
        try:
            late = yield from _watched(process)
        finally:
            process.kill()
            process.wait()
        answers.seek(0)
        lines = [orjson.loads(line) for line in answers.read().splitlines() if line.endswith(b"}")]
    if late:
        lines.append({"refused": ["failed", "timeout", f"not opened within {SECONDS_PER_ARCHIVE:g} s"]})
    elif not any("done" in line for line in lines):
        lines.append({"refused": ["failed", "extractor_crashed", "the process that opened it ended"]})
    return lines


def _watched(process: "subprocess.Popen[bytes]") -> Generator[None, None, bool]:
    """Yield every second until a process has ended; tell whether it has taken too long."""
    deadline = time.monotonic() + SECONDS_PER_ARCHIVE
    while time.monotonic() < deadline:
        with suppress(subprocess.TimeoutExpired):
            process.wait(TURN_SECONDS)
            return False
        yield None
    return True


def _refusal(lines: Sequence[Mapping[str, Any]]) -> Why | None:
    for line in lines:
        if "refused" in line:
            status, reason, detail = line["refused"]
            return status, reason, detail
    return None


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
