"""What is marked in the passages found, and which part of a passage is shown."""

import pytest

from jobs.indexing.search.hits import Wanted, search
from tests.indexing.shelf import Book, put

FILLING = "zebra quagga okapi " * 40


def highlight(folder, text, query, *, mode="all", language=""):
    index = put(folder / "index", Book("a.txt", text, title="Notes", language=language))
    (hit,) = search(index, query, Wanted(mode=mode)).hits
    return hit.highlights[0]


@pytest.mark.parametrize(
    ("text", "query", "mode", "marked"),
    [
        ("krill and krillfish", "krill*", "all", "<mark>krill</mark> and <mark>krillfish</mark>"),
        ("krill and krll", "krill~", "all", "<mark>krill</mark> and <mark>krll</mark>"),
        ("two walks, one walking", "walked", "all", "two <mark>walks</mark>, one <mark>walking</mark>"),
        (
            "the krill -- & <krill>",
            "krill",
            "all",
            "the <mark>krill</mark> -- &amp; &lt;<mark>krill</mark>&gt;",
        ),
        ("ÉCOLE École", "ecole", "all", "<mark>ÉCOLE</mark> <mark>École</mark>"),
        ("Python言語とpython", "python", "all", "<mark>Python</mark>言語と<mark>python</mark>"),
        (
            "吾輩は猫である。名前はまだ無い。",
            "吾輩は猫",
            "all",
            "<mark>吾輩は猫</mark>である。名前はまだ無い。",
        ),
        ("東京と京都と東京都", "東京", "all", "<mark>東京</mark>と京都と<mark>東京</mark>都"),
        ("x" * 80 + " krill", "krill", "all", "x" * 80 + " <mark>krill</mark>"),
        ("krill of notes", "title:notes krill", "all", "<mark>krill</mark> of notes"),
    ],
)
def test_the_words_found_are_marked_and_no_others(tmp_path, text, query, mode, marked):
    assert highlight(tmp_path, text, query, mode=mode) == marked


def test_words_of_another_language_are_marked_by_its_stems(tmp_path):
    assert (
        highlight(tmp_path, "les chevaux courent", "cheval", language="fr")
        == "les <mark>chevaux</mark> courent"
    )


def test_the_part_with_the_most_of_what_is_sought_is_shown(tmp_path):
    text = f"krill krill krill. {FILLING} the krill that penguins eat {FILLING}"

    shown = highlight(tmp_path, text, "krill penguin")

    assert "the <mark>krill</mark> that <mark>penguins</mark> eat" in shown


def test_a_part_is_of_whole_words_and_no_longer_than_it_may_be(tmp_path):
    shown = highlight(tmp_path, f"{FILLING} krill {FILLING}", "krill")

    plain = shown.replace("<mark>", "").replace("</mark>", "")
    assert len(plain) <= 240
    assert set(plain.split()) == {"zebra", "quagga", "okapi", "krill"}
    assert plain.split().index("krill") > 3, "what stands before it is shown too"


def test_two_words_too_far_from_each_other_for_one_part_show_the_first(tmp_path):
    shown = highlight(tmp_path, f"krill {FILLING} penguins {FILLING}", "krill penguin")

    assert shown.startswith("<mark>krill</mark> zebra")
    assert "penguins" not in shown
