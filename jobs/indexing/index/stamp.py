"""By which version of the program an index was made: one of another is searched, and built anew by a run."""

from dataclasses import asdict, dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from jobs.indexing.durable import write_durably
from jobs.indexing.index import engine, manifest
from jobs.indexing.index.generations import SEGMENTS, STAMP

# Each analyser cuts this: whoever changes how words are cut changes what comes out. Stems of several
# languages, accents, cases, signs inside words, numbers, and scripts without spaces.
PROBE = (
    "The universities' RUNNING foxes; Straße, naïve cafés, Übergröße: e-mail a.b@example.org C++ 3.14 "
    "łódź gatos corriendo chevaux nationales häuser быстрые лисицы ταχύς αλεπού "
    "東京大学は日本の大学です 中文搜索 한국어 สวัสดี العربية"
)


@dataclass(frozen=True)
class Stamp:
    """The version of an index: the number of its schema, and a print of all that makes two compatible.

    `built_by` and `warnings` are of an index that was built anew: the run that did it, and what it has to
    tell of that.
    """

    schema_version: int
    fingerprint: str
    built_by: str | None = None
    warnings: tuple[str, ...] = ()


@cache
def ours() -> Stamp:
    """Give the stamp of what this program writes."""
    cut = {name: analyser.analyze(PROBE) for name, analyser in sorted(engine.analysers().items())}
    parts = orjson.dumps([_spelt_out(), cut, manifest.DEFINITION])
    return Stamp(engine.SCHEMA_VERSION, blake2b(parts, digest_size=16).hexdigest())


def read_stamp(place: Path) -> Stamp | None:
    """Read the stamp of an index; None where it has none that can be read, as from before there were any."""
    try:
        found = orjson.loads((place / STAMP).read_bytes())
        return Stamp(**found | {"warnings": tuple(found["warnings"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_stamp(place: Path, stamp: Stamp) -> None:
    """Write the stamp of an index.

    Raises
    ------
    Unavailable
        The disk does not take it.
    """
    write_durably(place / STAMP, orjson.dumps(asdict(stamp)))


def is_searchable(place: Path) -> bool:
    """Tell whether the schema of an index has all that this program looks for; True where nobody can tell."""
    try:
        stored = orjson.loads((place / SEGMENTS / "meta.json").read_bytes())["schema"]
        return _looked_for(_spelt_out()["inner"]) <= _looked_for(stored)
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _spelt_out() -> dict[str, Any]:
    """Spell out the schema of this program, in the one way that the engine has for that."""
    reduced: Any = engine.schema().__reduce__()
    spelt: dict[str, Any] = reduced[1][0]
    return spelt


def _looked_for(fields: list[dict[str, Any]]) -> set[tuple[str, str, bool]]:
    return {(field["name"], field["type"], field["options"]["fast"]) for field in fields}


def is_ours(place: Path) -> bool:
    """Tell whether an index was made by a program that reads and writes as this one does."""
    found, expected = read_stamp(place), ours()
    return found is not None and found.fingerprint == expected.fingerprint
