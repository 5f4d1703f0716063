"""Tables at the edge of what is one: a sensible result or a clear refusal, from reading to the report."""

import json
from pathlib import Path

import pytest

from jobs.analysis.run import analyse
from jobs.analysis.tables.ingest import ingest
from jobs.analysis.tables.profile import profile
from jobs.errors import UnreadableTable
from jobs.progress import Progress

TABLES = {
    "a single row": "a,b,c\n1,x,2.5\n",
    "a single column": "value\n" + "".join(f"{n}.5\n" for n in range(30)),
    "one cell": "value\n7\n",
    "nothing but gaps in a column": "a,b\n" + "".join(f"{n},\n" for n in range(30)),
    "constants": "a,b\n" + "7,same\n" * 30,
    "infinite values": "x,y\n"
    + "".join(f"{n}.5,{n}\n" for n in range(60))
    + "inf,60\n-Infinity,61\n1e999,62\n",
    "huge whole numbers": "n,m\n" + "".join(f"{2**62 + n},{10**25 + n}\n" for n in range(40)),
    "huge and tiny numbers": "x,y\n" + "".join(f"{n + 1}e150,{n + 1}e-150\n" for n in range(40)),
    "text where numbers should be": "a,b\n"
    + "".join(f"{n if n % 2 else 'none of it'},{n}\n" for n in range(40)),
    "the same row again and again": "a,b\n" + "1.5,x\n2.5,y\n" * 40,
    "groups of one": "group,value\n" + "".join(f"g{n},{n}.25\n" for n in range(25)),
    "cells of thousands of characters": "a,b\n" + "".join(f"{'long ' * 2_000}{n},{n}\n" for n in range(8)),
    "names of formulas": '"=1+1","__import__(""os"")","$x^2$"\n' + "1,2,3\n4,5,6\n" * 10,
}


@pytest.mark.parametrize("what", TABLES)
def test_an_extreme_table_is_described_to_the_end(what, tmp_path, project):
    source = tmp_path / "table.csv"
    source.write_text(TABLES[what], encoding="utf-8")

    found = analyse(source, project, name="table.csv", cache=tmp_path / "cache")

    assert found.interpretation.headline
    assert found.script is None or found.script.verified
    results = (project / "results.json").read_text()
    assert json.loads(results, parse_constant=lambda word: pytest.fail(f"{word} in the results"))["profile"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "the file is empty"),
        ("a,b,c\n", "only a header"),
        ("a,b\n,\n,\n", "only a header"),
        (",".join(f"c{n}" for n in range(2_001)) + "\n" + ",".join(["1"] * 2_001) + "\n", "at most 2,000"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, content, why):
    source = tmp_path / "table.csv"
    source.write_text(content)

    with pytest.raises(UnreadableTable, match=why):
        ingest(source, tmp_path / "cache", name="table.csv")


def write_wide_table(path: Path, columns: int) -> None:
    kinds = ("{0}.25", "{0}", "level {0}", "2024-03-{0:02}", "true")
    rows = [",".join(kinds[place % 5].format(row + 1) for place in range(columns)) for row in range(20)]
    path.write_text("\n".join([",".join(f"c{place}" for place in range(columns)), *rows, ""]))


def test_two_thousand_columns_are_described_and_told_of(tmp_path):
    source, seen = tmp_path / "table.csv", list[Progress]()
    write_wide_table(source, 2_000)

    table = ingest(source, tmp_path / "cache", name="table.csv", report=seen.append)

    assert len(profile(table)) == 2_000
    assert [column.dtype for column in table.columns[:5]] == ["number", "integer", "text", "date", "boolean"]
    assert table.whole.correlations is not None
    assert (len(table.whole.correlations.columns), table.whole.correlations.left_out) == (50, 350)
    assert len({one.processed for one in seen if one.message == "Looking at the columns"}) > 2


class Stopped(Exception):
    pass


@pytest.mark.parametrize("message", ["Looking at the columns", "Looking at the rows"])
def test_a_report_that_raises_while_columns_are_described_leaves_nothing(tmp_path, message):
    source = tmp_path / "table.csv"
    write_wide_table(source, 300)

    def stop(progress: Progress, /) -> None:
        if progress.message == message:
            raise Stopped

    with pytest.raises(Stopped):
        ingest(source, tmp_path / "cache", name="table.csv", report=stop)

    assert list(tmp_path.glob("cache/*")) == []
