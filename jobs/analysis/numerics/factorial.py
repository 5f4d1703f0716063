"""A number by two factors, from its cells: sums of squares of type II and III, HC3, simple contrasts."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.means import t_two_sided
from jobs.analysis.numerics.moments import Moments

Floats = NDArray[np.float64]

TERMS = ("factor_1", "factor_2", "interaction")


@dataclass(frozen=True)
class Term:
    """An F test of a term, and the share of what it and the rest leave that is its own."""

    statistic: float
    df: int
    df_error: int
    pvalue: float
    partial_eta_squared: float


@dataclass(frozen=True)
class Contrast:
    """Two levels of the first factor, by place, compared within a level of the second."""

    first: int
    second: int
    within: int
    difference: float
    error: float
    df: int

    @property
    def statistic(self) -> float:
        """Student's t."""
        return self.difference / self.error

    @property
    def pvalue(self) -> float:
        """Two-sided, not yet adjusted."""
        return t_two_sided(self.statistic, self.df)


@dataclass(frozen=True)
class Cells:
    """What each of a x b cells holds; none is empty, and one at least has two values."""

    sizes: Floats  # (a, b)
    means: Floats  # (a, b), measured from the first cell's mean
    squares: Floats  # (a, b), deviations from the cell's own mean

    @property
    def error(self) -> float:
        """Squared deviations within cells."""
        return float(self.squares.sum())

    @property
    def df_error(self) -> int:
        """Degrees of freedom of it."""
        return int(self.sizes.sum()) - self.sizes.size


def cells_of(found: list[list[Moments]]) -> Cells:
    """Gather moments of cells; means are differences, so that numbers far from zero lose no digits."""
    first = found[0][0]
    return Cells(
        np.array([[float(cell.n) for cell in row] for row in found]),
        np.array([[cell.minus(first) for cell in row] for row in found]),
        np.array([[cell.squares for cell in row] for row in found]),
    )


def _sum_coded(levels: int) -> Floats:
    """Code a factor so that its coefficients sum to 0 (R's `contr.sum`)."""
    return np.vstack([np.eye(levels - 1), -np.ones(levels - 1)])


def _designs(cells: Cells) -> dict[str, Floats]:
    """Give the columns of each term, a row a cell."""
    a, b = cells.sizes.shape
    first = np.repeat(_sum_coded(a), b, axis=0)
    second = np.tile(_sum_coded(b), (a, 1))
    both = np.einsum("ij,ik->ijk", first, second).reshape(a * b, -1)
    return {"factor_1": first, "factor_2": second, "interaction": both}


def _left(cells: Cells, columns: list[Floats]) -> float:
    """Give the squared deviations between cells that a model with these columns leaves."""
    weights = np.sqrt(cells.sizes.ravel())
    design = np.column_stack([np.ones(weights.size), *columns]) * weights[:, None]
    target = cells.means.ravel() * weights
    q, _ = np.linalg.qr(design)
    rest = target - q @ (q.T @ target)
    rest = rest - q @ (q.T @ rest)
    return float(rest @ rest)


def type_two(cells: Cells) -> dict[str, Term]:
    """Test each factor beside the other, and the interaction beside both (R's `car::Anova(type = 2)`)."""
    columns = _designs(cells)
    first, second = columns["factor_1"], columns["factor_2"]
    both = _left(cells, [first, second])
    squares = {
        "factor_1": _left(cells, [second]) - both,
        "factor_2": _left(cells, [first]) - both,
        "interaction": both,
    }
    return {term: _term(cells, squares[term], columns[term].shape[1]) for term in TERMS}


def type_three(cells: Cells) -> dict[str, Term]:
    """Test each term beside all others, cells weighing alike (`car::Anova(type = 3)` with `contr.sum`)."""
    columns = _designs(cells)
    return {
        term: _term(
            cells,
            _left(cells, [columns[other] for other in TERMS if other != term]),
            columns[term].shape[1],
        )
        for term in TERMS
    }


def _term(cells: Cells, squares: float, df: int) -> Term:
    squares = max(0.0, squares)
    statistic = (squares / df) / (cells.error / cells.df_error)
    pvalue = float(special.fdtrc(df, cells.df_error, statistic))
    return Term(statistic, df, cells.df_error, pvalue, squares / (squares + cells.error))


def robust(cells: Cells) -> dict[str, Term] | None:
    """Test as type III without assuming equal spreads; None where a cell has one value or no spread.

    References
    ----------
    MacKinnon & White (1985), HC3. Equal to R's `car::Anova(type = 3, white.adjust = "hc3")`.
    """
    if bool(np.any(cells.sizes < 2)) or bool(np.any(cells.squares <= 0)):
        return None
    a, b = cells.sizes.shape
    variances = (cells.squares / (cells.sizes - 1.0) ** 2).ravel()
    steps = {"factor_1": (_steps(a), np.ones((1, b)) / b), "factor_2": (np.ones((1, a)) / a, _steps(b))}
    steps["interaction"] = (_steps(a), _steps(b))
    found = {}
    for term in TERMS:
        contrasts = np.kron(*steps[term])
        values = contrasts @ cells.means.ravel()
        spread = (contrasts * variances) @ contrasts.T
        df = contrasts.shape[0]
        statistic = float(values @ np.linalg.solve(spread, values)) / df
        pvalue = float(special.fdtrc(df, cells.df_error, statistic))
        found[term] = Term(statistic, df, cells.df_error, pvalue, 0.0)
    return found


def _steps(levels: int) -> Floats:
    """Give the differences of each level from the first."""
    return np.column_stack([-np.ones(levels - 1), np.eye(levels - 1)])


def simple_contrasts(cells: Cells) -> tuple[Contrast, ...]:
    """Compare levels of the first factor within each level of the second, with the spread of all cells.

    Equal to R's `pairs(emmeans(lm(y ~ a * b), ~ a | b))`.
    """
    variance = cells.error / cells.df_error
    a, b = cells.sizes.shape
    return tuple(
        Contrast(
            first,
            second,
            within,
            float(cells.means[first, within] - cells.means[second, within]),
            float(np.sqrt(variance * (1.0 / cells.sizes[first, within] + 1.0 / cells.sizes[second, within]))),
            cells.df_error,
        )
        for within in range(b)
        for first, second in combinations(range(a), 2)
    )
