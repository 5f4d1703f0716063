"""The script reads a file of any format by itself, and finds the numbers of the analysis in it."""

import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis import methods, script
from jobs.analysis.results.result import Findings, Plan, Script
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling import samples
from jobs.analysis.tables.ingest import Table, ingest
from jobs.analysis.tables.profile import profile
from tests.support.workbooks import ods, xlsb, xlsx, zipped

ROWS = [("ab"[n % 2], n * 1.37 + n % 7 / 3, n % 3 == 0) for n in range(40)]
RECORDS = [{"group": group, "at": {"size": size}, "ok": ok} for group, size, ok in ROWS]
CSV = "group,size,ok\n" + "".join(f"{group},{size},{ok}\n" for group, size, ok in ROWS)
GERMAN = "group;size;ok\n" + "".join(
    f"{group};{1000 + size:,.5f} €;{'ja' if ok else 'Nein'}\n".replace(",", "'").replace(".", ",")
    for group, size, ok in ROWS
)
SHEET = [("Report", None, None), ("group", "size", "ok"), *ROWS]
COLUMNS = {"one": [row[0] for row in ROWS], "size": [row[1] for row in ROWS]}


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(ROWS, schema=["group", "size", "ok"], orient="row").write_parquet(buffer)
    return buffer.getvalue()


FILES: Mapping[str, tuple[bytes, str, str]] = {
    "table.csv": (CSV.encode(), "size", "group"),
    "ragged.csv": (
        (CSV + CSV.partition("\n")[2] * 4 + "a,5,True,6\nb,7\na,8,True,,\n").encode(),
        "size",
        "group",
    ),
    "german.csv": (GERMAN.encode("cp1252"), "size", "group"),
    "table.csv.gz": (gzip.compress(CSV.encode("utf-16")), "size", "group"),
    "table.zip": (zipped({"sub/table.csv": CSV.encode()}), "size", "group"),
    "lines.jsonl": ("\n".join(map(json.dumps, RECORDS)).encode(), "at.size", "group"),
    "array.json": (json.dumps(RECORDS).encode(), "at.size", "ok"),
    "wrapped.json": (json.dumps({"rows": RECORDS}).encode(), "at.size", "group"),
    "columns.json": (json.dumps(COLUMNS).encode(), "size", "one"),
    "lines.jsonl.gz": (gzip.compress("\n".join(map(json.dumps, RECORDS)).encode()), "at.size", "group"),
    "book.xlsx": (xlsx({"Read me": [("text",)], "Data": SHEET}), "size", "group"),
    "book.ods": (ods({"Data": [row[:2] for row in SHEET]}), "size", "group"),
    "book.xlsb": (xlsb("Data", [("group", "size"), *[row[:2] for row in ROWS]]), "size", "group"),
    "book.xlsx.gz": (gzip.compress(xlsx({"Data": SHEET})), "size", "ok"),
    "units.csv": (CSV.replace("\n", "\n-,[mm],\n", 1).encode(), "size", "group"),
    "groups.csv": (
        b",Who,,It\nn,group,size,ok\n,,cm,\n"
        + "".join(f"{n},{row[0]},{row[1]},{row[2]}\n" for n, row in enumerate(ROWS)).encode(),
        "Who / size",
        "Who / group",
    ),
    "groups.xlsx": (
        xlsx({"Data": [("Who", None, "Is"), ("group", "size", "ok"), (None, "kg", None), *ROWS]}),
        "Who / size",
        "Who / group",
    ),
    "ending.csv": (
        (
            CSV.replace("\n", "\r\n")
            + f",{sum(row[1] for row in ROWS):.2f},\r\n".replace(",", "Total,", 1)
            + "\r\nSource: a study, 2024\r\n"
        ).encode("utf-16"),
        "size",
        "group",
    ),
    "ending.xlsx": (
        xlsx(
            {
                "Data": [
                    *SHEET,
                    ("mean", 30, None),
                    (None, None, None),
                    ("x", "y", "z"),
                    ("a", 1, 2),
                    ("b", 3, 4),
                ]
            }
        ),
        "size",
        "group",
    ),
    "table.parquet.gz": (gzip.compress(parquet()), "size", "group"),
}


def judged(table: Table, source: Path, folder: Path, method: str, columns: Mapping[str, str]) -> Script:
    plan = Plan("asked", method, columns, 1.0, "Given.", explicit=True)
    sample = samples.load(plan, table.path)
    rows = table.dataset.rows
    findings = methods.run(plan, sample) if sample is not None else Findings(sample=Used(rows, rows))
    path = folder / "script.py"
    recipe = script.Recipe(table.dataset, table.dialect, table.columns, plan, findings, profile(table))
    script.write(recipe, path)
    return script.verify(path, source)


@pytest.mark.parametrize("name", FILES)
def test_the_numbers_are_found_again_in_a_file_of_any_format(name, tmp_path):
    content, outcome, group = FILES[name]
    source = tmp_path / name
    source.write_bytes(content)
    table = ingest(source, tmp_path / "cache", name=name)

    compared = judged(table, source, tmp_path, "welch_t_test", {"outcome": outcome, "group": group})
    described = judged(table, source, tmp_path, "profile", {})

    assert (compared.verified, described.verified) == (True, True), (compared.reason, described.reason)


DATES: Sequence[Sequence[str]] = [
    [f"{day:02d}.03.2024" for day in range(1, 29)],
    [f"2024-03-{day:02d}T10:30:{day:02d}Z" for day in range(1, 29)],
    [f"2024-03-{day:02d}T10:30:00.{day:03d}" for day in range(1, 29)],
    [f"03/{day:02d}/24" for day in range(1, 29)],
    [f"3/{day}/2024 {1 + day % 12}:05 PM" for day in range(1, 29)],
    [f"{year}-{1 + year % 12:02d}" for year in range(1990, 2018)],
    [f"202403{day:02d}" for day in range(1, 29)],
    [f"{day} March 2024" for day in range(1, 29)],
    [
        ("2024-03-{0:02d}", "{0:02d}.03.2024", "March {0}, 2024", "Mar {0}, 2024")[day % 4].format(day)
        for day in range(1, 29)
    ],
    [("3/{0}/24", "3/{0}/24 10:30", "3/{0}/24 10:30 PM")[day % 3].format(day) for day in range(1, 29)],
    [
        (
            "2024-03-{0:02d} 10:30",
            "2024-03-{0:02d}T10:30:05+02:00",
            "2024-03-{0:02d}",
            "2024-03-{0:02d}T10:30Z",
        )[day % 4].format(day)
        for day in range(1, 29)
    ],
    [
        ("2024-03-{0:02d}", "202403{0:02d}", "03/2024", "2024-03-{0:02d} ")[day % 4].format(day)
        for day in range(1, 29)
    ],
    [("{0}/3/2024", "3/{0}/2024")[day % 2].format(day) for day in range(13, 29)],
]


@pytest.mark.parametrize("values", DATES, ids=lambda values: values[0])
def test_dates_are_read_by_the_script_as_they_were(values, tmp_path):
    source = tmp_path / "dates.csv"
    source.write_text("when;n\n" + "".join(f"{value};{n % 9}\n" for n, value in enumerate(values)))
    table = ingest(source, tmp_path / "cache", name="dates.csv")

    found = judged(table, source, tmp_path, "profile", {"outcome": "when"})

    assert table.columns[0].role == "date"
    assert found.verified, found.reason


def test_a_script_reads_the_kept_wide_spaces_and_apostrophes_between_thousands(tmp_path):
    source = tmp_path / "wide.csv"
    source.write_text("a;b\n" + "".join(f"{n}\u202f{n:03d},5;{'xy'[n % 2]}\n" for n in range(1, 40)))
    table = ingest(source, tmp_path / "cache", name="wide.csv")

    found = judged(table, source, tmp_path, "welch_t_test", {"outcome": "a", "group": "b"})

    assert table.columns[0].dtype == "number"
    assert found.verified, found.reason


def test_a_script_reads_points_of_thousands_and_decimal_points_beside_decimal_commas(tmp_path):
    source = tmp_path / "points.csv"
    late = "".join(f"{n},5;{n};48.{n}25;{'xy'[n % 2]}\n" for n in range(1, 5_000))
    source.write_text(f"a;b;c;d\n{late}" + "".join(f"1,5;{n}.640;48.1;{'xy'[n % 2]}\n" for n in range(1, 90)))
    table = ingest(source, tmp_path / "cache", name="points.csv")

    judgements = [
        judged(table, source, tmp_path, "welch_t_test", {"outcome": outcome, "group": "d"})
        for outcome in "bc"
    ]

    assert [found.verified for found in judgements] == [True, True], [one.reason for one in judgements]


def test_a_script_reads_the_long_minus(tmp_path):
    source = tmp_path / "minus.csv"
    source.write_text("a,b\n" + "".join(f"{'−–-'[n % 3]}{n * n}.5,{'xy'[n % 2]}\n" for n in range(1, 40)))
    table = ingest(source, tmp_path / "cache", name="minus.csv")

    found = judged(table, source, tmp_path, "welch_t_test", {"outcome": "a", "group": "b"})

    assert (table.columns[0].high, found.verified) == (-1.5, True), found.reason
