"""Patterns choose files as those of .gitignore do, and at a bounded cost."""

import subprocess
import time

import pytest

from jobs.errors import BadInput
from jobs.indexing.sources.globs import LONGEST_PATTERN, Choice, check_pattern

PATHS = (
    "a.pdf",
    "notes.txt",
    "2024/a.pdf",
    "2024/drafts/b.pdf",
    "2024/drafts/deep/c.txt",
    "2025/drafts.txt",
    "drafts/d.md",
    "drafts",
    "odd[1].txt",
    "x-1.log",
    "x-z.log",
    "*.txt",
)


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("*.pdf", {"a.pdf", "2024/a.pdf", "2024/drafts/b.pdf"}),
        ("/*.pdf", {"a.pdf"}),
        ("drafts", {"2024/drafts/b.pdf", "2024/drafts/deep/c.txt", "drafts/d.md", "drafts"}),
        ("drafts/", {"2024/drafts/b.pdf", "2024/drafts/deep/c.txt", "drafts/d.md"}),
        ("/drafts/", {"drafts/d.md"}),
        ("2024/**", {"2024/a.pdf", "2024/drafts/b.pdf", "2024/drafts/deep/c.txt"}),
        ("**/c.txt", {"2024/drafts/deep/c.txt"}),
        ("2024/**/*.pdf", {"2024/a.pdf", "2024/drafts/b.pdf"}),
        ("**", set(PATHS)),
        ("x-[0-9].log", {"x-1.log"}),
        ("x-[!0-9].log", {"x-z.log"}),
        ("x-?.log", {"x-1.log", "x-z.log"}),
        ("odd[[]1].txt", {"odd[1].txt"}),
        (r"\*.txt", {"*.txt"}),
        ("2024/*", {"2024/a.pdf", "2024/drafts/b.pdf", "2024/drafts/deep/c.txt"}),
    ],
)
def test_a_pattern_names_what_git_would_ignore(tmp_path, pattern, named):
    paths = [path for path in PATHS if Choice(exclude=(pattern,)).wants(path) is False]

    assert set(paths) == named
    assert {path for path in PATHS if Choice(include=(pattern,)).wants(path)} == named
    assert ignored_by_git(tmp_path, pattern) == named


def ignored_by_git(folder, pattern):
    """Ask git itself, with paths of which none is a file and a folder at once."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / ".git/info/exclude").write_text(f"{pattern}\n")
    told = subprocess.run(
        ["git", "-C", folder, "check-ignore", "--no-index", "-z", "--stdin"],
        input="\0".join(PATHS),
        capture_output=True,
        text=True,
        check=False,
    )
    return set(filter(None, told.stdout.split("\0")))


def test_case_does_not_matter():
    choice = Choice(include=("*.PDF", "Straße/"))

    assert all(map(choice.wants, ("a.pdf", "A.Pdf", "STRASSE/b.txt")))
    assert not choice.wants("b.txt")


def test_what_is_excluded_is_not_included():
    choice = Choice(include=("*.txt", "2024/"), exclude=("drafts/", "*.log"))

    assert choice.wants("2024/a.pdf")
    assert not choice.wants("2024/drafts/c.txt")
    assert not choice.wants("b.md")
    assert (choice.enters("2024"), choice.enters("2024/drafts"), choice.enters("2024/drafts/x")) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "1 to 400"),
        ("//", "slashes alone"),
        ("!a", "exceptions"),
        ("a[b", "not closed"),
        ("a\\", "backslash"),
        ("a//b", "two slashes"),
        ("x" * (LONGEST_PATTERN + 1), "1 to 400"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(pattern, words):
    with pytest.raises(BadInput, match=words):
        check_pattern(pattern)


def test_a_pattern_made_to_be_slow_is_not():
    choice = Choice(exclude=("a*" * 190 + "b", "/".join(["**", "a"] * 70 + ["b"])))
    began = time.process_time()

    wanted = choice.wants("a" * 4_000) and choice.wants("a/" * 300 + "a")

    assert wanted
    assert time.process_time() - began < 30
