"""The command `longhaul`, run as people and programs run it: processes, pipes, signals."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from longhaul.cli import COMMANDS

from tests.client.conftest import PENGUINS, new_token
from tests.client.serving import Api
from tests.support.service import free_port
from tests.support.waiting import until

QUESTION = "Do the three species differ in body mass?"
SLOW = {"steps": 400, "seconds_a_step": 0.05}


def test_a_table_is_analysed_and_its_files_are_taken_away(command):
    asked = command("analyze", str(PENGUINS), QUESTION)

    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.startswith("body_mass_g is higher in Gentoo")  # data on stdout, and nothing else
    assert "100.0 %  completed" in asked.stderr
    got = command("get", "--to", "taken")
    assert got.returncode == 0, got.stderr
    assert (command.folder / "taken" / "plots" / "groups.png").read_bytes().startswith(b"\x89PNG")
    script = command("get", "--only", "script", "--to", "-")
    assert script.stdout == (command.folder / "taken" / "script.py").read_text()
    report = command("open", "--print")
    assert report.stdout.strip().endswith("report.html")
    again = command(
        "analyze", "--again", "last", "--dry-run", "--json", "Is flipper length related to body mass?"
    )
    assert json.loads(again.stdout)["results"]["dry_run"] is True


def test_exactly_what_to_compute_can_be_said(command):
    chosen = ("--method", "welch_anova", "--column", "outcome=body_mass_g", "--column", "group=species")

    ran = command("analyze", str(PENGUINS), *chosen, "--where", "year>=2008", "--json")

    assert ran.returncode == 0, ran.stderr
    summary = json.loads(ran.stdout)["results"]
    assert (summary["method"], summary["rows_used"] < 342) == ("welch_anova", True)


def test_a_table_may_come_through_a_pipe(command):
    ran = command("analyze", "-", "--dry-run", "--json", given=PENGUINS.read_text())

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["status"] == "completed"


def test_documents_are_indexed_and_found(command):
    (command.folder / "notes").mkdir()
    (command.folder / "notes" / "fox.txt").write_text("The quick brown fox.\x1b]0;owned\x07")

    made = command("index", "notes", "notes")
    found = command("search", "fox")

    assert (made.returncode, made.stdout.split(":")[0]) == (0, "Index notes"), made.stderr
    assert found.returncode == 0, found.stderr
    assert "notes  fox.txt" in found.stdout
    assert "\x1b" not in found.stdout
    assert found.stderr.startswith("1 found")
    assert json.loads(command("search", "fox", "--json").stdout)["total"] == 1


def test_each_way_to_end_has_its_exit_code(command, tmp_path, started):
    failing = started(command, raises="UnreadableTable")
    slow = started(command, **SLOW)
    nobody = replace(command, token="lh_nobody")
    nowhere = replace(command, url=f"http://127.0.0.1:{free_port()}")

    ended = {
        "failed": command("watch", failing),
        "usage": command("watch", "--no-such-option"),
        "no file": command("analyze", "nowhere.csv", "What?"),
        "timed out": command("watch", slow, "--timeout", "0.3"),
        "not signed in": nobody("jobs"),
        "no token": replace(command, token=None)("jobs"),
        "unreachable": nowhere("status"),
    }

    codes = {name: ran.returncode for name, ran in ended.items()}
    assert codes == {
        "failed": 1,
        "usage": 2,
        "no file": 2,
        "timed out": 3,
        "not signed in": 4,
        "no token": 4,
        "unreachable": 5,
    }, ended
    assert all(ran.stdout == "" and ran.stderr and "Traceback" not in ran.stderr for ran in ended.values())
    assert "raised on purpose" in ended["failed"].stderr
    assert f"longhaul retry {failing}" in ended["failed"].stderr
    assert f"longhaul watch {slow}" in ended["timed out"].stderr


def test_errors_are_json_for_programs(command):
    ran = replace(command, token="lh_nobody")("whoami", "--json")

    said = json.loads(ran.stderr)
    assert (said["error"], said["status"], said["exit_code"]) == ("NotSignedIn", 401, 4)


def test_ctrl_c_ends_the_waiting_and_says_that_the_job_goes_on(command, started):
    job = started(command, **SLOW)
    process = command.start("watch", job)
    seen = process.stderr.readline()

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert process.returncode == 130, err
    assert "%" in seen
    assert f"longhaul watch {job}" in err
    assert "Traceback" not in err
    shown = json.loads(command("show", job, "--json").stdout)
    assert shown["done"] is False


def test_watching_survives_a_service_that_is_killed_and_started_again(worker, tmp_path, command, started):
    with Api(tmp_path) as own:
        mine = replace(command, url=own.url)
        job = started(mine, steps=80, seconds_a_step=0.05)
        process = mine.start("watch", job, "--json")
        first = json.loads(process.stdout.readline())

        own.kill()
        told = until(lambda: (line := process.stderr.readline()) and "does not answer" in line, seconds=60)
        own.start()
        out, err = process.communicate(timeout=60)

    assert told
    assert process.returncode == 0, err
    last = json.loads(out.splitlines()[-1])
    assert (first["done"], last["status"], last["id"]) == (False, "completed", job)


def test_a_token_is_kept_for_its_service_alone_and_readable_by_nobody_else(command):
    token, url = command.token, command.url
    bare = replace(command, token=None)

    signed_in = bare("login", given=token + "\n")

    assert signed_in.returncode == 0, signed_in.stderr
    assert "Signed in" in signed_in.stdout
    (file,) = [path for path in config_folder().rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o777 == 0o600
    told = json.loads(bare("whoami", "--json").stdout)
    assert (told["user"].startswith("client-"), told["token_from"]) == (True, str(file))
    elsewhere = replace(bare, url=f"http://127.0.0.1:{free_port()}")
    assert elsewhere("whoami").returncode == 4  # the token is not sent to another address
    assert url in file.read_text()
    assert bare("logout").returncode == 0
    assert bare("whoami").returncode == 4


def config_folder():
    return Path(os.environ["XDG_CONFIG_HOME"])


def test_a_wrong_token_is_not_kept(command):
    ran = replace(command, token=None)("login", given="lh_wrong\n")

    assert ran.returncode == 4
    assert not list(config_folder().rglob("*"))


def test_jobs_are_listed_shown_tried_again_and_removed(command):
    job = command("analyze", str(PENGUINS), "--dry-run", "--no-wait").stdout.strip()
    assert command("watch", job[:8]).returncode == 0  # the beginning of an id is enough

    listed = command("jobs", "--status", "completed")
    again = command("retry", job, "--json")
    removed = command("rm", job, "--yes")

    assert listed.stdout.startswith(f"{job}\tanalysis\tcompleted\t100 %")
    assert json.loads(again.stdout)["retry_of"] == job
    assert (removed.returncode, command("show", job).returncode) == (0, 1)
    assert command("rm", json.loads(again.stdout)["id"]).returncode == 2  # nobody is there to be asked


def test_status_tells_that_the_service_is_up_and_what_is_open(command):
    told = json.loads(command("status", "--json").stdout)

    assert (told["url"], told["ready"], told["jobs"]["running"]) == (command.url, True, 0)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_learn_to_complete(command, shell):
    ran = command("completion", shell)

    assert (ran.returncode, "_LONGHAUL_COMPLETE" in ran.stdout) == (0, True)


def test_ids_of_jobs_are_completed(command, started):
    job = started(command)
    asking = {"_LONGHAUL_COMPLETE": "bash_complete", "COMP_WORDS": "longhaul show ", "COMP_CWORD": "2"}

    ran = replace(command, more=asking)()

    assert job in ran.stdout


def test_help_names_every_command_and_needs_no_service(command):
    told = replace(command, url="http://127.0.0.1:9", token=None)("--help")

    assert told.returncode == 0
    assert all(f"\n  {name} " in told.stdout for name in COMMANDS)


def test_an_admin_is_told_to_be_one(command):
    told = replace(command, token=new_token("admin"))("whoami")

    assert "admin" in told.stdout
