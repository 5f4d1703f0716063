"""An index as the first version made it: searched no more, and built anew with all that it holds."""

import sqlite3

import pytest
import tantivy

from jobs.errors import BrokenIndex
from jobs.indexing.index.entries import document_key
from jobs.indexing.index.health import health
from jobs.indexing.index.manifest import document_id, files
from jobs.indexing.index.overview import statistics
from jobs.indexing.runs.removal import remove_source
from tests.indexing.conftest import SOURCE, counts

LOST = "folder:lost"


def old_schema() -> tantivy.Schema:
    """Build the schema of version 1."""
    builder = tantivy.SchemaBuilder()
    for name in ("doc", "path", "ext", "source"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="english")
    builder.add_text_field("body", stored=True, tokenizer_name="english")
    builder.add_text_field("body_cjk", tokenizer_name="cjk")
    builder.add_integer_field("key", fast=True)
    builder.add_integer_field("ord", stored=True, fast=True)
    builder.add_integer_field("page", stored=True)
    builder.add_integer_field("mtime", stored=True, indexed=True, fast=True)
    builder.add_integer_field("bytes", stored=True)
    return builder.build()


def old_manifest(path) -> sqlite3.Connection:
    """Make the list of files of version 1."""
    database = sqlite3.connect(path)
    database.executescript("""
        create table files(source text not null, path text not null, status text not null,
            size integer not null, mtime_ns integer not null, hash text, format text not null, reason text,
            detail text, chunks integer not null, characters integer not null, milliseconds integer not null,
            run integer not null, primary key (source, path)) without rowid;
        create table pending(source text not null, path text not null, primary key (source, path))
            without rowid;
        create table runs(run integer primary key autoincrement, source text not null, finished_at real);
        pragma user_version = 1;
    """)
    return database


@pytest.fixture
def old(desk):
    """An index of two sources: one is there, of the other nobody knows the folder any more."""
    segments = desk.index / "segments"
    segments.mkdir(parents=True)
    schema = old_schema()
    index = tantivy.Index(schema, path=str(segments))
    simple = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build()
    for name in ("english", "cjk"):
        index.register_tokenizer(name, simple)
    writer = index.writer(20_000_000, 1)
    with old_manifest(desk.index / "manifest.db") as database:
        for source, path, texts in (
            (SOURCE, "a/here.txt", ["albatross"]),
            (LOST, "b/lost.pdf", ["petrel of the south", "petrel of the north"]),
        ):
            doc = document_id(source, path)
            common = {"doc": doc, "path": [path, f"{path[0]}/"], "source": source, "ext": path[-3:]}
            common |= {"title": "Birds", "key": document_key(doc), "mtime": 86_400, "bytes": 7}
            for number, text in enumerate(texts):
                fields = common | {"body": ["Birds", text], "ord": number, "page": number + 1}
                writer.add_document(tantivy.Document.from_dict(fields, schema))
            database.execute(
                "insert into files values"
                "(?, ?, 'indexed', 7, 86400000000000, ?, 'pdf', null, null, ?, 9, 1, 1)",
                (source, path, f"hash of {path}", len(texts)),
            )
        database.execute("insert into runs(source, finished_at) values(?, 1.0)", (LOST,))
    database.close()
    writer.commit()
    writer.wait_merging_threads()
    desk.write("a/here.txt", "albatross")
    return desk


def test_an_index_of_the_first_version_says_what_it_is_and_is_counted(old):
    found, counted = health(old.index), statistics(old.index)

    assert found.state == "outdated"
    assert "This one cannot search it. Start an indexing job" in found.detail
    assert (counted.documents, counted.chunks, counted.schema_version) == (2, 3, 1)
    assert counted.by_language == {}
    assert [one.source for one in counted.sources] == [SOURCE, LOST]


def test_a_search_of_an_index_of_the_first_version_says_what_to_do(old):
    with pytest.raises(BrokenIndex, match="made by another version"):
        old.found("albatross")


def test_an_index_of_the_first_version_is_built_anew_with_what_nobody_can_read_again(old):
    result = old.run()

    assert counts(result) == {"indexed": 1}
    assert "folder:lost cannot be reached: 1 document was kept" in result.warnings[1]
    assert old.found("albatross") == ["a/here.txt"]
    assert old.found("petrel north") == ["b/lost.pdf"]
    (lost,) = (row for row in files(old.index) if row.source == LOST)
    assert (lost.status, lost.chunks, lost.modified_at.day) == ("unchanged", 2, 2)
    assert health(old.index).state == "ok"


def test_a_source_can_leave_an_index_of_the_first_version(old):
    removed = remove_source(old.index, LOST)
    state = health(old.index).state
    result = old.run()

    assert (removed, state) == (1, "outdated")
    assert len(result.warnings) == 1
    assert [row.source for row in files(old.index)] == [SOURCE]
