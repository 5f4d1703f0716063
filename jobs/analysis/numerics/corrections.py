"""P-values adjusted for how many there are."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def holm(pvalues: Floats) -> Floats:
    """Adjust p-values so that one false finding among all is as unlikely as in a single test.

    Parameters
    ----------
    pvalues : (n,) floats in [0, 1], of any tests, dependent or not

    Returns
    -------
    (n,) floats in [0, 1], in the order given, none below its raw value

    References
    ----------
    Holm (1979), Scand. J. Statist. 6, 65-70. Equal to R's `p.adjust(p, "holm")`.
    """
    order = np.argsort(pvalues, kind="stable")
    steps = pvalues[order] * np.arange(pvalues.size, 0, -1)
    return _put_back(np.minimum(1.0, np.maximum.accumulate(steps)), order)


def benjamini_hochberg(pvalues: Floats) -> Floats:
    """Adjust p-values so that few of those that stay small belong to false findings.

    Parameters and result are those of `holm`; the promise holds for tests that are independent or depend
    on each other positively.

    References
    ----------
    Benjamini & Hochberg (1995), JRSS B 57, 289-300. Equal to R's `p.adjust(p, "BH")`.
    """
    order = np.argsort(pvalues, kind="stable")
    steps = pvalues[order] * pvalues.size / np.arange(1, pvalues.size + 1)
    # The largest step is the largest p-value itself, so that none is above 1.
    return _put_back(np.minimum.accumulate(steps[::-1])[::-1], order)


def _put_back(adjusted: Floats, order: NDArray[np.intp]) -> Floats:
    found = np.empty_like(adjusted)
    found[order] = adjusted
    return found
