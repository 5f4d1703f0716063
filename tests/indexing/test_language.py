"""Which language a document is in: sure, or nothing."""

import pytest

from jobs.indexing.text.language import FEWEST_LETTERS, detect, language_of
from jobs.indexing.text.languages import distinct, folded

# Written for this test: short paragraphs as they stand in letters and manuals.
TEXTS = {
    "ar": "يجب على الضيوف أن يصلوا إلى المحطة قبل الساعة العاشرة، ولا يمكن لأحد أن يدخل من هذا الباب بعد"
    " ذلك.",
    "bg": "Гостите трябва да са на кея преди десет часа, защото корабът не може да чака, а след това ще"
    " дойде друг.",
    "ca": "Els convidats han de ser al moll abans de les deu, perquè el vaixell no pot esperar i després"
    " no n'hi ha més.",
    "cs": "Hosté musí být v přístavu před desátou hodinou, protože loď nemůže čekat a další, která by je"
    " vzala, není.",
    "da": "Gæsterne skal være på kajen inden klokken ti, fordi skibet ikke kan vente, og der er ikke"
    " flere efter det.",
    "de": "Die Gäste müssen vor zehn Uhr am Hafen sein, weil das Schiff nicht warten kann und danach"
    " keines mehr kommt.",
    "el": "Οι επισκέπτες πρέπει να είναι στο λιμάνι πριν από τις δέκα, γιατί το πλοίο δεν μπορεί να"
    " περιμένει.",
    "en": "The guests must be at the harbour before ten, because the ship cannot wait and there is no"
    " other after it.",
    "es": "Los huéspedes deben estar en el muelle antes de las diez, porque el barco no puede esperar y"
    " no hay otro más.",
    "fi": "Vieraiden on oltava satamassa ennen kymmentä, koska laiva ei voi odottaa, eikä sen jälkeen"
    " tule muita, jotka vievät.",
    "fr": "Les hôtes doivent être sur le quai avant dix heures, parce que le bateau ne peut pas attendre"
    " et qu'il est seul.",
    "he": "על האורחים להיות בנמל לפני השעה עשר, כי האונייה אינה יכולה לחכות, ואחריה אין עוד אוניות באותו"
    " היום.",
    "hi": "मेहमानों को दस बजे से पहले बंदरगाह पर होना चाहिए, क्योंकि जहाज़ इंतज़ार नहीं कर सकता और उसके बाद कोई नहीं है।",
    "hu": "A vendégeknek tíz óra előtt a kikötőben kell lenniük, mert a hajó nem tud várni, és utána már"
    " nincs másik.",
    "it": "Gli ospiti devono essere al porto prima delle dieci, perché la nave non può aspettare e dopo"
    " non ce n'è un'altra.",
    "ja": "船は待つことができないので、お客様は十時までに港に来てください。そのあとの船はありません。",
    "ko": "배는 기다릴 수 없으므로 손님들은 열 시 전에 항구에 와야 합니다. 그 뒤에는 다른 배가 없습니다.",
    "nl": "De gasten moeten voor tien uur in de haven zijn, omdat het schip niet kan wachten en er daarna"
    " geen ander is.",
    "no": "Gjestene må være på kaien før klokken ti, fordi skipet ikke kan vente, og det blir ingen flere"
    " etter dette.",
    "pl": "Goście muszą być w porcie przed dziesiątą, ponieważ statek nie może czekać, a po nim nie ma"
    " już żadnego.",
    "pt": "Os hóspedes devem estar no cais antes das dez, porque o navio não pode esperar e depois não há"
    " mais nenhum.",
    "ro": "Oaspeții trebuie să fie în port înainte de ora zece, pentru că vaporul nu poate aștepta și"
    " după el nu mai este altul.",
    "ru": "Гости должны быть в порту до десяти часов, потому что корабль не может ждать, а другого после"
    " него не будет.",
    "sv": "Gästerna måste vara på kajen före klockan tio, eftersom fartyget inte kan vänta och det inte"
    " finns något mer.",
    "tr": "Misafirler saat ondan önce limanda olmalıdır, çünkü gemi bekleyemez ve ondan sonra başka bir"
    " gemi de yok.",
    "uk": "Гості повинні бути в порту до десятої години, тому що корабель не може чекати, а іншого після"
    " нього немає.",
    "vi": "Khách phải có mặt ở bến cảng trước mười giờ, vì tàu không thể đợi và sau đó không còn chuyến"
    " nào khác.",
    "zh": "船不能等人，所以客人必须在十点以前到达港口。之后当天就没有别的船了，请大家务必准时。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_short_paragraph_tells_its_language(language):
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12,5 kg; 14.3 kg; 2024-05-31",
        "albatross",
        "Hotel Restaurant Taxi",
        "Müller Schmidt GmbH & Co. KG, Ingrid Sæther, Jonas Okafor, Björn Ångström, Zoë Nuñez",
        "x" * 500,
    ],
)
def test_what_says_too_little_has_no_language(text):
    assert detect(text) == ""


def test_a_text_of_many_scripts_has_no_language():
    assert detect(TEXTS["ru"][:60] + TEXTS["en"][:60] + TEXTS["el"][:60]) == ""


def test_a_list_that_repeats_two_small_words_is_of_no_language_but_the_declared_one():
    index = "\n".join(f"S_IF{name} (in module stat)\nS{name}'s (in module ssl)" for name in range(40))

    assert detect(index) == ""
    assert language_of(index, "en") == "en"


def test_a_foreign_word_does_not_change_the_language():
    assert detect(TEXTS["zh"] * 3 + "ラーメン") == "zh"
    assert detect(TEXTS["de"] + " The End.") == "de"


def test_the_text_is_believed_before_the_label():
    assert language_of(TEXTS["de"], "en-US") == "de"


def test_the_label_serves_where_the_text_is_too_short():
    short = "Grüezi"

    assert len(short) < FEWEST_LETTERS
    assert language_of(short, "de-CH") == "de"


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("deu", "de"),
        ("nb-NO", "no"),
        ("EN_us", "en"),
        ("iw", "he"),
        ("x-klingon", ""),
        ("german", ""),
        ("", ""),
    ],
)
def test_labels_are_read_in_the_spellings_of_programs(declared, code):
    assert language_of("", declared) == code


def test_the_label_decides_between_near_relatives():
    croatian = (
        "Gosti moraju biti u luci prije deset sati, jer brod ne može čekati, a nakon njega više nema drugog."
    )

    assert detect(croatian) == "hr"
    assert language_of(croatian, "bs") == "bs"


@pytest.mark.parametrize("language", TEXTS)
def test_the_words_of_a_document_are_those_that_a_query_is_cut_into(language):
    text = f"{TEXTS[language]} C++ {'x' * 63} {'y' * 64} naïve-tests_2026 don’t"

    words, _ = distinct(text)

    assert words == set(folded(text))


@pytest.mark.parametrize(
    ("text", "has_any"), [("漢字 in it", True), ("naïve “words”", False), ("plain", False)]
)
def test_chinese_and_its_like_are_noticed_among_other_words(text, has_any):
    assert distinct(text)[1] == has_any
