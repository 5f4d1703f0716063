"""What makes an index worthless: another version, and changed or missing bytes."""

import random

import orjson

from jobs.indexing.index.generations import current
from tests.indexing.conftest import SOURCE

OTHER = "folder:other"


def reached(desk):
    """Resolve the other source."""
    return {OTHER: desk.other, SOURCE: desk.root}.get


def make_outdated(desk) -> None:
    place = current(desk.index)
    found = orjson.loads((place / "stamp.json").read_bytes())
    (place / "stamp.json").write_bytes(orjson.dumps(found | {"fingerprint": "of another version"}))


def damage(path, seed: int) -> None:
    """Change one byte at a random place."""
    chance = random.Random(seed)  # noqa: S311 - a test, and the seed is in its name
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    put(path, bytes(data))


def put(path, data: bytes) -> None:
    """Replace a file: one that is cut off in place takes down every process that has it mapped."""
    path.with_name("new").write_bytes(data)
    path.with_name("new").replace(path)
