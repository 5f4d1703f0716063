"""Questions in German choose rows, compare and are held to their words as English ones are."""

import pytest

from jobs.analysis.planning.german import in_english
from jobs.analysis.planning.planner import plan
from jobs.analysis.results.condition import Condition
from tests.analysis.hand_made_columns import column

ORDERS = (
    column("Umsatz"),
    column("Region", "category", "text", ("Nord", "Ost", "Süd", "West")),
    column("Zahlungsart", "category", "text", ("Bar", "Karte", "Rechnung")),
)
HOMES = (
    column("Verbrauch"),
    column("Heizung", "category", "text", ("Gas", "Strom", "Öl")),
    column("Solaranlage", "boolean", "text", ("ja", "nein")),
    column("Lage", "category", "text", ("Land", "Stadt")),
)
STAFF = (
    column("gehalt"),
    column("alter"),
    column("geschlecht", "category", "text", ("m", "w")),
    column("Raucher", "boolean", "text", ("ja", "nein")),
)


def kept(name, *values):
    return (Condition(name, "is", values),)


def dropped(name, *values):
    return (Condition(name, "is_not", values),)


@pytest.mark.parametrize(
    ("question", "columns", "group", "where"),
    [
        ("Umsatz nach Region ohne Nord", ORDERS, "Region", dropped("Region", "Nord")),
        ("Umsatz nach Region außer Nord", ORDERS, "Region", dropped("Region", "Nord")),
        ("Umsatz nach Region ausser dem Norden", ORDERS, "Region", dropped("Region", "Nord")),
        ("Umsatz bei Kartenzahlung nach Region", ORDERS, "Region", kept("Zahlungsart", "Karte")),
        ("Umsatz nach Region bei Barzahlung", ORDERS, "Region", kept("Zahlungsart", "Bar")),
        ("Umsatz nach Region unter den Kartenzahlern", ORDERS, "Region", kept("Zahlungsart", "Karte")),
        ("Umsatz nach Zahlungsart im Norden", ORDERS, "Zahlungsart", kept("Region", "Nord")),
        ("Ist der Umsatz im Norden höher als im Süden?", ORDERS, "Region", kept("Region", "Nord", "Süd")),
        (
            "Verbrauch mit und ohne Solaranlage bei Gasheizung",
            HOMES,
            "Solaranlage",
            kept("Heizung", "Gas"),
        ),
        ("Verbrauch nach Lage, nur Gas", HOMES, "Lage", kept("Heizung", "Gas")),
        ("Verbrauch nach Lage ohne Solaranlage", HOMES, "Lage", kept("Solaranlage", "nein")),
        ("Verbrauch nach Heizung in der Stadt", HOMES, "Heizung", kept("Lage", "Stadt")),
        ("Verbrauch von Häusern mit Solaranlage nach Lage", HOMES, "Lage", kept("Solaranlage", "ja")),
        ("gehalt nach Raucher bei Frauen", STAFF, "Raucher", kept("geschlecht", "w")),
        ("gehalt nach geschlecht bei Nichtrauchern", STAFF, "geschlecht", kept("Raucher", "nein")),
        ("Verdienen Frauen weniger als Männer?", STAFF, "geschlecht", ()),
        ("Sind Frauen älter als Männer?", STAFF, "geschlecht", ()),
    ],
)
def test_german_clauses_choose_rows(question, columns, group, where):
    found = plan(question, columns)

    assert not found.needs_clarification, found.because
    assert (found.columns["group"], found.where) == (group, where)


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("Umsatz nach Region bei Stammkunden", ORDERS),
        ("Umsatz nach Region ohne Retouren", ORDERS),
        ("Umsatz nach Region im Gasgeschäft", HOMES + ORDERS[:2]),
        ("gehalt der Teilzeitkräfte nach geschlecht", STAFF),
        ("Verbrauch nach Lage bei Nordhäusern", HOMES),
    ],
)
def test_what_names_no_rows_of_the_table_is_asked_back(question, columns):
    assert plan(question, columns).needs_clarification


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("does Umsatz differ between regions", ORDERS),
        ("weight by diet for men in the north", ORDERS),
        ("who wore the hat, men or women", STAFF),
    ],
)
def test_english_questions_stay_as_they_are(question, columns):
    assert in_english(question, columns) == question


def test_words_of_the_table_are_not_put_over():
    fertiliser = (column("Ertrag"), column("Dünger", "category", "text", ("mit", "ohne")))

    assert "mit" in in_english("Ist der Ertrag mit oder ohne Dünger höher?", fertiliser)
    assert plan("Ertrag nach Dünger", fertiliser).columns == {"outcome": "Ertrag", "group": "Dünger"}
