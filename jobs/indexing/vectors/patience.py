"""Asks an embedder as often as makes sense: later where it is busy, for less where it refuses."""

from collections.abc import Callable, Sequence
from typing import Final

from jobs.indexing.vectors.embedder import Embedder, EmbeddingFault

ATTEMPTS: Final = 4
FIRST_PAUSE_SECONDS: Final = 1.0  # doubled each time
LONGEST_PAUSE_SECONDS: Final = 60.0
BEGINNING_CHARACTERS: Final = 400  # of a text that is refused: few enough for any model
KNOWN_TO_WORK: Final = "A text that every model takes."

Pause = Callable[[float], None]


def vectors_of(embedder: Embedder, texts: Sequence[str], pause: Pause) -> list[bytes | None]:
    """Give the vectors of texts, None for each that is refused, even its beginning alone.

    Raises
    ------
    EmbeddingFault
        The embedder gives no vectors, whatever the text.
    """
    try:
        return [*patiently(embedder, texts, pause)]
    except EmbeddingFault as fault:
        if not fault.of_texts:
            raise
    patiently(embedder, [KNOWN_TO_WORK], pause)  # else it is not the texts
    if len(texts) == 1:
        return [_of_its_beginning(embedder, texts[0])]
    half = len(texts) // 2
    return vectors_of(embedder, texts[:half], pause) + vectors_of(embedder, texts[half:], pause)


def _of_its_beginning(embedder: Embedder, text: str) -> bytes | None:
    """Give the vector of the first words of a text, which may have been too long."""
    try:
        return embedder.passages([text[:BEGINNING_CHARACTERS]])[0]
    except EmbeddingFault as fault:
        if not fault.of_texts:
            raise
        return None


def patiently(embedder: Embedder, texts: Sequence[str], pause: Pause) -> list[bytes]:
    """Ask again, after a pause, where that may help.

    Raises
    ------
    EmbeddingFault
        It did not help.
    """
    for attempt in range(ATTEMPTS - 1):
        try:
            return embedder.passages(texts)
        except EmbeddingFault as fault:
            if not fault.again:
                raise
            wait = fault.wait if fault.wait is not None else FIRST_PAUSE_SECONDS * 2**attempt
            pause(min(wait, LONGEST_PAUSE_SECONDS))
    return embedder.passages(texts)
