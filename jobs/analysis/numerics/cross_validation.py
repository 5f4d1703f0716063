"""How well a linear model tells rows that it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.numerics.blocks import blocks
from jobs.analysis.numerics.linear_model import DependentColumns, fit_model, scaled

Floats = NDArray[np.float64]
Folds = NDArray[np.int64]

CLOSE = 1e-3  # of a column's length left by the others, below which sums of products lose too many digits


@dataclass(frozen=True)
class _Products:
    """Sums over the rows of each fold: of products of columns, and of columns with the outcome."""

    squares: Floats  # (k, p, p)
    outcome: Floats  # (k, p)
    rows: NDArray[np.intp]  # (k,)


def cross_validated(columns: Sequence[Floats], y: Floats, folds: Folds) -> float | None:
    """Give R2 of rows that the model has not seen: fold by fold, against the mean of the other rows.

    None where a fold leaves too few rows, or a column without its values.

    Parameters
    ----------
    folds : (n,) int array, from 0
        The fold of each row.

    Notes
    -----
    The other rows of each fold are all rows less its own, and so are sums of products; only where columns
    nearly determine each other is the model fitted anew on the rows themselves.
    """
    design, _ = scaled(columns, intercept=True)
    response = y - y.mean()
    found = _products(design, response, folds)
    if int(y.size - found.rows.max()) <= len(columns) + 1:
        return None
    models = [_others(found, fold) for fold in range(found.rows.size)]
    known = [model for model in models if model is not None]
    if len(known) < len(models):
        return _anew(columns, y, folds)
    inside = response.sum() - np.bincount(folds, response)
    return _explained(design, response, folds, np.column_stack(known), inside / (y.size - found.rows))


def _products(design: Floats, response: Floats, folds: Folds) -> _Products:
    count, size = int(folds.max()) + 1, design.shape[1]
    squares, outcome = np.zeros((count, size, size)), np.zeros((count, size))
    for rows in blocks(response.size):
        for fold in range(count):
            own = folds[rows] == fold
            part = design[rows][own]
            squares[fold] += part.T @ part
            outcome[fold] += part.T @ response[rows][own]
    return _Products(squares, outcome, np.bincount(folds))


def _others(found: _Products, fold: int) -> Floats | None:
    """Give the coefficients by all rows but those of `fold`, None where they need more digits."""
    squares = found.squares.sum(axis=0) - found.squares[fold]
    wanted = found.outcome.sum(axis=0) - found.outcome[fold]
    size = np.sqrt(np.maximum(np.diag(squares), 0.0))
    if not bool(np.all(size > CLOSE)):
        return None
    try:
        root = np.linalg.cholesky(squares / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    if float(np.min(np.diag(root))) < CLOSE:
        return None
    coefficients: Floats = np.linalg.solve(root.T, np.linalg.solve(root, wanted / size)) / size
    return coefficients


def _explained(design: Floats, response: Floats, folds: Folds, models: Floats, means: Floats) -> float | None:
    error = baseline = 0.0
    for rows in blocks(response.size):
        own = folds[rows]
        told = (design[rows] @ models)[np.arange(own.size), own]
        error += float(np.sum((response[rows] - told) ** 2))
        baseline += float(np.sum((response[rows] - means[own]) ** 2))
    return 1.0 - error / baseline if baseline > 0.0 else None


def _anew(columns: Sequence[Floats], y: Floats, folds: Folds) -> float | None:
    error = baseline = 0.0
    for fold in np.unique(folds):
        inside, outside = folds != fold, folds == fold
        kept = [values[inside] for values in columns]
        if any(np.ptp(values) == 0.0 for values in kept):
            return None
        try:
            model = fit_model(kept, y[inside])
        except DependentColumns:
            return None
        told = model.coefficients[0] + sum(
            values[outside] * slope for values, slope in zip(columns, model.coefficients[1:], strict=True)
        )
        error += float(np.sum((y[outside] - told) ** 2))
        baseline += float(np.sum((y[outside] - y[inside].mean()) ** 2))
    return 1.0 - error / baseline if baseline > 0.0 else None


def five_folds(n: int, seed: int) -> NDArray[np.int64]:
    """Give each of n rows one of five folds, in an order drawn from `seed`."""
    folds: NDArray[np.int64] = np.empty(n, dtype=np.int64)
    folds[np.random.default_rng(seed).permutation(n)] = np.arange(n) % 5
    return folds
