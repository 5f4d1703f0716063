"""The account of a run: a row a file, while it goes on and afterwards, and sums that agree."""

from collections import Counter
from dataclasses import fields

import pytest

from jobs.indexing.extraction.children import Children
from jobs.indexing.index.ownership import working_folder
from jobs.indexing.runs import ledger as ledger_module
from jobs.indexing.runs.account import Wanted, page
from jobs.indexing.runs.ledger import LedgerRow, live_rows, sealed_rows
from jobs.indexing.runs.removal import remove_source
from jobs.indexing.runs.spread import discard_run, extract_batch
from jobs.indexing.sources.order import Place
from tests.data.documents.make import pdf
from tests.indexing.conftest import counts
from tests.indexing.spreading import RUN, SOURCE, finished, prepared

EVERYTHING = 100_000


@pytest.fixture
def mixed(desk):
    """A folder with files of every fate."""
    for number in range(25):
        desk.write(f"text/{number:02}.txt", f"albatross {number}")
    for number in range(6):
        desk.write(f"twice/{number}.md", f"# Twice\n\npetrel {number // 2}")
    desk.write("paper.pdf", pdf([["first page"], ["albatross"]]))
    desk.write("broken.docx", "corrupt")
    desk.write("odd.xyz", "of no type")
    return desk


def account(desk, run=RUN, *, ended=True, **wanted):
    return page(desk.index, run, lambda source: True, Wanted(**wanted), limit=EVERYTHING, ended=ended)


def statuses(rows):
    return dict(Counter(row.status for row in rows))


def watched(desk):
    """Give a report that checks each time that the live account and what is told agree; and what it saw."""
    seen = []

    def report(progress):
        found = account(desk, ended=False)
        assert found.origin in ("live", "job")
        assert len({row.key for row in found.rows}) == len(found.rows)
        if progress.total is not None:
            assert len(found.rows) <= progress.total
            seen.append((progress.stage, len(found.rows), progress.processed))
        if progress.stage == "extract" and progress.processed is not None:
            assert statuses(found.rows) == {name: n for name, n in progress.counts.items() if n}

    return report, seen


def test_rows_come_while_the_run_goes_on_and_stay_after_it(mixed):
    report, seen = watched(mixed)

    result = mixed.run(run=RUN, report=report)

    lengths = [rows for stage, rows, _ in seen if stage == "extract"]
    assert lengths == sorted(lengths)
    assert 0 < lengths[0] < lengths[-1] == result.total
    after = account(mixed)
    assert after.origin == "job"
    assert statuses(after.rows) == counts(result)
    by_path = {row.path: row for row in after.rows}
    assert list(by_path) == sorted(by_path)
    paper = by_path["paper.pdf"]
    assert (paper.status, paper.stage, paper.format, paper.pages) == ("indexed", "extract", "pdf", 2)
    assert (paper.bytes, len(paper.hash)) == ((mixed.root / "paper.pdf").stat().st_size, 32)
    assert by_path["twice/0.md"].title == "Twice"
    assert by_path["twice/1.md"].detail == "the same content as twice/0.md"
    assert (by_path["odd.xyz"].stage, by_path["odd.xyz"].reason) == ("scan", "unsupported_type")
    assert by_path["broken.docx"].reason == "corrupt"


def test_rows_of_batches_come_while_they_are_read_and_stay_after_the_end(mixed):
    mixed.run(run="earlier")
    for number in range(4):
        mixed.write(f"new/{number}.txt", f"albatross new {number}")
        mixed.write(f"text/{number:02}.txt", f"petrel, changed {number}")
    plan = prepared(mixed, mode="full")
    assert statuses(account(mixed, ended=False).rows) == {n: c for n, c in plan.counts.items() if c}
    totals = []

    for number in range(plan.batches):
        extract_batch(
            mixed.index,
            RUN,
            number,
            report=lambda _: totals.append(len(account(mixed, ended=False).rows)),
        )
    report, seen = watched(mixed)
    result = finished(mixed, report=report, mode="full")

    assert totals == sorted(totals)
    assert totals[-1] == plan.total == result.total
    assert {rows for _, rows, _ in seen} == {plan.total}
    assert statuses(account(mixed).rows) == counts(result)
    assert account(mixed).origin == "job"


def test_a_row_that_its_writer_could_not_end_is_none(mixed):
    plan = prepared(mixed)
    extract_batch(mixed.index, RUN, 0)
    folder = working_folder(mixed.index, RUN)
    before = live_rows(folder)
    for torn in (b'["a', b'["a.txt","x"]\n', b"\xff\xfe]\n"):
        with next(folder.glob("ledger-batch-0.*")).open("ab") as file:
            file.write(torn)

        assert live_rows(folder) == before
    assert plan.batches > 1


def test_a_run_that_was_cut_off_begins_its_account_anew(mixed):
    class Enough(BaseException):
        pass

    def stop(progress):
        if progress.processed and progress.processed > 10:
            raise Enough

    with pytest.raises(Enough):
        mixed.run(run=RUN, report=stop)
    assert account(mixed, ended=False).rows == ()

    result = mixed.run(run=RUN)

    assert statuses(account(mixed).rows) == counts(result)


def test_a_later_run_does_not_change_the_account_of_an_earlier_one(mixed):
    first = mixed.run(run="first")
    mixed.write("text/00.txt", "petrel instead")
    (mixed.root / "text/01.txt").unlink()

    second = mixed.run(run="second")

    assert statuses(account(mixed, "first").rows) == counts(first)
    told = counts(second)
    del told["removed"]
    assert statuses(account(mixed, "second").rows) == told


def test_an_account_that_is_not_kept_any_more_is_that_of_the_index(mixed, monkeypatch):
    monkeypatch.setattr(ledger_module, "MOST_SEALED", 1)
    first = mixed.run(run="first")
    mixed.run(run="second", only="failed")

    assert sealed_rows(mixed.index, "first") is None
    old = account(mixed, "first")
    assert (old.origin, len(old.rows)) == ("index", first.total)
    assert statuses(account(mixed, "second").rows) == {"failed": 1}


def test_deleting_a_job_or_a_source_leaves_no_names_behind(mixed, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "secret.txt").write_text("petrel")
    mixed.run(run="both", others=(Place(other, "session:1"),))
    mixed.run(run="one")
    ledger_module.forget(mixed.index, "one")

    assert sealed_rows(mixed.index, "one") is None
    remove_source(mixed.index, "session:1")
    assert sealed_rows(mixed.index, "both") is None
    assert {row.source for row in account(mixed, "both").rows} == {SOURCE}
    discard_run(mixed.index, "both")
    assert not list((mixed.index / "runs").iterdir())


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        ({"status": "failed"}, ["broken.docx"]),
        ({"reason": "unsupported_type"}, ["odd.xyz"]),
        ({"extension": "pdf"}, ["paper.pdf"]),
        ({"text": "TWICE/1"}, ["twice/1.md"]),
        ({"text": "text/0", "status": "indexed", "extension": "md"}, []),
    ],
)
def test_rows_are_chosen(mixed, wanted, paths):
    mixed.run(run=RUN)

    assert [row.path for row in account(mixed, **wanted).rows] == paths


@pytest.mark.parametrize("kept", [True, False])
def test_pages_follow_each_other_without_a_gap(mixed, tmp_path, monkeypatch, kept):
    monkeypatch.setattr(ledger_module, "BLOCK_ROWS", 7)
    monkeypatch.setattr("jobs.indexing.runs.account._PAGE_ROWS", 5)
    other = tmp_path / "other"
    (other / "text").mkdir(parents=True)
    for number in range(10):
        (other / f"text/{number:02}.txt").write_text(f"petrel {number}")
    result = mixed.run(run=RUN, others=(Place(other, "session:1"),))
    if not kept:
        ledger_module.forget(mixed.index, RUN)
    seen, after, more = [], None, True

    while more:
        part = page(mixed.index, RUN, lambda source: True, Wanted(), after=after, limit=3)
        assert 0 < len(part.rows) <= 3
        seen += [row.key for row in part.rows]
        after, more = seen[-1], part.more

    assert seen == sorted(set(seen))
    assert len(seen) == result.total


def test_rows_survive_being_written(mixed):
    mixed.run(run=RUN)
    (row, *_) = sealed_rows(mixed.index, RUN)

    assert {field.name for field in fields(LedgerRow)} == set(row.__slots__)
    assert isinstance(row.mtime_ns, int)


def test_the_same_path_in_two_sources_is_two_files_to_the_journal(desk, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("petrel")
    desk.write("a.txt", "albatross")
    held = []

    class Notes:
        def deaths(self):
            return {f"{SOURCE}/a.txt": 2}

        def hold(self, items):
            held.extend(items)

    result = desk.run(journal=Notes(), others=(Place(other, "session:1"),))

    assert counts(result) == {"indexed": 1, "failed": 1}
    assert held == ["session:1/a.txt"]
    assert desk.found("petrel") == ["a.txt"]


def test_progress_has_no_total_before_all_places_are_listed(desk, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    for number in range(5):
        (other / f"{number}.txt").write_text(f"petrel {number}")
        desk.write(f"{number}.txt", f"albatross {number}")
    monkeypatch.setattr(Children, "in_hand", lambda self: None)
    seen = []

    desk.run(others=(Place(other, "session:1"),), report=seen.append)

    scanned = [one for one in seen if one.stage == "scan"]
    assert [one.processed for one in scanned] == [5, 10]
    assert {one.total for one in scanned} == {None}
    assert {one.total for one in seen if one.stage != "scan"} == {10}
    assert [one.percent for one in seen] == sorted(one.percent for one in seen)
