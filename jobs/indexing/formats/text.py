"""Plain text and source code, in whatever encoding."""

from jobs.indexing.formats.base import Extracted, Section
from jobs.indexing.formats.encoding import decode
from jobs.indexing.limits import Limits

# Lists of words in a string, because one line for each would hide the few lines of code.
_SUFFIXES = """
.txt .text .log .asc .csv .tsv .rst .adoc .org .tex .bib .srt .vtt .po .pot .diff .patch
.json .jsonl .yaml .yml .toml .ini .cfg .conf .properties .env .xml .svg .sql .graphql .proto
.py .pyi .pyx .r .rmd .jl .m .c .h .cc .cpp .cxx .hpp .hh .cs .java .kt .kts .scala .groovy
.go .rs .swift .js .mjs .cjs .jsx .ts .tsx .vue .svelte .css .scss .less .php .pl .pm .rb .lua .el .lisp
.clj .hs .ml .mli .erl .ex .exs .f .f90 .for .pas .adb .ads .asm .s .sh .bash .zsh .fish .ps1 .bat .cmd
.awk .sed .vim .cmake .mk .gradle .tf .nix .dockerfile .debian .upstream
"""
_NAMES = """
readme license licence copying copyright changelog changes news authors contributors thanks todo notice
install history faq bugs credits hacking makefile dockerfile procfile gemfile rakefile
"""
PLAIN_NAMES = frozenset(_NAMES.split())


class PlainText:
    """Text files and source code: the characters as they stand."""

    name = "text"
    suffixes = frozenset(_SUFFIXES.split())

    def signed(self, head: bytes) -> bool:  # noqa: ARG002 - text has no signature; the protocol asks
        """Plain text cannot be told by its first bytes."""
        return False

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Decode the file; its title is left to the first line of the text."""
        return Extracted("", (Section(decode(data, limits.characters)),))
