"""Check sums of the two files of an index that change in place: its list of files, and that of its segments.

They are taken when a run lets go of the index, and dropped before the next one changes anything. So a seal
that does not fit means damage, and none that the last run was cut off.
"""

import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson

from jobs.indexing.durable import sync_folder
from jobs.indexing.index.generations import FILE_NAME, SEAL, SEGMENTS

SEALED: Final = (FILE_NAME, f"{SEGMENTS}/meta.json")
BLOCK_BYTES: Final = 1 << 20


def seal(place: Path) -> None:
    """Seal an index that is closed; one whose list of files is still being read by others stays without."""
    journal = place / f"{FILE_NAME}-wal"
    with suppress(OSError):  # a seal that a full disk or a power cut has torn is as good as none
        if journal.exists() and journal.stat().st_size:
            return  # what was written last is not in the file itself
        sums = {name: check_sum(place / name) for name in SEALED if (place / name).exists()}
        (place / SEAL).write_bytes(orjson.dumps(sums))


def break_seal(place: Path) -> None:
    """Drop the seal, for good before anything else is written."""
    if (place / SEAL).exists():
        (place / SEAL).unlink()
        sync_folder(place)


def is_sealed(place: Path) -> bool:
    """Tell whether there is a seal that can be read."""
    return bool(_sums(place))


def broken_seal(place: Path) -> str | None:
    """Name the file that is not as it was sealed; None where all are, or there is no seal."""
    for name, expected in _sums(place).items():
        if not (place / name).exists() or check_sum(place / name) != expected:
            return name
    return None


def check_sum(path: Path, *, but_last: int = 0) -> int:
    """Give the CRC-32 of a file, without its last bytes if that is wanted."""
    found = 0
    with path.open("rb") as file:
        left = path.stat().st_size - but_last
        while left > 0 and (block := file.read(min(left, BLOCK_BYTES))):
            found = zlib.crc32(block, found)
            left -= len(block)
    return found


def _sums(place: Path) -> dict[str, int]:
    try:
        found = orjson.loads((place / SEAL).read_bytes())
    except (OSError, ValueError):
        return {}
    return {name: found[name] for name in SEALED if name in found} if isinstance(found, dict) else {}
