"""Each document is stemmed as its own language, and a search finds it whatever languages are beside it."""

import pytest

from jobs.indexing.search.hits import Wanted, search
from jobs.indexing.text.languages import STEMMERS
from tests.indexing.shelf import Book, found, put

# Of each language two forms of one word, the one in the document and the one that is typed. Each pair has one
# stem in the Snowball algorithm of that language (snowballstem.org, the sample vocabularies).
FORMS = {
    "ar": ("الكتاب", "كتابهم"),
    "da": ("husene", "hus"),
    "de": ("Häusern", "Haus"),
    "el": ("γυναίκες", "γυναίκα"),
    "en": ("walking", "walks"),
    "es": ("canciones", "canción"),
    "fi": ("talossa", "talo"),
    "fr": ("chevaux", "cheval"),
    "hu": ("házban", "ház"),
    "it": ("gatti", "gatto"),
    "nl": ("katten", "kat"),
    "no": ("husene", "hus"),
    "pt": ("meninos", "menino"),
    "ro": ("casele", "casa"),
    "ru": ("книгами", "книга"),
    "sv": ("husen", "hus"),
    "ta": ("புத்தகங்கள்", "புத்தகம்"),
    "tr": ("evlerden", "ev"),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """One document in each language, and one in a language that has no stemmer."""
    books = [
        Book(f"{code}.txt", f"{forms[0]} stands alone", title="A form", language=code)
        for code, forms in FORMS.items()
    ]
    books.append(Book("pl.txt", "książkami i kobieta", title="A form", language="pl"))
    return put(tmp_path_factory.mktemp("languages") / "index", *books)


def test_there_is_a_form_for_every_stemmer():
    assert FORMS.keys() == STEMMERS.keys()


@pytest.mark.parametrize("code", sorted(FORMS))
def test_another_form_of_a_word_is_found_in_its_language(index, code):
    typed = FORMS[code][1]

    assert f"{code}.txt" in found(index, typed)
    assert found(index, f"{typed} lang:{code}") == [f"{code}.txt"]
    assert found(index, f"{typed} form alone lang:{code}") == [f"{code}.txt"]


@pytest.mark.parametrize("code", sorted(FORMS))
def test_the_form_that_was_found_is_marked(index, code):
    (hit,) = search(index, f"{FORMS[code][1]} lang:{code}").hits

    assert hit.highlights[0].startswith(f"<mark>{FORMS[code][0]}</mark> stands")


def test_accents_make_no_difference_in_any_language(index):
    assert found(index, "hausern") == ["de.txt"]
    assert found(index, "cancion") == ["es.txt"]
    assert found(index, "ksiazkami") == ["pl.txt"]


def test_a_language_without_a_stemmer_keeps_its_words(index):
    assert found(index, "kobieta") == ["pl.txt"]
    assert found(index, "kobietami") == []


def test_the_stems_of_one_language_do_not_find_the_words_of_another(tmp_path):
    """French makes `new` of `news`; English must not."""
    books = [Book("en.txt", "a new house", title="One"), Book("fr.txt", "la vie", title="Un", language="fr")]
    index = put(tmp_path / "index", *books)

    assert found(index, "news") == []
    assert found(index, "news", mode="any") == []


def test_a_document_of_an_unknown_language_counts_as_english(tmp_path):
    index = put(tmp_path / "index", Book("x.txt", "penguins walking", title="X"))

    assert found(index, "penguin walk") == ["x.txt"]


def test_a_rare_language_is_not_ranked_below_a_frequent_one(tmp_path):
    """The same text in both: without a correction the one of the rarer language would score a thirtieth."""
    english = [Book(f"{n}.txt", f"sand and stones number {n} " * 20, title="S") for n in range(95)]
    text = "albatross and albatross " + "flies over sand " * 24
    books = [Book("en.txt", text, title="E"), Book("fr.txt", text, title="F", language="fr")]
    index = put(tmp_path / "index", *english, *books)

    hits = search(index, "albatross", Wanted()).hits

    first, second = (hit.score for hit in hits)
    assert {hit.path for hit in hits} == {"en.txt", "fr.txt"}
    assert second / first > 0.75


@pytest.mark.parametrize("times", [1, 3, 10])
@pytest.mark.parametrize("others", [5, 60])
def test_a_passage_of_a_rare_language_counts_what_an_english_one_does(tmp_path, times, others):
    said, filling = "albatross " * times, "zebra quagga okapi " * others
    english = [Book(f"{number}.txt", filling, title="Notes", language="en") for number in range(100)]
    books = [Book(f"{code}.txt", said + filling, title="Notes", language=code) for code in ("en", "fr", "el")]
    index = put(tmp_path / "index", *english, *books)

    hits = search(index, "albatross", Wanted()).hits

    scores = [hit.score for hit in hits]
    assert {hit.path for hit in hits} == {"en.txt", "fr.txt", "el.txt"}
    assert max(scores) / min(scores) == pytest.approx(1, rel=0.01)


def test_phrases_and_beginnings_work_in_every_language(index):
    assert found(index, '"chevaux stands alone"') == ["fr.txt"]
    assert found(index, '"alone chevaux"') == []
    assert found(index, "книг*") == ["ru.txt"]
    assert found(index, "புத்*") == ["ta.txt"]
    assert found(index, "chevuax~") == ["fr.txt"]


def test_a_word_is_as_rare_as_it_is_in_all_languages_together(tmp_path):
    texts = [f"section {number} of the tides" for number in range(40)]
    often = [Book(f"{text}.txt", text, language="en") for text in texts]
    rare = Book("rare.txt", "of the albatross", language="en")
    quoting = Book("de.txt", "section, ein Wort: section, section der Gezeiten", language="de")
    index = put(tmp_path / "index", *often, rare, quoting)

    assert found(index, "section albatross", mode="any")[0] == "rare.txt"
