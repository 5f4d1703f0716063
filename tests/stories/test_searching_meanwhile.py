"""Searches go on while an index is written, merged, built anew and removed: no request fails."""

import shutil
import threading
from collections import Counter

import pytest

from jobs import folders
from jobs.settings import settings

SEARCHERS = 3
QUERIES = (
    "q=albatross&facets=ext,folder",
    "q=albatross%20number&sort=-modified&highlights=3",
    "q=albat*&mode=any",
    "q=albatros~",
)


class Searchers:
    """Threads that search without a pause; what they were answered is counted by status."""

    def __init__(self, client_of, owner, index):
        self.statuses, self.surprises, self.totals = Counter(), [], []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._look, args=(client_of(owner), index, n)) for n in range(SEARCHERS)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _look(self, client, index, number):
        while not self._stop.is_set():
            answer = client.get(f"/api/v1/indexes/{index}/search?{QUERIES[number % len(QUERIES)]}")
            number += 1
            self.statuses[answer.status_code] += 1
            if answer.status_code == 200:
                self.totals.append(answer.json["total"])
            elif answer.status_code not in (404, 409):
                self.surprises.append(answer.text)


@pytest.fixture
def documents(ada):
    """A folder that the server may index, with forty documents."""
    folder = settings().folder_roots["shelf"] / "meanwhile"
    folder.mkdir(parents=True)
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"albatross number {number}")
    yield folder
    shutil.rmtree(folder)


def test_searches_go_on_through_commits_rebuilding_and_removal(worker, client_of, documents):
    owner = f"watcher-{documents.stat().st_ino}"
    client = client_of(owner)
    first = client.run("indexing", index="meanwhile", folder="shelf/meanwhile")
    assert first["status"] == "completed", first

    with Searchers(client_of, owner, "meanwhile") as searchers:
        for step in range(3):
            (documents / f"{step}.txt").write_text(f"albatross number {step} again")
            assert client.run("indexing", index="meanwhile", folder="shelf/meanwhile")["done"]
        rebuilt = client.run("indexing", index="meanwhile", folder="shelf/meanwhile", mode="full")
    with Searchers(client_of, owner, "meanwhile") as bereft:
        shutil.rmtree(folders.index_folder(owner, "meanwhile"))
        again = client.run("indexing", index="meanwhile", folder="shelf/meanwhile")

    assert rebuilt["status"] == again["status"] == "completed"
    assert (searchers.surprises, bereft.surprises) == ([], [])
    assert set(searchers.statuses) == {200}
    assert set(searchers.totals) == {40}
    assert bereft.statuses[404] > 0
