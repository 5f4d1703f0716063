"""What turns texts into vectors, whoever does it, and how a vector is kept."""

import math
import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import Protocol

from jobs.errors import LonghaulError

NUMBER_BYTES = 2  # of each number of a vector: half precision, little-endian
PRINT_BYTES = 16


class EmbeddingFault(LonghaulError):
    """Texts got no vectors. The text says why, in words that follow "the embeddings endpoint".

    Parameters
    ----------
    again : bool
        Whether the same request may succeed a little later; `wait`: in so many seconds, if that was said.
    of_texts : bool
        Whether these very texts may be the reason, so that others are worth a try.
    """

    slug = "embedding-fault"
    title = "No vectors could be made"
    status = 503

    def __init__(
        self, why: str, *, again: bool = False, wait: float | None = None, of_texts: bool = False
    ) -> None:
        super().__init__(why)
        self.again = again
        self.wait = wait
        self.of_texts = of_texts


class Embedder(Protocol):
    """Turns texts into vectors: near each other where the texts mean something similar."""

    @property
    def model(self) -> str:
        """Name the model, with all that makes its vectors of passages others."""

    @property
    def batch(self) -> int:
        """Tell how many passages to give it at once."""

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Give the vector of each passage, as `unit` makes it.

        Raises
        ------
        EmbeddingFault
            There is none.
        """

    def query(self, text: str) -> bytes:
        """Give the vector of what somebody looks for, soon; raises like `passages`."""


def unit(numbers: Sequence[float]) -> bytes:
    """Pack a vector, at length 1, as half-precision numbers.

    Raises
    ------
    ValueError
        It has no direction: it is empty or zero, or has a number that is none.
    """
    length = math.hypot(*numbers)
    if not 0 < length < math.inf:
        raise ValueError("a vector without a direction")
    return struct.pack(f"<{len(numbers)}e", *(number / length for number in numbers))


def dimension_of(vector: bytes) -> int:
    """Count the numbers of a packed vector."""
    return len(vector) // NUMBER_BYTES


def text_of(title: str, passage: str) -> str:
    """Give the text whose meaning a passage has: a passage is about what its document is about."""
    return f"{title}\n{passage}"


def print_of(text: str) -> bytes:
    """Give a print of a text: equal texts have equal vectors."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=PRINT_BYTES).digest()
