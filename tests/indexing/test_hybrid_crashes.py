"""The process that makes vectors is killed, at the worst moments: the next run goes on, to the same ones."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.embeddings import Endpoint
from jobs.indexing.vectors import store
from jobs.indexing.vectors.layout import about, file_of, folder_of, missing, reading
from tests.indexing.conftest import Desk
from tests.indexing.meaning import found, paths
from tests.indexing.spreading import RUN, extracted, finished, prepared
from tests.support.embedding import embeddings

PROJECT = Path(__file__).resolve().parents[2]
WORDS = ("bread", "engine", "penguin", "salary", "doctor", "yacht")


def vectors(index: Path) -> list[tuple]:
    """List every passage that has a vector, with it, whatever place it has."""
    with reading(index) as database:
        state = about(database)
        size = state.dimension * 2
        content = file_of(folder_of(index), state.file).read_bytes()
        rows = database.execute("select key, ord, print, place from passages order by key, ord").fetchall()
        assert missing(database) == 0
    return [
        (key, order, text, content[place * size : (place + 1) * size]) for key, order, text, place in rows
    ]


def fill(desk: Desk) -> None:
    for number in range(60):
        word = WORDS[number % len(WORDS)]
        desk.write(f"{number:02}.txt", f"{word} in the note with the number {number}")


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """What a run makes of the documents that nothing interrupts."""
    desk = Desk(tmp_path_factory.mktemp("clean"))
    fill(desk)
    with embeddings() as endpoint:
        desk.run(embedder=Endpoint(endpoint.url + "/embeddings", "concepts"))
    return vectors(desk.index)


def interrupted(desk, endpoint, method: str, call: int, *run: str) -> int:
    program = [sys.executable, "-m", "tests.indexing.interrupted_vectors"]
    arguments = [str(desk.root), str(desk.index), f"{endpoint.url}/embeddings", method, str(call), *run]
    return subprocess.run([*program, *arguments], cwd=PROJECT, check=False, timeout=60).returncode


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("Store.set_dimension", 1),
        ("Store.hold", 30),
        ("VectorFile.write", 1),
        ("VectorFile.write", 29),
        ("VectorFile.sync", 4),
        ("Store.add", 3),
        ("Store.commit", 5),
        ("Store.tidy", 1),
    ],
)
def test_a_run_that_was_killed_is_made_good_by_the_next(desk, endpoint, clean, method, call):
    fill(desk)

    killed = interrupted(desk, endpoint, method, call)
    result = desk.run(embedder=Endpoint(f"{endpoint.url}/embeddings", "concepts"))

    assert killed == -signal.SIGKILL
    assert result.warnings == ()
    assert vectors(desk.index) == clean


def test_a_run_in_batches_that_was_killed_at_its_end_is_finished_by_the_next_attempt(desk, endpoint, clean):
    fill(desk)
    extracted(desk, prepared(desk))

    killed = interrupted(desk, endpoint, "Store.add", 3, RUN)
    result = finished(desk, embedder=Endpoint(f"{endpoint.url}/embeddings", "concepts"))

    assert killed == -signal.SIGKILL
    assert (result.indexed, result.warnings) == (60, ())
    assert vectors(desk.index) == clean
    assert len(endpoint.texts) == 60 + 8  # the third batch of eight was not committed


def test_what_was_committed_before_the_kill_is_not_embedded_again(desk, endpoint):
    fill(desk)
    interrupted(desk, endpoint, "Store.add", 4)  # the fourth batch of eight is not committed
    before = len(endpoint.texts)

    desk.run(embedder=Endpoint(f"{endpoint.url}/embeddings", "concepts"))

    assert before == 32
    assert len(endpoint.texts) - before == 60 - 24


def test_a_kill_while_vectors_are_moved_together_loses_none(desk, endpoint, monkeypatch):
    fill(desk)
    embedder = Endpoint(f"{endpoint.url}/embeddings", "concepts", batch=8)
    monkeypatch.setattr(store, "IDLE_PLACES", 10)
    desk.run(embedder=embedder)
    for number in range(0, 60, 2):
        (desk.root / f"{number:02}.txt").unlink()
    before = {one[:3]: one[3] for one in vectors(desk.index)}

    killed = interrupted_moving(desk, endpoint)
    desk.run(embedder=embedder)

    assert killed == -signal.SIGKILL
    after = {one[:3]: one[3] for one in vectors(desk.index)}
    assert len(after) == 30
    assert after.items() <= before.items()
    assert len(endpoint.texts) == 60
    assert len(list(folder_of(desk.index).glob("*.f16"))) == 1


def interrupted_moving(desk, endpoint) -> int:
    program = (
        "import sys; from jobs.indexing.vectors import store; store.IDLE_PLACES = 10; "
        "from tests.indexing.interrupted_vectors import main; main(*sys.argv[1:])"
    )
    arguments = [str(desk.root), str(desk.index), f"{endpoint.url}/embeddings", "VectorFile.write", "15"]
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=PROJECT, check=False, timeout=60
    ).returncode


def test_vectors_that_were_moved_together_are_found_as_before(desk, endpoint, embedder, monkeypatch):
    fill(desk)
    desk.run(embedder=embedder)
    for number in range(0, 60, 2):
        (desk.root / f"{number:02}.txt").unlink()
    found(desk.index, "loaf", embedder)  # has the file that goes open
    monkeypatch.setattr(store, "IDLE_PLACES", 10)
    desk.run(embedder=embedder)

    result = found(desk.index, "ship", embedder, limit=30)

    assert result.total == 30
    assert all(int(path[:2]) % 6 == 5 for path in paths(result)[:10])  # those with a yacht
    with reading(desk.index) as database:
        assert about(database).places == 30
