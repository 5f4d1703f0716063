"""How long a search takes on more than 250,000 passages: in process, over HTTP, and in SQLite's FTS5.

`python -m benchmarks.search [QUERIES]` makes the index of `benchmarks/_chunks.py` unless it is there, asks
the same questions of each in turn, and prints the median and the 99th percentile in milliseconds, with the
ratio of FTS5's median to ours. Ours are whole answers: the exact number of documents, twenty of them each
once, their best passages marked. FTS5 gives its twenty best passages with snippets, without a count; of
facets the one that it can count. Over HTTP it is the real server on loopback, with its Redis, and one
connection.

The goal is a median of at most 3 ms and a 99th percentile of at most 15 ms in process.
"""

import http.client
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import _chunks
from jobs.indexing.search.hits import Filters, Wanted, search

QUERIES = 200
HITS = 20
START_SECONDS = 60.0
LOOK_SECONDS = 0.05
# Words that people search for are neither the most frequent nor those that only one document has.
COMMON, RARE = 150, 12_000
SAMPLED_DOCUMENTS = 2_000
NAME = "made"
SINCE = datetime(2023, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """One kind of question, as each side is asked it; None where FTS5 has nothing like it."""

    name: str
    queries: Sequence[str]
    wanted: Wanted
    parameters: Mapping[str, str]
    table: Callable[[str], str] | None
    statement: str = (
        "select rowid, snippet(passages, 0, '<mark>', '</mark>', '', 32) from passages "
        "where passages match ? order by rank limit 20"
    )


def kinds(number: int) -> list[Kind]:
    """Make the questions, the same at every run."""
    source = random.Random(7)  # noqa: S311 - words, not secrets
    middle = _chunks.words()[COMMON:RARE]
    passages = [text.split() for one in islice(_chunks.texts(), SAMPLED_DOCUMENTS) for text in one]
    known = set(middle)
    phrases = [
        " ".join(text[place : place + 2])
        for text in passages
        for place in (source.randrange(len(text) - 2),)
        if known.issuperset(text[place : place + 2])
    ]

    def drawn(count: int) -> list[str]:
        # Frequent ones oftener, as in queries.
        return [middle[int(len(middle) * source.random() ** 3)] for _ in range(count)]

    several = [" ".join(drawn(source.choice((1, 2, 2, 3)))) for _ in range(number)]
    beginnings = [f"{drawn(1)[0]} {drawn(1)[0][:4]}*" for _ in range(number)]
    misspelt = [_misspelt(source, word) for word in drawn(number * 4) if len(word) > 4][:number]
    filters = Filters(ext=("pdf", "html"), folder="03", modified_after=SINCE)
    narrowed = {"ext": "pdf,html", "folder": "03", "modified_after": SINCE.isoformat()}
    every = " AND ".join
    types = "select ext, count(distinct document) from passages where passages match ? group by ext"
    return [
        Kind("words, all", several, Wanted(), {}, lambda query: every(query.split())),
        Kind(
            "words, any",
            several,
            Wanted(mode="any"),
            {"mode": "any"},
            lambda query: query.replace(" ", " OR "),
        ),
        Kind("phrase", [f'"{one}"' for one in phrases[:number]], Wanted(), {}, str),
        Kind("word and beginning", beginnings, Wanted(), {}, lambda query: every(query.split())),
        Kind("likeness (one or two slips)", misspelt, Wanted(), {}, None),
        Kind(
            "type, folder and date",
            several,
            Wanted(filters=filters),
            narrowed,
            lambda query: every(query.split()),
            "select rowid, snippet(passages, 0, '<mark>', '</mark>', '', 32) from passages "
            "where passages match ? and ext in ('pdf', 'html') order by rank limit 20",
        ),
        Kind(
            "four facets",
            several,
            Wanted(facets=("ext", "folder", "language", "author")),
            {"facets": "ext,folder,language,author"},
            lambda query: every(query.split()),
            types,
        ),
        Kind(
            "filters and facets",
            several,
            Wanted(filters=filters, facets=("ext", "folder")),
            narrowed | {"facets": "ext,folder"},
            None,
        ),
        Kind("newest first", several, Wanted(sort="-modified"), {"sort": "-modified"}, None),
    ]


def _misspelt(source: random.Random, word: str) -> str:
    place = source.randrange(1, len(word) - 1)
    return f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}~"


def timed(ask: Callable[[str], object], queries: Sequence[str]) -> tuple[float, float]:
    """Ask every question; give the median and the 99th percentile of the milliseconds."""
    ask(queries[0])
    taken = []
    for query in queries:
        begun = time.perf_counter()
        ask(query)
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)]


@contextmanager
def served(index: Path) -> Iterator[Callable[[str], bytes]]:
    """Start the server for an index; give a function that gets a path and its query from it."""
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        data = Path(name)
        environment = os.environ | {"LONGHAUL_DATA": name, "LONGHAUL_PORT": str(port)}
        processes = [_started("jobs.redis_server", environment)]
        try:
            subprocess.run([sys.executable, "-m", "jobs.redis_server", "wait"], env=environment, check=True)
            processes.append(_started("api.serve", environment))
            token = _awaited(data / "token")
            indexes = data / "indexes" / "admin"
            indexes.mkdir(parents=True)
            (indexes / NAME).symlink_to(index)
            connection = _connected(port)
            headers = {"Authorization": f"Bearer {token}"}

            def get(address: str) -> bytes:
                connection.request("GET", address, headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status == 200, body
                return body

            yield get
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


def _started(module: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", module], env=environment, stdout=subprocess.DEVNULL)


def _awaited(path: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(LOOK_SECONDS)
    return path.read_text().strip()


def _connected(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.connect()
        except OSError:
            assert time.monotonic() < deadline, "the server does not listen"
            time.sleep(LOOK_SECONDS)
        else:
            return connection


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else QUERIES
    folder = _chunks.build()
    index, table = folder / "index", sqlite3.connect(folder / "fts5.db")
    passages = _chunks.DOCUMENTS * _chunks.PASSAGES_A_DOCUMENT
    size = sum(file.stat().st_size for file in (index / "segments").iterdir())
    print(f"{passages:,} passages of {_chunks.DOCUMENTS:,} documents, {number} questions of each kind")
    print(f"index {size / 1e6:,.0f} MB, FTS5 {(folder / 'fts5.db').stat().st_size / 1e6:,.0f} MB")
    print(f"{'ms: median / 99 %':30}{'in process':>16}{'over HTTP':>16}{'FTS5':>18}{'FTS5 : ours':>14}")
    with served(index) as get:
        for kind in kinds(number):
            print(_row(kind, index, table, get), flush=True)


def _row(kind: Kind, index: Path, table: sqlite3.Connection, get: Callable[[str], bytes]) -> str:
    ours = timed(lambda query: search(index, query, kind.wanted), kind.queries)

    def over_http(query: str) -> object:
        return json.loads(get(f"/api/v1/indexes/{NAME}/search?{urlencode({'q': query, **kind.parameters})}"))

    served = timed(over_http, kind.queries)
    cells = [f"{median:.2f} / {late:.2f}" for median, late in (ours, served)]
    row = f"{kind.name:30}{cells[0]:>16}{cells[1]:>16}"
    if kind.table is None:
        return row
    asked = [kind.table(query) for query in kind.queries]
    theirs = timed(lambda query: table.execute(kind.statement, (query,)).fetchall(), asked)
    return f"{row}{f'{theirs[0]:.1f} / {theirs[1]:.1f}':>18}{theirs[0] / ours[0]:>13.0f}x"


if __name__ == "__main__":
    main()
