"""How words are cut and reduced, language by language.

A document is indexed with the stemmer of its language, and each stem under the name of that language, so that
none is ever found by a word of another. One of an unknown language counts as English, the stemmer that does
least harm to other words; one of a known language without a stemmer keeps its words as they are.

Letters are made lower case and lose their accents before they are stemmed, in documents and queries alike:
who types `zurcher` finds `Zürcher`, in any language.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import tantivy

LONGEST_WORD: Final = 64
DEFAULT: Final = "en"
PLAIN: Final = "plain"
REMEMBERED_QUERIES: Final = 2_000  # texts in one language

# By code of ISO 639-1: the stemmers that the engine has.
STEMMERS: Final = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
_RELATED: Final = {"nb": "no", "nn": "no", "zh": DEFAULT, "ja": DEFAULT, "ko": DEFAULT, "": DEFAULT}

# Chinese, Japanese and Korean are written without spaces: each character is a word, and a run of them a
# phrase.
_CJK: Final = (
    r"[\u{2E80}-\u{2FDF}\u{3040}-\u{312F}\u{31F0}-\u{31FF}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}"
    r"\u{AC00}-\u{D7AF}\u{F900}-\u{FAFF}\u{20000}-\u{3FFFF}]"
)
# The same in Python's spelling: `\uXXXX` or `\UXXXXXXXX`.
CJK_RUN: Final = re.compile(re.sub(r"u\{(\w+)\}", lambda code: f"U{code[1]:0>8}", _CJK) + "+")
# Signs that are no letters of their own belong to words of Tamil or Hindi. A quarter of the speed.
_WORDS_WITH_SIGNS: Final = r"[\p{L}\p{M}\p{N}]+"
_SIGNS: Final = "".join(
    chr(code) for code in range(0x300, 0x2100) if unicodedata.category(chr(code))[0] == "M"
)
# A word with the signs on its letters, whatever each stemmer makes of these.
_WORD: Final = re.compile(rf"[^\W_](?:[^\W_]|[{_SIGNS}])*")


def stemming(language: str) -> str:
    """Give the code under which a language is stemmed: its own, `en` for an unknown one, or `plain`."""
    code = _RELATED.get(language, language)
    return code if code in STEMMERS else PLAIN


def tagged(code: str, stem: str) -> str:
    """Spell a stem of one language so that it is no word, and no other language's stem."""
    return f":{code}:{stem}"


def all_tagged(code: str, stems: Iterable[str]) -> str:
    """Spell stems of one language like `tagged`, with spaces between them; empty for none."""
    tag = tagged(code, "")
    joined = f" {tag}".join(stems)
    return tag + joined if joined else ""


def _folding(tokenizer: tantivy.Tokenizer) -> tantivy.TextAnalyzerBuilder:
    words = tantivy.TextAnalyzerBuilder(tokenizer).filter(tantivy.Filter.remove_long(LONGEST_WORD))
    return words.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


def _stemming(code: str) -> tantivy.TextAnalyzer:
    simple = tantivy.Tokenizer.simple()
    words = _folding(tantivy.Tokenizer.regex(_WORDS_WITH_SIGNS) if code == "ta" else simple)
    return words.filter(tantivy.Filter.stemmer(STEMMERS[code])).build()


def analysers() -> dict[str, tantivy.TextAnalyzer]:
    """Give every analyser of the schema by name. An index made by others is built anew."""
    found = {code: _stemming(code) for code in STEMMERS}
    found[PLAIN] = _folding(tantivy.Tokenizer.regex(_WORDS_WITH_SIGNS)).build()
    found["cjk"] = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_CJK)).build()
    found["listed"] = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    return found


_ANALYSERS: Final = analysers()
# Of ASCII, letters become small, and all but letters and digits a space; the rest of UTF-8 stays.
_PLAIN_LETTERS: Final = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)
) + bytes(range(128, 256))
_FOLDED: Final = _folding(tantivy.Tokenizer.simple()).build()


def folded(text: str) -> list[str]:
    """Cut text into words in lower case and without accents, unstemmed; Chinese and its like are left out."""
    if text.isascii():
        return _FOLDED.analyze(text)
    return _ANALYSERS[PLAIN].analyze(CJK_RUN.sub(" ", text))


def distinct(text: str) -> tuple[set[str], bool]:
    """Give each word of a text once, as `folded` cuts it, and tell whether Chinese or its like is in it.

    For whole documents, at a third of the cost of `folded`: words of ASCII letters, most in most languages,
    are cut by plain replacements, and the others alone by the analyser.
    """
    plain = text.encode().translate(_PLAIN_LETTERS).decode()
    words = set(plain.split())
    if plain.isascii():
        return {word for word in words if len(word) < LONGEST_WORD}, False
    others = {word for word in words if not word.isascii()}
    rest = " ".join(others)
    found = {word for word in words - others if len(word) < LONGEST_WORD}
    return found.union(folded(rest)), CJK_RUN.search(rest) is not None


def listed(text: str) -> list[str]:
    """Cut text into unstemmed words like `folded`, with each Chinese, Japanese or Korean character as one."""
    if text.isascii():
        return _FOLDED.analyze(text)
    return _ANALYSERS[PLAIN].analyze(CJK_RUN.sub(lambda run: f" {' '.join(run[0])} ", text))


def stemmed(code: str, text: str) -> list[str]:
    """Cut text into the words that a passage stemmed under this code has, Chinese and its like left out."""
    return _ANALYSERS[code].analyze(text if text.isascii() else CJK_RUN.sub(" ", text))


def placed(code: str, text: str) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Find the words of a text: where each begins and ends, in characters, and what `stemmed` makes of it.

    Chinese and its like are left out.
    """
    plain = text if text.isascii() else CJK_RUN.sub(lambda run: " " * len(run[0]), text)
    words = [found.span() for found in _WORD.finditer(plain)]
    stems = _ANALYSERS[code].analyze(plain)
    if len(stems) == len(words):  # as nearly always: no word is too long, or several to the stemmer
        yield from ((begin, end, (stem,)) for (begin, end), stem in zip(words, stems, strict=True))
    else:
        yield from ((begin, end, _ANALYSERS[code].analyze(plain[begin:end])) for begin, end in words)


@lru_cache(maxsize=REMEMBERED_QUERIES)
def stems_of(code: str, text: str) -> tuple[str, ...]:
    """Cut the text of a query like `stemmed`, once for all that is asked with it."""
    return tuple(stemmed(code, text))


def characters(text: str) -> list[list[str]]:
    """Find the runs of Chinese, Japanese and Korean in a text, each as its characters."""
    if text.isascii():
        return []
    return [found for found in map(_ANALYSERS["cjk"].analyze, CJK_RUN.findall(text)) if found]
