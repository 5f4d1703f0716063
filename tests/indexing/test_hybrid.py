"""Searches by meaning: what words do not find, and what of an index becomes vectors."""

import pytest

from jobs.indexing.runs.removal import remove_source
from jobs.indexing.search.hits import Wanted, search_all
from tests.indexing.conftest import SOURCE, Desk, counts
from tests.indexing.meaning import LIBRARY, asking, found, passages_with_vectors, paths


def test_a_question_finds_a_document_with_which_it_shares_no_word(library, embedder):
    library.run(embedder=embedder)

    by_words = library.found("keeping bread fresh")
    by_meaning = found(library.index, "keeping bread fresh", embedder)

    assert by_words == []
    assert paths(by_meaning)[0] == "kitchen/loaves.txt"
    assert by_meaning.warnings == ()
    assert by_meaning.hits[0].highlights == (LIBRARY["kitchen/loaves.txt"],)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("repair ship motor", "sea/engine.txt"),
        ("wage, money", "office/terms.txt"),
        ("birds", "sea/log.txt"),
    ],
)
def test_each_question_finds_what_it_means(library, embedder, question, answer):
    library.run(embedder=embedder)

    assert paths(found(library.index, question, embedder))[0] == answer


def test_a_document_that_both_words_and_meaning_find_comes_before_those_of_one_kind(desk, embedder):
    desk.write("both.txt", "bread, bread, bread")
    desk.write("words.txt", "bread as a word of a long list about gardens and roses and much else " * 3)
    desk.write("meaning.txt", "a loaf, baking, sourdough dough")
    desk.run(embedder=embedder)

    result = found(desk.index, "bread", embedder)

    assert paths(result)[0] == "both.txt"
    scores = [hit.score for hit in result.hits]
    assert scores[0] == pytest.approx(2 / 61, rel=1e-12)  # first in both lists: 1 / (60 + 1) twice
    assert scores == sorted(scores, reverse=True)
    assert "<mark>bread</mark>" in result.hits[0].highlights[0]


def test_only_what_is_new_is_embedded(library, endpoint, embedder):
    library.run(embedder=embedder)
    first = len(endpoint.texts)

    library.run(embedder=embedder)
    unchanged = len(endpoint.texts)
    library.write("sea/tide.txt", "The tide is low at six.")
    library.write("sea/log.txt", "Albatross and petrel at midnight.")
    library.run(embedder=embedder)

    assert (first, unchanged) == (4, 4)
    assert sorted(text.partition("\n")[2] for text in endpoint.texts[4:]) == [
        "Albatross and petrel at midnight.",
        "The tide is low at six.",
    ]


def test_reading_all_files_again_embeds_nothing_again(library, endpoint, embedder):
    library.run(embedder=embedder)

    result = library.run(embedder=embedder, mode="full")

    assert counts(result) == {"indexed": 4}
    assert len(endpoint.texts) == 4
    assert paths(found(library.index, "repair ship motor", embedder))[0] == "sea/engine.txt"


def test_a_passage_that_another_document_has_too_is_not_embedded_twice(desk, endpoint, embedder):
    desk.write("a.md", "# Engine\n\nThe diesel of our vessel.")
    desk.run(embedder=embedder)
    desk.write("b.md", "# Engine\n\nThe diesel of our vessel.\n")

    desk.run(embedder=embedder)

    assert len(endpoint.texts) == 1
    assert sorted(paths(found(desk.index, "motor", embedder))) == ["a.md", "b.md"]


def test_a_document_that_is_gone_has_no_vector_and_is_not_found(library, embedder):
    library.run(embedder=embedder)
    (library.root / "kitchen/loaves.txt").unlink()

    library.run(embedder=embedder)

    assert passages_with_vectors(library.index) == 3
    assert "kitchen/loaves.txt" not in paths(found(library.index, "keeping bread fresh", embedder))


def test_vectors_of_gone_documents_leave_also_while_no_endpoint_is_configured(library, embedder):
    library.run(embedder=embedder)
    (library.root / "kitchen/loaves.txt").unlink()

    library.run()

    assert passages_with_vectors(library.index) == 3


def test_a_source_that_is_removed_takes_its_vectors_along(library, embedder):
    library.run(embedder=embedder)

    remove_source(library.index, SOURCE)

    assert passages_with_vectors(library.index) == 0


def test_a_document_that_was_changed_is_not_found_by_what_it_said_before(library, embedder):
    library.run(embedder=embedder)
    library.write("kitchen/loaves.txt", "Nothing about food any more.")
    library.run()  # without an endpoint: its vector is of the older text

    result = found(library.index, "keeping bread fresh", embedder)

    assert "kitchen/loaves.txt" not in paths(result)


def test_another_model_makes_all_vectors_anew(library, endpoint, embedder):
    library.run(embedder=embedder)
    other = asking(endpoint, "others")
    endpoint.dimensions = 32
    before = found(library.index, "keeping bread fresh", other)

    library.run(embedder=other)

    assert before.hits == ()
    assert before.warnings == (
        "The index 'index' was searched by words alone: the vectors are of another model or make; "
        "an indexing job on this index makes them.",
    )
    assert len(endpoint.texts) == 4 + 1 + 4
    assert paths(found(library.index, "keeping bread fresh", other))[0] == "kitchen/loaves.txt"
    assert found(library.index, "keeping bread fresh", embedder).warnings != ()


def test_a_model_that_gives_longer_vectors_than_before_has_all_made_anew(library, endpoint, embedder):
    library.run(embedder=embedder)
    endpoint.dimensions = 64
    library.write("new.txt", "A bakery.")

    result = library.run(embedder=embedder)

    assert result.warnings == ()
    assert passages_with_vectors(library.index) == 5
    assert found(library.index, "bread", embedder).warnings == ()


def test_prefixes_are_sent_as_the_model_wants_them(library, endpoint):
    embedder = asking(endpoint, passage_prefix="passage: ", query_prefix="query: ")

    library.run(embedder=embedder)
    found(library.index, "keeping bread fresh", embedder)

    assert all(text.startswith("passage: ") for text in endpoint.texts[:-1])
    assert endpoint.texts[-1] == "query: keeping bread fresh"


def test_several_indexes_are_searched_by_meaning_together(desk, tmp_path, embedder):
    (tmp_path / "second").mkdir()
    second = Desk(tmp_path / "second")
    desk.write("loaf.txt", "A loaf and its dough.")
    second.write("engine.txt", "The diesel of our vessel.")
    second.write("bakery.txt", "The bakery at the harbour.")
    desk.run(embedder=embedder)
    second.run()

    result = search_all({"one": desk.index, "two": second.index}, "bread", Wanted(embedder=embedder))
    second.run(embedder=embedder)
    after = search_all({"one": desk.index, "two": second.index}, "bread", Wanted(embedder=embedder))

    assert paths(result) == ["loaf.txt"]
    assert result.warnings == (
        "The index 'two' was searched by words alone: there are no vectors yet; "
        "an indexing job on this index makes them.",
    )
    assert paths(after)[:2] == ["loaf.txt", "bakery.txt"]
    assert (after.total, after.warnings) == (3, ())


def test_a_query_with_half_a_character_is_searched_too(library, embedder):
    library.run(embedder=embedder)

    assert paths(found(library.index, "bread \ud800", embedder))[0] == "kitchen/loaves.txt"


def test_progress_rises_through_the_files_and_then_the_passages(desk, endpoint):
    for number in range(20):
        desk.write(f"{number:02}.txt", f"bread {number}")
    told = []

    desk.run(embedder=asking(endpoint, batch=5), report=told.append)

    percents = [one.percent for one in told]
    assert percents == sorted(percents)
    assert [one.message for one in told if one.stage == "vectors"] == [
        f"Making vectors: {made} of 20 passages" for made in (0, 5, 10, 15, 20)
    ]
    assert all(one.percent < 20 for one in told if one.stage == "extract")
    assert percents[-1] == 99
