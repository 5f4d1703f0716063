"""Long computations in pieces: blocks of rows, and between them a look whether the result is still wanted."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Eight columns of so many rows are 1 MB, which stays in a core's cache and outweighs a step of Python.
ROWS = 16_384
TALL_ROWS = 65_536  # of a block that is decomposed: smaller ones cost more than they keep in the cache

_stop: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


class Stopped(Exception):
    """The one who waits for the result no longer wants it."""


@contextmanager
def stopped_by(stop: threading.Event) -> Iterator[None]:
    """Let `checkpoint` end the work of this block, and of what it calls, once `stop` is set."""
    token = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(token)


def checkpoint() -> None:
    """Raise `Stopped` if the result is no longer wanted; long loops call it at least twice a second."""
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise Stopped


def blocks(rows: int, size: int = ROWS) -> Iterator[slice]:
    """Yield slices that cover `rows` rows, none longer than `size`, with a checkpoint before each."""
    for begin in range(0, rows, size):
        checkpoint()
        yield slice(begin, min(begin + size, rows))


def triangle(design: Floats, weights: Floats | None = None) -> Floats:
    """Give the R of the QR decomposition of a design whose rows may be weighted.

    Parameters
    ----------
    design : (n, p) float array, n at least p
    weights : (n,) float array of at least 0, optional
        Each row is multiplied by the root of its weight.

    References
    ----------
    Demmel, Grigori, Hoemmen & Langou (2012), SIAM J. Sci. Comput. 34, A206-A239: block by block, which needs
    no second design and loses no digits.
    """
    found = np.empty((0, design.shape[1]))
    for rows in blocks(design.shape[0], TALL_ROWS):
        part = design[rows] if weights is None else design[rows] * np.sqrt(weights[rows])[:, None]
        found = np.asarray(np.linalg.qr(np.vstack([found, part]), "r"), dtype=np.float64)
    return found


def decomposed(design: Floats) -> tuple[Floats, Floats]:
    """Give Q and R of a tall design, as `numpy.linalg.qr` does, block by block.

    References
    ----------
    As `triangle`; up to 131,071 rows it is one decomposition.
    """
    edges = np.linspace(0, design.shape[0], max(1, design.shape[0] // TALL_ROWS) + 1).astype(np.intp)
    q, uppers = np.empty_like(design), []
    for begin, end in pairwise(edges):
        checkpoint()
        q[begin:end], upper = np.linalg.qr(design[begin:end])
        uppers.append(upper)
    if len(uppers) == 1:
        return q, uppers[0]
    inner, r = np.linalg.qr(np.vstack(uppers))
    for (begin, end), own in zip(pairwise(edges), np.split(inner, len(uppers)), strict=True):
        checkpoint()
        q[begin:end] = q[begin:end] @ own
    return q, r
