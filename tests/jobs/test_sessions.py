import threading
import time
from pathlib import Path

import pytest

from jobs import sessions
from jobs.errors import BadInput, NotFound, TooLarge
from jobs.settings import settings
from jobs.storage import Incoming, checked_name, inside, sweep
from tests.support.waiting import until


@pytest.fixture
def session(redis_server):
    return sessions.create("ada", "birds")


def add(session, name, content):
    with sessions.receive() as upload:
        upload.write(content)
        return session.add_file(name, upload)


def test_an_upload_is_kept_with_its_size_and_digest(session):
    stored, is_new = add(session, "birds.csv", b"a,b\n1,2\n")

    # printf 'a,b\n1,2\n' | sha256sum
    assert stored.sha256 == "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470"
    assert (stored.name, stored.bytes, stored.media_type, is_new) == ("birds.csv", 8, "text/csv", True)
    assert session.file("birds.csv").read_bytes() == b"a,b\n1,2\n"


def test_an_upload_of_the_same_name_takes_the_place_of_the_first(session):
    add(session, "birds.csv", b"old")

    _, is_new = add(session, "birds.csv", b"new")

    assert not is_new
    assert session.file("birds.csv").read_bytes() == b"new"
    assert [file.name for file in session.manifest().files] == ["birds.csv"]


def test_uploads_at_the_same_time_all_stay_in_the_manifest(session):
    threads = [threading.Thread(target=add, args=(session, f"{n}.csv", b"x")) for n in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {file.name for file in session.manifest().files} == {f"{n}.csv" for n in range(8)}


def test_what_was_cut_off_long_ago_is_swept_away_and_nothing_else(tmp_path):
    for name in (".part-file", "kept"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".part-folder").mkdir()
    (tmp_path / ".part-folder" / "x").write_text("x")

    early = sweep(tmp_path, older_than=0)
    late = sweep(tmp_path, older_than=time.time() + 60)

    assert (early, late) == (0, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_session_that_was_removed_during_an_upload_is_not_found(session):
    with sessions.receive() as upload:
        session.remove()

        with pytest.raises(NotFound):
            session.add_file("late.csv", upload)


def test_an_upload_that_is_too_large_leaves_nothing_behind(tmp_path):
    with pytest.raises(TooLarge, match="10 bytes"), Incoming(tmp_path, most_bytes=10) as upload:
        upload.write(b"x" * 11)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".hidden", "..", "a/b", "a\\b", "a\nb", "a\0b", "x" * 201, "\ud800"])
def test_a_name_that_is_no_file_name_is_refused(name):
    with pytest.raises(BadInput):
        checked_name(name)


@pytest.mark.parametrize("name", ["a.csv", "Größe (2).csv", "数据.csv", "a..b", "-rf"])
def test_a_name_as_people_give_them_is_accepted(name):
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "path", ["../secret", "link", "folder", "", "folder/../../secret", "/etc/passwd", "a\0b"]
)
def test_nothing_outside_a_folder_is_found_inside_it(tmp_path, path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "in" / "folder").mkdir(parents=True)
    (tmp_path / "in" / "link").symlink_to(tmp_path / "secret")

    with pytest.raises(NotFound):
        inside(tmp_path / "in", path)


def test_a_session_of_somebody_else_is_not_found(session):
    with pytest.raises(NotFound, match=r"^There is no such session\.$"):
        sessions.find("eve", session.id)


@pytest.mark.parametrize(
    "session_id", ["", "..", "../ada", "no-uuid", "{00000000-0000-0000-0000-000000000000}"]
)
def test_what_is_no_session_id_is_not_found(session_id):
    with pytest.raises(NotFound):
        sessions.find("ada", session_id)


def test_a_missing_file_is_told_with_those_that_there_are(session):
    add(session, "birds.csv", b"x")

    with pytest.raises(NotFound, match=r"no file 'fish\.csv'; it has 'birds\.csv'"):
        session.file("fish.csv")


def test_who_waits_for_a_session_that_is_then_removed_does_not_find_it(session):
    waiting, outcome = threading.Event(), []

    def change():
        waiting.set()
        try:
            with session.changing():
                outcome.append("changed")
        except NotFound as error:
            outcome.append(str(error))

    with session.changing():
        thread = threading.Thread(target=change)
        thread.start()
        waiting.wait(10)
        until(lambda: Path("/proc/locks").read_text().count("-> FLOCK"), what="somebody waits for the lock")
        session.remove()
    thread.join()

    assert outcome == ["It was removed meanwhile."]


def projects(session):
    return sorted(path.name for path in session.folder.glob("project_*"))


def test_a_project_is_not_seen_before_it_is_finished(session):
    with session.new_project("job-1", attempt=1) as folder:
        (folder / "results.json").write_text("{}")
        before = projects(session)

    assert before == []
    assert projects(session) == ["project_001"]
    assert (session.project("job-1") / "results.json").exists()


def test_nothing_is_left_of_an_attempt_that_fails(session):
    def fail():
        with session.new_project("job-1", attempt=1) as folder:
            (folder / "half").write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert projects(session) == []
    assert not list(session.folder.glob(".job-1*"))


def test_two_attempts_at_once_never_share_a_folder(session):
    with session.new_project("job-1", attempt=1) as older:
        with session.new_project("job-1", attempt=2) as newer:
            (older / "results.json").write_text("older")
            (newer / "results.json").write_text("newer")
        between = (session.project("job-1") / "results.json").read_text()

    assert between == "newer"
    assert (session.project("job-1") / "results.json").read_text() == "older"
    assert len(projects(session)) == 1


def test_each_job_has_a_project_of_its_own(session):
    for job_id in ("job-1", "job-2"):
        with session.new_project(job_id, attempt=1):
            pass

    assert session.project("job-2").name == "project_002"


def test_whatever_changes_a_session_keeps_it_for_longer(session, monkeypatch):
    later = time.time() + 1_000_000
    monkeypatch.setattr(time, "time", lambda: later)

    add(session, "birds.csv", b"x")

    assert session.manifest().expires_at == pytest.approx(later + settings().session_days * 86_400)


def test_a_session_is_kept_for_as_many_days_as_asked(session):
    kept = session.keep(90)

    assert kept.expires_at == pytest.approx(time.time() + 90 * 86_400, abs=60)
    assert session.manifest() == kept


def test_keeping_a_session_never_shortens_its_time(session):
    before = session.keep(90)

    after = session.keep(1)

    assert after.expires_at == before.expires_at
    assert after.kept_until == before.kept_until


def test_a_session_that_was_removed_cannot_be_kept(session):
    session.remove()

    with pytest.raises(NotFound):
        session.keep(1)


def test_what_a_killed_attempt_has_begun_is_discarded_and_nothing_else(session):
    add(session, "birds.csv", b"x")
    with session.new_project("job-1", attempt=1) as folder:
        (folder / "results.json").write_text("{}")
    for name in (".job-1.2", ".job-1.3", ".job-11.1"):
        (session.folder / name).mkdir()
        (session.folder / name / "half").write_text("half")

    session.discard_attempts("job-1")
    session.discard_attempts("job-1")

    hidden = {path.name for path in session.folder.iterdir() if path.name.startswith(".")}
    assert hidden - {".lock"} == {".job-11.1"}
    assert (session.project("job-1") / "results.json").exists()
    assert session.file("birds.csv").exists()


def test_discarding_attempts_in_a_session_that_is_gone_is_no_fault(session):
    session.remove()

    session.discard_attempts("job-1")

    assert not session.folder.exists()


def test_a_closed_session_is_found_by_the_clean_up_alone(session):
    (session.folder / sessions.MANIFEST).rename(session.folder / sessions.CLOSED_MANIFEST)

    with pytest.raises(NotFound):
        sessions.find("ada", session.id)
    assert session.id not in [manifest.id for manifest in sessions.of_owner("ada")]
    assert session.id in [found.id for found in sessions.everybodys()]


def test_a_walk_over_all_sessions_goes_on_where_it_stopped(redis_server):
    for owner in ("walk-a", "walk-b"):
        for _ in range(3):
            sessions.create(owner, "x")
    everything = [(found.owner, found.id) for found in sessions.everybodys()]

    for n, place in enumerate(everything):
        rest = [(found.owner, found.id) for found in sessions.everybodys(after=place)]
        assert rest == everything[n + 1 :]

    assert len(everything) >= 6
