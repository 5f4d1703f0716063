"""Files that come and go, against a server that breaks off as a script says."""

import subprocess
import sys

import pytest
from longhaul import LonghaulError, NotFound

from tests.client.serving import ENDED, Said, said
from tests.support.processes import ROOT

CONTENT = bytes(range(256)) * 4096


def test_a_download_that_breaks_off_goes_on_where_it_was(scripted, tmp_path):
    def rest(request):
        begin = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        told = {"ETag": '"v1"', "Content-Range": f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"}
        return Said(206, CONTENT[begin:], told)

    scripted.answers(said(ENDED), Said(200, CONTENT, {"ETag": '"v1"'}, cut_after=700_000), rest)

    (file,) = scripted.client().jobs.get("1").download(tmp_path, ["results"])

    assert file.read_bytes() == CONTENT
    again = scripted.asked[-1][2]
    assert again["If-Range"] == '"v1"'
    assert 0 < int(again["Range"][6:-1]) <= 700_000  # what had come was not asked for again


def test_a_download_of_what_has_changed_meanwhile_begins_anew(scripted, tmp_path):
    changed = CONTENT[::-1]
    scripted.answers(
        said(ENDED),
        Said(200, CONTENT, {"ETag": '"v1"'}, cut_after=700_000),
        Said(200, changed, {"ETag": '"v2"'}),
    )

    (file,) = scripted.client().jobs.get("1").download(tmp_path, ["results"])

    assert file.read_bytes() == changed


def test_a_download_that_fails_leaves_what_was_there(scripted, tmp_path):
    (tmp_path / "results.json").write_text("before")
    scripted.answers(said(ENDED), Said(200, CONTENT, cut_after=10), Said(404, b'{"detail": "gone"}'))

    with pytest.raises(NotFound):
        scripted.client().jobs.get("1").download(tmp_path, ["results"])

    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
    assert (tmp_path / "results.json").read_text() == "before"


def test_a_name_that_leads_out_of_the_folder_is_not_written(scripted, tmp_path):
    links = {"plots": "/api/v1/jobs/1/plots", "results": "/r"}
    listed = {"items": [{"name": "../evil.png", "href": "/api/v1/jobs/1/plots/x"}]}
    scripted.answers(said(ENDED | {"links": links}), said(listed))

    with pytest.raises(LonghaulError, match="not written"):
        scripted.client().jobs.get("1").download(tmp_path / "in", ["figures"])

    assert not list(tmp_path.rglob("*.png"))


SENDER = """
import resource, sys
from longhaul import Client, LonghaulError
client = Client(sys.argv[1], "lh_test", patience=0.0)
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try: client.analyses.create(sys.argv[2])
except LonghaulError: pass
before = peak()
try: client.analyses.create(sys.argv[3])
except LonghaulError: pass
job = client.jobs.get("1")
job.download(sys.argv[4], ["results"])
print(peak() - before)
"""


def test_large_files_go_and_come_in_constant_memory(scripted, tmp_path):
    (tmp_path / "small.csv").write_bytes(b"a\n1\n")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(150_000_000)
    refused = Said(422, b'{"detail": "no table"}')
    scripted.answers(refused, refused, said(ENDED), Said(200, bytes(100_000_000)))

    ran = subprocess.run(
        [sys.executable, "-c", SENDER, scripted.url, tmp_path / "small.csv", large, tmp_path / "to"],
        env={"PYTHONPATH": str(ROOT / "client" / "src"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert scripted.received > 150_000_000
    assert (tmp_path / "to" / "results.json").stat().st_size == 100_000_000
    grown = int(ran.stdout) * (1 if sys.platform == "darwin" else 1024)  # ru_maxrss counts kilobytes on Linux
    assert grown < 20_000_000
