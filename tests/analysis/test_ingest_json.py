"""JSON and JSON Lines: numbers and words as they are written, whatever the records are."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.tables import records
from jobs.analysis.tables.ingest import Table, ingest
from jobs.errors import UnreadableTable

Read = Callable[[str], Table]
RECORDS = [{"n": 1, "word": "x", "size": 2.5}, {"n": 2, "word": "y", "size": None}, {"n": 3, "word": "z"}]
EXPECTED = [(1, "x", 2.5), (2, "y", None), (3, "z", None)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(text: str) -> Table:
        path = tmp_path / "table.json"
        path.write_text(text, encoding="utf-8")
        return ingest(path, tmp_path / "cache", name="mine.json")

    return reading


def rows(table: Table) -> list[tuple[object, ...]]:
    return pl.read_parquet(table.path).rows()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "\n".join(map(json.dumps, RECORDS)),
        "\r\n".join(map(json.dumps, RECORDS)) + "\r\n\r\n",
        "\ufeff" + json.dumps(RECORDS),
        json.dumps({"n": [1, 2, 3], "word": ["x", "y", "z"], "size": [2.5, None, None]}),
        json.dumps(
            {
                "n": {"0": 1, "1": 2, "2": 3},
                "word": dict(enumerate("xyz")),
                "size": {"0": 2.5, "1": None, "2": None},
            }
        ),
        json.dumps({"records": RECORDS}),
    ],
)
def test_the_same_table_is_read_however_its_json_is_laid_out(read, text):
    table = read(text)

    assert rows(table) == EXPECTED
    assert [column.name for column in table.columns] == ["n", "word", "size"]
    assert (table.dataset.format, table.dataset.warnings) == ("json", ())


def test_types_that_change_on_the_way_are_decided_by_all_values(read):
    lines = [{"x": n, "y": n, "z": str(n), "w": n} for n in range(30_000)]
    lines += [{"x": 3.5, "y": "unknown", "z": 7, "w": {"deep": 1}}]

    table = read("\n".join(map(json.dumps, lines)))

    assert {column.name: column.dtype for column in table.columns} == {
        "x": "number", "y": "integer", "z": "integer", "w": "integer", "w.deep": "integer"
    }  # fmt: skip
    assert rows(table)[-1] == (3.5, None, 7, None, 1)
    assert "column y: 1 of 30001 values are not numbers and count as missing: 'unknown'" in (
        table.dataset.warnings
    )


def test_numbers_keep_every_digit_that_is_written(read):
    table = read('[{"a": 0.1, "b": 12345678901234567}, {"a": 1e-12, "b": 1}, {"a": 3.0, "b": 2}]')

    assert rows(table) == [(0.1, 12345678901234567), (1e-12, 1), (3.0, 2)]


def test_words_are_words_whatever_they_hold(read):
    words = ["a,b", 'say "x"', "two\nlines", "é", "名", "'q'"]

    table = read(json.dumps([{"n": place, "word": word} for place, word in enumerate(words)]))

    assert rows(table) == list(enumerate(words))


def test_objects_inside_become_columns_and_lists_stay_text(read):
    table = read(
        '[{"at": {"x": 1, "y": {"z": true}}, "tags": [1, "b"]}, {"at": {"x": 2, "y": {"z": false}}}]'
    )

    assert [column.name for column in table.columns] == ["at.x", "at.y.z", "tags"]
    assert rows(table) == [(1, True, '["1", "b"]'), (2, False, None)]
    assert "lists were kept as text in 'tags'" in table.dataset.warnings


def test_keys_that_come_late_make_columns_and_earlier_rows_lack_them(read):
    table = read("\n".join([*['{"a": 1}'] * 3_000, '{"a": 2, "b": 5}']))

    assert (table.columns[1].name, table.columns[1].missing) == ("b", 3_000)


def test_records_longer_than_a_part_of_the_file_are_read_whole(read, monkeypatch):
    monkeypatch.setattr(records, "CHUNK_CHARACTERS", 64)
    lines = [{"n": n, "text": "word " * (n % 60)} for n in range(1, 200)]

    assert rows(read(json.dumps(lines))) == [(line["n"], str(line["text"]).strip() or None) for line in lines]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"a": 1}, {"a": 2', "record 2 is no valid JSON"),
        ('{"a": 1}\n{"a": oops}\n', "record 2 is no valid JSON"),
        ('[["a", "b"], [1, 2]]', "record 1 of the JSON is no object"),
        ("[1, 2, 3]", "record 1 of the JSON is no object"),
        ('{"a": [1, 2], "b": [1]}', "not equally long"),
        ("[{}, {}]", "holds no records"),
        ("[" * 100_000, "no valid JSON|no object|no records"),
        ('{"a": ' * 50_000, "no valid JSON"),
    ],
)
def test_what_is_no_table_is_refused_with_the_record(read, text, says):
    with pytest.raises(UnreadableTable, match=rf"mine\.json: .*({says})"):
        read(text)


def test_records_of_thousands_of_different_keys_are_no_table(read):
    with pytest.raises(UnreadableTable, match="more than 2,000 different keys"):
        read(json.dumps([{f"key {n}": n} for n in range(3_000)]))
