"""The language of a text: by its script where that says it, else by the small words that it is full of.

Measured against five libraries in docs/decisions/0009-language.md.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from jobs.indexing.text.function_words import (
    ARABIC_WORDS,
    DEVANAGARI_WORDS,
    FUNCTION_WORDS,
    LETTERS,
    LONELY_WORDS,
)

SAMPLE_CHARACTERS: Final = 2_000  # more changes nothing but the time
FEWEST_LETTERS: Final = 40  # below that, names and headings look like any language
FEWEST_HITS: Final = 3  # words and letters
FEWEST_DISTINCT: Final = 2
MOST_REPEATED: Final = 20.0  # times for each word, on average: 5 in texts, and more in lists ("in module x")
COVERAGE: Final = 0.1  # share of small words: 0.3 to 0.5 in Romance and Germanic languages, 0.12 in Basque
LETTER: Final = 0.5  # what one of the special letters says, beside a word
LEAD: Final = 1.08  # over the second language, or it is nobody's
MAIN_SCRIPT: Final = 0.7  # of the letters, or the text is mixed
EAST_ASIAN_SHARE: Final = 0.5  # a character stands for a word: half as many say as much
KANA: Final = 0.05  # Japanese has a third, and Chinese quotes a word of it now and then

Voters = Mapping[str, tuple[tuple[str, float], ...]]


def _voters(words: Mapping[str, str]) -> Voters:
    """Turn the lists round: the languages of each word, for which it counts the less the more they are."""
    languages: dict[str, list[str]] = {}
    for language, listed in words.items():
        for word in dict.fromkeys(listed.split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple((one, 1 / len(found)) for one in found) for word, found in languages.items()}


@cache
def _known(script: str) -> Voters:
    """Give the small words of a script; made when first asked for, as a process may start for one file."""
    if script == "Latin":
        return _voters({code: words for code, words in FUNCTION_WORDS.items() if words[0] < "\u0370"})
    if script == "Cyrillic":
        return _voters({code: words for code, words in FUNCTION_WORDS.items() if words[0] >= "\u0400"})
    others = {"Arabic": ARABIC_WORDS, "Devanagari": DEVANAGARI_WORDS, "letters": LETTERS}
    return _voters(others.get(script, LONELY_WORDS))


SHARED_SCRIPTS: Final = frozenset({"Latin", "Cyrillic", "Arabic", "Devanagari"})

# Scripts by their place in Unicode in steps of 128 characters, and what is written in them: a language, or
# several to choose from.
_RANGES: Final[tuple[tuple[int, int, str], ...]] = (
    (0x0041, 0x024F, "Latin"), (0x0370, 0x03FF, "el"), (0x0400, 0x04FF, "Cyrillic"), (0x0500, 0x057F, "hy"),
    (0x0590, 0x05FF, "he"), (0x0600, 0x077F, "Arabic"), (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "bn"), (0x0A00, 0x0A7F, "pa"), (0x0A80, 0x0AFF, "gu"), (0x0B00, 0x0B7F, "or"),
    (0x0B80, 0x0BFF, "ta"), (0x0C00, 0x0C7F, "te"), (0x0C80, 0x0CFF, "kn"), (0x0D00, 0x0D7F, "ml"),
    (0x0D80, 0x0DFF, "si"), (0x0E00, 0x0E7F, "th"), (0x0E80, 0x0EFF, "lo"), (0x0F00, 0x0FFF, "bo"),
    (0x1000, 0x109F, "my"), (0x10A0, 0x10FF, "ka"), (0x1200, 0x137F, "am"), (0x1780, 0x17FF, "km"),
    (0x1E00, 0x1EFF, "Latin"), (0x3040, 0x30FF, "Kana"), (0x3400, 0x9FFF, "Han"), (0xAC00, 0xD7AF, "ko"),
)  # fmt: skip
_SCRIPT_OF_BLOCK: Final = {
    block: script for first, last, script in _RANGES for block in range(first >> 7, (last >> 7) + 1)
}
_WORD: Final = re.compile(r"[^\s\d!-/:-@\[-`{-~‘’“”«»„…–—·،؛؟।。、]+")

# Codes of three letters, as books and libraries write them, and languages that are indexed as another.
_SHORT: Final = {
    **{
        "eng": "en",
        "deu": "de",
        "ger": "de",
        "fra": "fr",
        "fre": "fr",
        "spa": "es",
        "ita": "it",
        "por": "pt",
    },
    **{"nld": "nl", "dut": "nl", "swe": "sv", "dan": "da", "nor": "no", "nob": "no", "nno": "no", "nb": "no"},
    **{"nn": "no", "fin": "fi", "rus": "ru", "ukr": "uk", "pol": "pl", "ces": "cs", "cze": "cs", "slk": "sk"},
    **{
        "slo": "sk",
        "hun": "hu",
        "ron": "ro",
        "rum": "ro",
        "ell": "el",
        "gre": "el",
        "tur": "tr",
        "jpn": "ja",
    },
    **{"zho": "zh", "chi": "zh", "kor": "ko", "ara": "ar", "heb": "he", "iw": "he", "cat": "ca", "in": "id"},
}
# Nobody tells these apart by their small words alone: here the document's own word counts.
_KIN: Final = (
    frozenset({"hr", "bs", "sr"}),
    frozenset({"id", "ms"}),
    frozenset({"gl", "pt"}),
    frozenset({"da", "no"}),
    frozenset({"cs", "sk"}),
    frozenset({"mk", "bg"}),
)


def language_of(text: str, declared: str = "") -> str:
    """Tell the language of a text.

    What the text shows comes first: many a page is declared as English by the program that made it. What is
    declared decides between near relatives, and where the text is too short or too mixed to say anything.

    Parameters
    ----------
    text : str
        The beginning of a document; the first 2,000 characters are looked at.
    declared : str
        The tag that the document bears ("de-AT"), or empty.

    Returns
    -------
    str
        A code of ISO 639-1; empty where nobody knows.
    """
    said = _code(declared)
    found = detect(text)
    if not found or any(found in kin and said in kin for kin in _KIN):
        return said or found
    return found


def _code(tag: str) -> str:
    """Shorten a tag of a language to its code; empty for what is none."""
    code = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    code = _SHORT.get(code, code)
    return code if re.fullmatch("[a-z]{2}", code) else ""


def detect(text: str) -> str:
    """Tell the language of a text by its characters alone; empty rather than a guess.

    Linear in the text, and about 0.2 ms for what is looked at.
    """
    words = _WORD.findall(text[:SAMPLE_CHARACTERS].lower())
    letters = "".join(words)
    script = _script(letters)
    if script not in SHARED_SCRIPTS:
        return script
    if len(letters) < FEWEST_LETTERS:
        return ""
    return _winner(_votes(words, letters, _known(script)), len(words))


def evidence(text: str) -> float:
    """Measure how much a text looks like one in some language: 0 for a jumble, 0.2 and more for a text.

    The wrong one of two encodings gives letters just as well as the right one, rare ones even, but fewer
    words.
    """
    words = _WORD.findall(text.lower())
    letters = "".join(words)
    script = _script(letters)
    plain = _votes(words, "", _known(script)).hits
    special = _votes((), letters, {}).scores if script == "Latin" else {}
    best = max((hits + special.get(language, 0.0) for language, hits in plain.items()), default=0.0)
    return best / len(words) if words else 0.0


def _script(letters: str) -> str:
    """Name the script of most letters, or its language where it has but one; empty for a mixture."""
    if letters.isascii():
        return "Latin" if letters else ""
    counts: Counter[str] = Counter()
    for letter, count in Counter(letters).items():
        counts[_SCRIPT_OF_BLOCK.get(ord(letter) >> 7, "")] += count
    east_asian = counts["Han"] + counts["Kana"]
    if east_asian > MAIN_SCRIPT * len(letters) * EAST_ASIAN_SHARE:
        return "ja" if counts["Kana"] > KANA * east_asian else "zh"
    script, most = counts.most_common(1)[0]
    return script if most >= MAIN_SCRIPT * len(letters) else ""


@dataclass
class _Votes:
    """Of each language: its words and letters, weighted and plain, and how many different ones.

    `words` has how often each of its words was found.
    """

    scores: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    hits: Counter[str] = field(default_factory=Counter)
    distinct: Counter[str] = field(default_factory=Counter)
    words: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def _votes(words: Sequence[str], letters: str, voters: Voters) -> _Votes:
    votes = _Votes()
    special = {} if letters.isascii() else Counter(letters)
    for counts, known, worth in ((Counter(words), voters, 1.0), (special, _known("letters"), LETTER)):
        for sign in counts.keys() & known.keys():
            for language, weight in known[sign]:
                votes.scores[language] += counts[sign] * weight * worth
                votes.hits[language] += counts[sign]
                votes.distinct[language] += 1
                if voters is known:
                    votes.words[language].append(counts[sign])
    return votes


def _winner(votes: _Votes, words: int) -> str:
    """Choose the language with the most small words and special letters; empty without a clear one."""
    scores, hits = votes.scores, votes.hits
    if not scores:
        return ""
    best = max(scores, key=scores.__getitem__)
    second = max((score for language, score in scores.items() if language != best), default=0.0)
    sure = hits[best] >= FEWEST_HITS and votes.distinct[best] >= FEWEST_DISTINCT
    listed = sum(votes.words[best]) > MOST_REPEATED * len(votes.words[best])
    clear = hits[best] >= COVERAGE * words and scores[best] >= LEAD * second
    return best if sure and clear and not listed else ""
