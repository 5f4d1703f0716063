"""What somebody may have meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.indexing.search.hits import Wanted, search
from jobs.indexing.search.likeness import is_within
from tests.indexing.shelf import Book, put

BOOKS = [
    Book(f"{number}.txt", f"penguin expedition albatross observation number {number}", title=f"P{number}")
    for number in range(12)
]
RARE = Book("rare.txt", "penguine einmal пингвин живёт", title="R")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    russian = [Book(f"ru{n}.txt", f"пингвин и море {n}", title="Р", language="ru") for n in range(3)]
    return put(tmp_path_factory.mktemp("spelling") / "index", *BOOKS, *russian, RARE)


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("pengiun", "penguin"),
        ("penguinn expedition", "penguin expedition"),
        ("Expeditoin  -albatros pengin", "expedition  -albatros penguin"),
        ("pingvin", None),  # nothing is that near
        ("obsrevaton", "observation"),  # two slips, of a long word
        ("пингвни", "пингвин"),
        ("penguin zebra", None),
        ("penguins", None),  # another form is found
        ('"pengiun expedition"', None),
        ("title:pengiun", None),
        ("penguine", None),  # it is there, and so are its other forms
        ("peng", None),
        ("4711x", None),
    ],
)
def test_a_misspelt_word_is_replaced_by_one_of_the_index(index, query, suggestion):
    assert search(index, query).suggestion == suggestion


def test_a_suggestion_leads_to_documents(index):
    first = search(index, "pengiun albatros")

    again = search(index, first.suggestion)

    assert (first.total, again.total) == (0, 12)
    assert again.suggestion is None


def test_words_that_the_index_has_often_are_never_replaced(tmp_path):
    """`form` is one slip from the twenty times more frequent `from`."""
    often = [Book(f"{n}.txt", f"from sand {n}", title=f"F{n}") for n in range(60)]
    rarer = [Book(f"form{n}.txt", f"form {n}", title=f"G{n}") for n in range(3)]
    index = put(tmp_path / "index", *often, *rarer)

    assert search(index, "form zebra").suggestion is None
    assert search(index, "forn", Wanted()).suggestion in ("form", "from")


def distance(one, other):
    """The optimal string alignment distance as it is defined."""
    table = {(row, 0): row for row in range(len(one) + 1)} | {(0, n): n for n in range(len(other) + 1)}
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            wrong = one[row - 1] != other[column - 1]
            costs = [
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + wrong,
            ]
            if row > 1 and column > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]:
                costs.append(table[row - 2, column - 2] + 1)
            table[row, column] = min(costs)
    return table[len(one), len(other)]


WORD = st.text("abc", max_size=7)


@given(WORD, WORD, st.integers(0, 3))
def test_words_are_alike_up_to_their_distance(one, other, most):
    assert is_within(one, other, most) == (distance(one, other) <= most)
