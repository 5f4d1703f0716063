"""How text is cleaned and cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.indexing.extraction.chunks import CHUNK_CHARACTERS, normalised, passages
from jobs.indexing.formats import Section

MANY = 10_000_000


def texts(*sections: Section) -> list[str]:
    return [chunk.text for chunk in passages("t", sections, characters=MANY).chunks]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a  \t b", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a \n \n\n b", "a\n\nb"),
        ("cafe\u0301", "café"),
        ("soft\xadhyphen \ud800 \0 zero\u200bwidth", "softhyphen zerowidth"),
        (" \n ", ""),
    ],
)
def test_text_is_given_one_form(raw, clean):
    assert normalised(raw) == clean


def test_each_sign_that_is_no_text_is_noticed_alone_as_among_others():
    signs = [chr(code) for code in (*range(0x10000), 0x10000, 0x1F600)]

    differing = [sign for sign in signs if normalised(f"é{sign}é") != normalised(f"é{sign}é\xad")]

    assert differing == []


def test_short_paragraphs_are_packed_together():
    assert texts(Section("one\n\ntwo"), Section("three")) == ["one\n\ntwo\n\nthree"]


def test_a_chunk_never_crosses_a_page():
    chunks = passages("t", [Section("one", 1), Section("two", 2)], characters=MANY).chunks

    assert [(chunk.text, chunk.page) for chunk in chunks] == [("one", 1), ("two", 2)]


def test_a_heading_begins_a_chunk_once_the_last_is_half_full():
    first = "word " * 150

    assert texts(Section(first), Section("Heading\n\ntext")) == [first.strip(), "Heading\n\ntext"]


def test_a_chunk_is_labelled_with_the_headings_that_it_spans():
    sections = [
        Section("intro"),
        Section("One", label="One"),
        Section("Two", label=" Two\n"),
        Section("w " * 900),
    ]

    labels = [chunk.label for chunk in passages("t", sections, characters=MANY).chunks]
    alone = passages("t", sections[1:2], characters=MANY).chunks[0].label
    both = passages("t", sections[1:3], characters=MANY).chunks[0].label

    assert labels == ["Two", None, None]
    assert (alone, both) == ("One", "One … Two")


def test_a_long_paragraph_is_cut_at_sentences_and_overlaps():
    sentences = [f"This is sentence number {number} of a long paragraph." for number in range(200)]

    chunks = texts(Section(" ".join(sentences)))

    assert all(len(chunk) <= CHUNK_CHARACTERS for chunk in chunks)
    assert all(chunk.endswith(".") for chunk in chunks)
    assert all(any(sentence in chunk for chunk in chunks) for sentence in sentences)


def test_text_without_spaces_is_cut_all_the_same():
    chunks = texts(Section("x" * 100_000))

    assert max(map(len, chunks)) <= CHUNK_CHARACTERS
    assert sum(map(len, chunks)) >= 100_000


def test_text_beyond_the_limit_is_left_out_and_said():
    found = passages("", [Section("abcdef"), Section("ghi")], characters=5)

    assert (found.chunks[0].text, found.characters, found.truncated) == ("abcde", 5, True)


def test_the_first_line_serves_as_title():
    assert passages(" ", [Section("\n\nFirst line\nsecond")], characters=MANY).title == "First line"


@given(st.lists(st.tuples(st.text(), st.integers(1, 9)), max_size=5))
def test_every_word_of_any_text_is_in_some_chunk_and_is_valid_unicode(pages):
    sections = [Section(text * 50, page) for text, page in pages]

    chunks = passages("", sections, characters=MANY).chunks
    together = " ".join(chunk.text for chunk in chunks)

    together.encode()
    for section in sections:
        for word in normalised(section.text).split():
            assert word[: CHUNK_CHARACTERS // 2] in together


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=6), st.integers(1, 400))
def test_the_passages_without_their_overlaps_are_the_text(paragraphs, times):
    text = normalised("\n\n".join(paragraph * times for paragraph in paragraphs))

    together = ""
    for chunk in passages("t", [Section(text)], characters=MANY).chunks:
        seam = "\n\n" if together and not chunk.overlap else ""
        assert together.endswith(chunk.text[: chunk.overlap])
        together += seam + chunk.text[chunk.overlap :]

    assert together == text
