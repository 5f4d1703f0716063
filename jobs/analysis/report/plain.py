"""The data's own words made safe to be shown as one line, in whatever they are written down afterwards."""

import re

# Line ends and characters that command a terminal or a reader's program; a narrow space is none of them.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# They turn the direction of what follows, and so can make text read as another (CVE-2021-42574).
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONE = re.compile("[\ud800-\udfff]")  # halves of a character, which no encoding can write


def one_line(text: str) -> str:
    """Return `text` without line ends, control characters, and marks that turn the direction of text."""
    return LONE.sub("\ufffd", TURNS.sub("", CONTROLS.sub(" ", text)))
