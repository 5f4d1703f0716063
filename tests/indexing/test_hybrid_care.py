"""Vectors on the disk: damage, room, other writers, other names."""

import sqlite3
from contextlib import closing

import pytest

from jobs.errors import IndexBusy
from jobs.indexing.vectors import nearest, store
from jobs.indexing.vectors.layout import file_of, folder_of
from tests.indexing.meaning import found, passages_with_vectors, paths


def test_damaged_vectors_are_made_anew_and_searches_say_so_until_then(library, embedder):
    library.run(embedder=embedder)
    (folder_of(library.index) / "vectors.db").write_bytes(b"nonsense" * 1000)
    before = found(library.index, "vessel", embedder)

    library.run(embedder=embedder)

    assert paths(before) == ["sea/engine.txt"]
    assert "the vectors are damaged" in before.warnings[0]
    after = found(library.index, "repair ship motor", embedder)
    assert (paths(after)[0], after.warnings) == ("sea/engine.txt", ())


def test_a_file_of_vectors_that_was_cut_is_made_anew(library, embedder):
    library.run(embedder=embedder)
    nearest.let_go(library.index)
    with file_of(folder_of(library.index), 2).open("r+b") as file:
        file.truncate(100)
    before = found(library.index, "vessel", embedder)

    library.run(embedder=embedder)

    assert paths(before) == ["sea/engine.txt"]
    assert "the vectors are damaged" in before.warnings[0]
    assert passages_with_vectors(library.index) == 4


def test_a_vector_that_the_disk_has_changed_is_nobodys(library, embedder):
    library.run(embedder=embedder)
    with file_of(folder_of(library.index), 2).open("r+b") as file:
        file.write(b"\x3c" * 96)

    result = found(library.index, "keeping bread fresh", embedder)

    assert result.total == 3


def test_an_index_that_is_built_anew_keeps_the_vectors_of_what_it_still_says(library, endpoint, embedder):
    library.run(embedder=embedder)
    (library.index / "stamp.json").unlink()  # as if it were of another version
    library.write("new.txt", "A yacht.")

    result = library.run(embedder=embedder)

    assert "built anew" in result.warnings[0]
    assert len(endpoint.texts) == 4 + 1
    assert passages_with_vectors(library.index) == 5
    assert paths(found(library.index, "repair ship motor", embedder))[0] == "sea/engine.txt"


def test_vectors_of_another_version_of_the_program_are_made_anew(library, endpoint, embedder):
    library.run(embedder=embedder)
    with closing(sqlite3.connect(folder_of(library.index) / "vectors.db")) as database:
        database.execute("pragma user_version = 99")
        database.execute("alter table about drop column removals")

    library.run(embedder=embedder)

    assert len(endpoint.texts) == 4 + 4
    assert found(library.index, "repair ship motor", embedder).warnings == ()


def test_what_a_disk_has_lost_of_old_vectors_is_made_again(library, endpoint, embedder, monkeypatch):
    library.run(embedder=embedder)
    with file_of(folder_of(library.index), 2).open("r+b") as file:
        file.write(b"\x3c" * 96)
    monkeypatch.setattr(store, "CHECK_AGAIN_SECONDS", -1.0)  # the week is over

    library.run(embedder=embedder)

    assert paths(found(library.index, "keeping bread fresh", embedder))[0] == "kitchen/loaves.txt"
    assert found(library.index, "keeping bread fresh", embedder).total == 4


def test_vectors_are_counted_in_the_size_of_the_index_and_stop_where_there_is_no_room(library, embedder):
    size = library.run().index_bytes

    result = library.run(embedder=embedder, most_bytes=size + 20_000)

    assert result.index_bytes > size
    assert "the index has no room left for them within your limit" in result.warnings[0]
    assert library.found("petrel") == ["sea/log.txt"]


def test_a_run_that_was_superseded_writes_no_vectors(library, endpoint, embedder):
    library.run()

    def takes_over(number, texts):
        (library.index / "fence").write_text("1000")

    endpoint.behaviour = takes_over

    with pytest.raises(IndexBusy):
        library.run(embedder=embedder)
    assert passages_with_vectors(library.index) == 0


def test_an_index_is_found_by_meaning_after_it_was_renamed(library, embedder, endpoint):
    library.run(embedder=embedder)
    renamed = library.index.rename(library.index.with_name("renamed"))

    asked = found(renamed, "keeping bread fresh", embedder)
    library.index = renamed
    library.run(embedder=embedder)

    assert paths(asked)[0] == "kitchen/loaves.txt"
    assert len(endpoint.texts) == 4 + 1
