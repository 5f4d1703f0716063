"""Texts without a mark are read in the encoding that they are in, as often as the sample says."""

import time
from random import Random

import pytest

from jobs.indexing.formats.encoding import decode
from jobs.indexing.formats.guessing import guess

KOREAN = "대한민국의 수도는 서울이다. 한국어로 쓴 글입니다. 오늘 날씨가 좋습니다."
TRADITIONAL = "中華民國是位於東亞的國家。臺北市是首都。今天天氣很好，我們去公園散步。"
SIMPLIFIED = "会议将于下周一上午十点举行，请各位准时参加。资料会提前发送。"
JAPANESE = "会議は来週の月曜日の午前十時に行われます。資料は事前にメールで送ります。"
THAI = "การประชุมจะจัดขึ้นในวันจันทร์หน้าเวลาสิบโมงเช้า กรุณานำเอกสารมาด้วย"
TURKISH = "Toplantı gelecek pazartesi günü saat onda yapılacaktır. Belgeler önceden gönderilecek."
RUSSIAN = "Заседание состоится в следующий понедельник в десять часов утра. Материалы разошлют заранее."
GERMAN = "Die Sitzung findet nächsten Montag um zehn Uhr statt. Für Fragen stehen wir zur Verfügung. Grüße"
FRENCH = "La réunion aura lieu lundi prochain à dix heures. Les documents seront envoyés à l'avance, déjà."
POLISH = "Posiedzenie odbędzie się w przyszły poniedziałek o godzinie dziesiątej. Materiały zostaną wysłane."
LITHUANIAN = "Posėdis įvyks kitą pirmadienį dešimtą valandą ryto. Medžiaga bus išsiųsta iš anksto."
GREEK = "Η συνεδρίαση θα γίνει την επόμενη Δευτέρα στις δέκα το πρωί."
HEBREW = "הישיבה תתקיים ביום שני הבא בשעה עשר בבוקר."
ARABIC = "سيعقد الاجتماع يوم الاثنين القادم في الساعة العاشرة صباحا."
ENGLISH = "The meeting takes place next Monday at ten; documents will be sent in advance to all members.\n"

ONE_EACH = [
    (KOREAN, "euc_kr"),
    (TRADITIONAL, "big5"),
    (SIMPLIFIED, "gb18030"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (THAI, "cp874"),
    (TURKISH, "cp1254"),
    (TURKISH, "cp857"),
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8_r"),
    (RUSSIAN, "iso8859-5"),
    (RUSSIAN, "cp866"),
    (RUSSIAN, "mac_cyrillic"),
    (GERMAN, "cp1252"),
    (GERMAN, "cp437"),
    (FRENCH, "cp850"),
    (FRENCH, "cp437"),
    (FRENCH, "mac_roman"),
    (POLISH, "cp1250"),
    (POLISH, "iso8859-2"),
    (POLISH, "cp852"),
    (LITHUANIAN, "cp1257"),
    (LITHUANIAN, "cp775"),
    (GREEK, "cp1253"),
    (GREEK, "cp737"),
    (HEBREW, "cp1255"),
    (ARABIC, "cp1256"),
]


@pytest.mark.parametrize("times", [1, 10])
@pytest.mark.parametrize(("text", "encoding"), ONE_EACH)
def test_a_text_is_read_in_its_encoding(text, encoding, times):
    whole = f"{text}\n" * times

    assert decode(whole.encode(encoding), 10**7) == whole


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(KOREAN, "euc_kr"), (TRADITIONAL, "big5"), (SIMPLIFIED, "gb18030"), (JAPANESE, "shift_jis")],
)
def test_a_few_words_of_chinese_and_its_like_among_english_ones_are_read(text, encoding):
    whole = ENGLISH * 10 + text + "\n" + ENGLISH * 10 + text + "\n"

    assert decode(whole.encode(encoding), 10**7) == whole


def test_a_name_in_russian_among_english_words_is_read():
    whole = ENGLISH * 15 + "Chair: Заседание\n" + ENGLISH * 15

    assert decode(whole.encode("cp1251"), 10**7) == whole


@pytest.mark.parametrize("name", ["Söder", "Adrogué", "José Ñandú", "© 2024", "® ® ®  Microcap® Index®"])
def test_a_name_or_a_sign_among_english_words_is_of_no_exotic_encoding(name):
    whole = ENGLISH * 8 + f"Maintainer: {name}\n" + ENGLISH * 8

    assert decode(whole.encode("cp1252"), 10**7) == whole


@pytest.mark.parametrize(("text", "encoding"), [one for one in ONE_EACH if one[1] in {"euc_kr", "big5"}])
def test_a_damaged_line_does_not_unmake_a_text_of_several_bytes_a_character(text, encoding):
    lines = [f"{text}\n".encode(encoding)] * 20
    lines[10] = b"\xff\xa0 damage\n"

    read = decode(b"".join(lines), 10**7)

    assert read.count(text) == 19


def test_lines_of_two_encodings_are_each_read_in_theirs():
    lines = [GERMAN, FRENCH, "Übergrößen für Ämter"] * 2
    data = b"\n".join(line.encode("utf-8" if number % 2 else "cp1252") for number, line in enumerate(lines))

    assert decode(data, 10**7).split("\n") == lines


def test_a_damaged_line_of_utf8_stays_utf8_beside_lines_of_another_encoding():
    data = f"{RUSSIAN}\n".encode() * 5 + RUSSIAN.encode() + b"\xff\n" + "Grüße aus Köln\n".encode("cp1252")

    assert decode(data, 10**7) == f"{RUSSIAN}\n" * 5 + f"{RUSSIAN}\ufffd\n" + "Grüße aus Köln\n"


def test_utf8_prevails_only_where_it_does():
    data = (f"{GERMAN}\n" * 9).encode("cp1252") + f"{GERMAN}\n".encode()

    assert decode(data, 10**7).count(GERMAN) == 9


@pytest.mark.parametrize("line", [b"\xe9", b"\xe9\n", b"a" * 50 + b"\xe9" + b"\n", bytes(range(128, 256))])
def test_a_choice_is_made_in_bounded_time_whatever_the_bytes(line):
    chance = Random(3)  # noqa: S311 - the same bytes each time
    noise = bytes(chance.randrange(1, 256) for _ in range(20_000))

    begin = time.process_time()
    for data in (line * (2_000_000 // len(line)), noise, noise * 100):
        guess(data)
    decode(line * (2_000_000 // len(line)) + b"\xc3\xa9\n" * 100_000, 10**8)

    assert time.process_time() - begin < 20.0  # about 3 s; quadratic work took minutes
