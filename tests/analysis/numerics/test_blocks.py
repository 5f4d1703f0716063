"""Work in blocks gives what work at once gives, and ends where its result is no longer wanted."""

import threading

import numpy as np
import pytest

from jobs.analysis.numerics.blocks import Stopped, blocks, checkpoint, decomposed, stopped_by, triangle

RNG = np.random.default_rng(20140305)
TALL = np.column_stack([np.ones(200_003), RNG.normal(size=(200_003, 3)) * [1.0, 1e-6, 1e4]])


def test_blocks_cover_every_row_once():
    assert [list(range(*rows.indices(10))) for rows in blocks(10, 4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert list(blocks(0)) == []


def test_a_tall_decomposition_is_the_whole_one_but_for_signs():
    q, r = decomposed(TALL)

    whole = np.linalg.qr(TALL, mode="r")
    assert np.abs(np.diag(r)) == pytest.approx(np.abs(np.diag(whole)), rel=1e-12)
    assert not np.tril(r, -1).any()
    assert q.T @ q == pytest.approx(np.eye(4), abs=1e-13)
    off = np.abs(q @ r - TALL).max(axis=0) / np.abs(TALL).max(axis=0)
    assert off.max() < 1e-13  # of a column's size: the rounding of a few sums


def test_a_triangle_holds_the_weighted_squares():
    weights = RNG.random(TALL.shape[0])

    found = triangle(TALL, weights)

    assert found.T @ found == pytest.approx(TALL.T @ (TALL * weights[:, None]), rel=1e-9, abs=1e-12)


def test_work_ends_at_the_next_block_once_it_is_not_wanted():
    stop = threading.Event()
    done = []

    def work() -> None:
        for rows in blocks(100, 10):
            done.append(rows)
            if len(done) == 3:
                stop.set()

    with stopped_by(stop), pytest.raises(Stopped):
        work()

    assert len(done) == 3
    checkpoint()  # outside nothing stops anyone
