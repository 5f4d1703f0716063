"""What a terminal and a pipe are sent by the command."""

import json
import os
import pty
import subprocess
import threading
from dataclasses import replace

from tests.client.serving import Said


def on_a_terminal(command, *arguments, **environment):
    """Run a command whose stdout and stderr are a terminal; return what that was sent."""
    ours, theirs = pty.openpty()
    mine = replace(command, more=command.more | {"TERM": "xterm-256color", "COLUMNS": "100"} | environment)
    process = mine.start(*arguments, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    os.close(theirs)
    parts: list[bytes] = []

    def read():
        try:
            while chunk := os.read(ours, 65536):
                parts.append(chunk)
        except OSError:  # the other end is closed
            pass

    reader = threading.Thread(target=read)
    reader.start()
    code = process.wait(60)
    reader.join()
    os.close(ours)
    return code, b"".join(parts).decode()


def test_a_terminal_shows_a_bar_and_other_places_plain_lines(command, started):
    job = started(command, steps=10, seconds_a_step=0.05)

    code, seen = on_a_terminal(command, "watch", job)
    plain = command("watch", job)

    assert (code, "━" in seen, "\x1b[" in seen) == (0, True, True)
    assert (plain.returncode, "\x1b" in plain.stderr + plain.stdout, "━" in plain.stderr) == (0, False, False)


def test_no_color_is_heeded(command, started):
    job = started(command, steps=4, seconds_a_step=0.05)

    _, seen = on_a_terminal(command, "watch", job, NO_COLOR="1")

    assert "\x1b[3" not in seen  # no foreground is set: colours are 30 to 39


def test_what_others_wrote_does_not_act_on_a_terminal(command, scripted):
    evil = "\x1b]0;owned\x07\x1b[2J\u202egpj.exe"
    job = {
        "id": "0b9e3a52-0000-4000-8000-000000000001",
        "kind": "analysis",
        "status": "failed",
        "done": True,
        "progress": 1.0,
        "message": evil,
        "current_file": evil,
        "error": {"detail": evil},
        "links": {},
    }
    scripted.answers(*[Said(200, json.dumps({"items": [job], "next": None}).encode())] * 3)
    there = replace(command, url=scripted.url)

    _, listed = on_a_terminal(there, "jobs")
    _, shown = on_a_terminal(there, "show")
    piped = there("jobs")

    for seen in (listed, shown, piped.stdout):
        assert "\\x1b" in seen
        assert not any(mark in seen for mark in ("\x1b]0;", "\x1b[2J", "\u202e", "\x07"))


def test_a_reader_that_has_seen_enough_is_no_error(command, started):
    for _ in range(3):
        started(command)
    process = command.start("jobs", "--json")
    process.stdout.close()

    err = process.stderr.read()
    process.stderr.close()

    assert (process.wait(30), err) == (0, "")
