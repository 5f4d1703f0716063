"""Every long computation looks often whether its result is still wanted, so that a cancel takes a moment."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from jobs.analysis.numerics.ancova import adjusted
from jobs.analysis.numerics.blocks import Stopped, stopped_by
from jobs.analysis.numerics.contingency import permutation_pvalue
from jobs.analysis.numerics.cross_validation import cross_validated, five_folds
from jobs.analysis.numerics.families import Logistic
from jobs.analysis.numerics.general_model import fit_general, fit_negative_binomial, profile_interval
from jobs.analysis.numerics.kendall import kendall
from jobs.analysis.numerics.linear_model import fit_model
from jobs.analysis.numerics.ranks import kruskal_wallis
from jobs.analysis.numerics.shift import hodges_lehmann
from jobs.analysis.numerics.signed_rank import signed_rank
from jobs.analysis.numerics.within import friedman

RNG = np.random.default_rng(20140305)
ROWS = 150_000
X, Z = RNG.normal(size=(2, ROWS))
GROUPS = RNG.integers(0, 3, ROWS)
YES = (RNG.random(ROWS) < 1.0 / (1.0 + np.exp(-X))).astype(float)
COUNTS = RNG.negative_binomial(2, 2.0 / (2.0 + np.exp(0.3 * X))).astype(float)
FEW = slice(0, 20_000)


def profile() -> None:
    model = fit_general([X[FEW], Z[FEW]], YES[FEW], Logistic())
    profile_interval([X[FEW], Z[FEW]], YES[FEW], Logistic(), model, place=1, level=0.95)


# What is computed, and how often it looks at least: about once for each hundredth of a second.
WORK: dict[str, tuple[Callable[[], object], int]] = {
    "least squares": (lambda: fit_model([X, Z], YES), 15),
    "rows set aside": (lambda: cross_validated([X, Z], YES, five_folds(ROWS, 7)), 20),
    "logistic": (lambda: fit_general([X, Z], YES, Logistic()), 40),
    "negative binomial": (lambda: fit_negative_binomial([X, Z], COUNTS), 200),
    "limits by the profile": (profile, 30),
    "covariance": (lambda: adjusted(X, GROUPS.astype(np.intp), Z[:, None]), 3),
    "Kendall": (lambda: kendall(X, Z), 15),
    "ranks of groups": (lambda: kruskal_wallis([X, Z]), 2),
    "shift": (lambda: hodges_lehmann(np.sort(X), np.sort(Z), level=0.95), 5),
    "signed ranks": (lambda: signed_rank(X, level=0.95), 2),
    "measures": (lambda: friedman(np.column_stack([X, Z, YES])), 6),
    "permutations": (lambda: permutation_pvalue(np.full((8, 9), 50), 60.0, draws=500, seed=3), 60),
}


class Asked(threading.Event):
    """Counts how often somebody asks whether it is set, and is set once that was often enough."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self.times, self._enough = 0, enough

    def is_set(self) -> bool:
        self.times += 1
        return self.times >= self._enough


@pytest.mark.parametrize("name", WORK)
def test_a_long_computation_can_be_stopped_at_many_places(name):
    work, often = WORK[name]
    asked = Asked(often)

    with stopped_by(asked), pytest.raises(Stopped):
        work()

    assert asked.times == often
