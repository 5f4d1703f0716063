"""What an archive says of its members: names that read the same, and dates that cannot be."""

import io
import itertools
import tarfile
import time

import pytest

from jobs.errors import Unavailable
from jobs.indexing.extraction import unpacking
from jobs.indexing.extraction.members import Member, shown
from jobs.indexing.extraction.naming import Names
from jobs.indexing.index.manifest import files
from jobs.indexing.limits import Limits
from jobs.indexing.sources import archives
from tests.indexing.conftest import counts
from tests.indexing.packing import zipped


def dated(content: bytes, date: bytes) -> bytes:
    """Give every member of a zip archive this time and date, four bytes as DOS had them."""
    data = bytearray(content)
    for signature, at in ((b"PK\x03\x04", 10), (b"PK\x01\x02", 12)):
        place = data.find(signature)
        while place >= 0:
            data[place + at : place + at + 4] = date
            place = data.find(signature, place + 1)
    return bytes(data)


def in_pax(headers) -> bytes:
    """Make a tar archive of one member with these headers beside the usual ones."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.txt")
        info.size, info.pax_headers = 9, headers
        archive.addfile(info, io.BytesIO(b"albatross"))
    return made.getvalue()


def seconds(desk):
    """Give the year of each file by path."""
    return {row.path: row.modified_at.year for row in files(desk.index)}


@pytest.mark.parametrize(
    ("date", "year"),
    [
        (b"\0\0\0\0", 1970),  # no month and no day, as many programs write for "none"
        (b"\0\0\xff\xff", 1970),  # the 31st of month 15
        (b"\xff\xff\x21\x58", 1970),  # hour 31
        (b"\0\0\x5f\x58", 1970),  # the 31st of February
        (b"\x1f\0\x21\x58", 2024),  # the 62nd second of a minute
        (b"\0\0\x21\xfe", 2107),  # the last year that there is room for
    ],
)
def test_a_date_of_a_zip_archive_that_cannot_be_is_none(desk, date, year):
    desk.write("papers.zip", dated(zipped([("a.txt", b"albatross"), ("b.txt", b"petrel")]), date))

    result = desk.run()

    assert counts(result) == {"indexed": 2}
    assert seconds(desk) == {"papers.zip/a.txt": year, "papers.zip/b.txt": year}
    assert counts(desk.run()) == {"unchanged": 2}


@pytest.mark.parametrize(
    ("mtime", "year"),
    [
        ("nan", 1970),
        ("-inf", 1970),
        ("-86400", 1970),
        ("-62135596801", 1970),  # before the year 1
        ("inf", 2242),
        ("253402300800", 2242),  # the year 10000
        ("1e300", 2242),
        ("no number", 1970),
    ],
)
def test_a_date_of_a_tar_archive_that_cannot_be_is_none_or_the_latest(desk, mtime, year):
    desk.write("papers.tar", in_pax({"mtime": mtime}))

    result = desk.run()

    assert counts(result) == {"indexed": 1}
    assert seconds(desk) == {"papers.tar/a.txt": year}


def test_a_size_below_nothing_is_damage(desk):
    desk.write("papers.tar", in_pax({"size": "-9"}))

    assert [(one.path, one.reason) for one in desk.run().problems] == [("papers.tar", "corrupt")]


def test_an_archive_that_an_earlier_version_refused_for_its_dates_is_opened_again(desk, monkeypatch):
    desk.write("papers.zip", zipped([("a.txt", b"albatross")]))
    with monkeypatch.context() as patch:
        patch.setattr(archives, "FORM", 0)
        patch.setattr(archives, "_asked", lambda request, limits: _refused())
        assert counts(desk.run()) == {"failed": 1}

    assert counts(desk.run()) == {"indexed": 1}


def _refused():
    yield None
    return [{"refused": ["failed", "corrupt", "not a readable archive: ValueError"]}]


def alike(number):
    """Make names that differ and read the same."""
    spellings = itertools.product(("./", ".\\"), repeat=14)
    return ["".join(one) + "a.txt" for one in itertools.islice(spellings, number)]


def test_members_whose_names_read_the_same_are_numbered(desk):
    desk.write("papers.zip", zipped([(name, f"albatross {name}".encode()) for name in alike(3)]))

    result = desk.run()

    assert counts(result) == {"indexed": 3}
    assert sorted(seconds(desk)) == [f"papers.zip/a{number}.txt" for number in ("", "~2", "~3")]


def test_thousands_of_names_that_read_the_same_cost_a_step_each_and_stay_short():
    members = [Member(number, name, 1, 0) for number, name in enumerate(alike(10_000))]

    begin = time.process_time()
    paths = [one.path for one in shown(members)]
    spent = time.process_time() - begin

    assert len(set(paths)) == 10_000
    assert max(map(len, paths)) == len("a~10000.txt")
    assert spent < 2.0  # 0.1 s; a name that grows by a letter a time took minutes


def test_a_path_given_in_place_of_another_is_not_given_again():
    names = Names()

    given = [
        names.take(path) for path in ("a.txt", "a~2.txt", "a.txt", "a.txt", "a~3.txt", "b", "b", ".x", ".x")
    ]

    assert given == ["a.txt", "a~2.txt", "a~3.txt", "a~4.txt", "a~3~2.txt", "b", "b~2", ".x", ".x~2"]


def test_a_disk_that_is_full_is_not_the_archives_fault(desk, monkeypatch):
    desk.write("papers.zip", zipped([("a.txt", b"albatross")]))
    program = archives._PROGRAM.replace(
        "main(int",
        "from jobs.indexing.extraction import unpacking\n"
        "def full(descriptor, data): raise OSError(28, 'No space left on device')\n"
        "unpacking.write_all = full\n"
        "main(int",
    )
    assert hasattr(unpacking, "write_all")
    monkeypatch.setattr(archives, "_PROGRAM", program)

    with pytest.raises(Unavailable, match="the disk is full"):
        desk.run(limits=Limits())
