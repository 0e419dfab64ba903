"""Fits in blocks: the same numbers here, in processes and on a cluster, and never a matrix in whole."""

import multiprocessing
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from scipy.sparse import csr_array, issparse

from benchmarks._watchers import people
from flaskr.collaborative import blocks
from flaskr.collaborative.ease import fit_ease, worth
from flaskr.collaborative.ensemble import fit_ensemble
from flaskr.collaborative.ials import fit_ials
from flaskr.collaborative.neighbours import fit_neighbours
from flaskr.collaborative.taste import fit_taste
from flaskr.collaborative.walks import fit_walks

FITS = {"ease": fit_ease, "ials": fit_ials, "walks": fit_walks, "taste": fit_taste, "neighbours": fit_neighbours}


@pytest.fixture(scope="module")
def data():
    return people(260, 120)


@pytest.fixture
def small(monkeypatch):
    """Blocks so small that there are many of each kind."""
    monkeypatch.setattr(blocks, "CELLS", 1500)
    monkeypatch.setattr(blocks, "ROWS", 2500)
    monkeypatch.setattr("flaskr.collaborative.ials.BLOCK", 50)


class Noting(Executor):
    """Works at once; notes how large what it sends and gets is, and how many results nobody took yet."""

    def __init__(self) -> None:
        self.sent, self.got, self.held, self.most, self.shared = [], [], 0, 0, 0

    def submit(self, function, /, *arguments, **named):
        future, result = Future(), function(*arguments, **named)
        self.sent.append(sum(one.nnz for one in arguments if issparse(one)))
        self.got.append(getattr(result, "size", 0))
        self.held += 1
        self.most = max(self.most, self.held)
        taken = future.result
        future.result = lambda timeout=None: (setattr(self, "held", self.held - 1), taken(timeout))[1]
        future.set_result(result)
        return future

    def share(self, value):
        self.shared += 1
        return value


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def numbers(model):
    for field in fields(model):
        value = getattr(model, field.name)
        yield field.name, value.toarray() if issparse(value) else np.asarray(value)


def alike(one, other, **tolerance):
    for (name, mine), (_, theirs) in zip(numbers(one), numbers(other), strict=True):
        if mine.dtype.kind == "f":
            np.testing.assert_allclose(mine, theirs, err_msg=name, **(tolerance or {"rtol": 1e-4, "atol": 1e-5}))


@pytest.mark.parametrize("name", FITS)
def test_blocks_change_no_number(data, small, monkeypatch, name):
    blocked = FITS[name](data)
    monkeypatch.undo()
    alike(blocked, FITS[name](data))


@pytest.mark.parametrize("name", FITS)
def test_processes_give_what_is_computed_here(data, small, processes, name):
    alike(FITS[name](data), FITS[name](data, executor=processes), rtol=1e-5, atol=1e-6)


def test_strips_are_the_product():
    rng = np.random.default_rng(0)
    X, Y = (csr_array(rng.random((90, width)) * (rng.random((90, width)) < 0.3), dtype=np.float32) for width in (41, 23))
    found = list(blocks.strips(X, Y, cells=23 * 6, rows=50))
    assert [which.start for which, _ in found] == list(range(0, 41, 6))
    np.testing.assert_allclose(np.concatenate([part for _, part in found]), (X.T @ Y).toarray(), rtol=1e-5)
    nobody = csr_array((0, 41), dtype=np.float32)
    assert blocks.product(nobody, nobody).shape == (41, 41) and not blocks.product(nobody, nobody).any()
    assert list(blocks.strips(X[:, :0], Y)) == []


def test_the_strongest_are_those_of_each_column():
    dense = np.random.default_rng(1).normal(size=(9, 9)).astype(np.float32)
    place = np.array([0, 2, 3, 5, 6, 7, 8, 10, 11])
    found = blocks.strongest(blocks.lying(dense), place, 12, 3).toarray()
    for at, column in zip(place, dense.T, strict=True):
        best = np.sort(np.argsort(-np.abs(column))[:3])
        assert np.array_equal(np.flatnonzero(found[:, at]), place[best]) and np.allclose(found[place[best], at], column[best])
    assert blocks.strongest([], place[:0], 12, 3).nnz == 0


def test_a_block_is_bounded_in_what_it_takes_and_gives(data, small):
    noting, X = Noting(), data.matrix(worth(data.rating))
    whole = blocks.product(X, X, noting)
    np.testing.assert_allclose(whole, (X.T @ X).toarray(), rtol=1e-4)
    longest = int(np.diff(X.indptr).max())
    assert len(noting.got) == 40 and max(noting.got) <= 1500
    assert max(noting.sent) <= 2 * (2500 + longest) and noting.most <= blocks.AHEAD
    assert noting.shared == len(blocks._edges(X, 2500)) - 1  # each part of the people is sent once, not with each strip


def test_a_fault_in_a_block_is_raised_here_and_ends_the_rest(processes):
    with pytest.raises(ZeroDivisionError):
        list(blocks.each(divmod, ((1, one) for one in range(3, -40, -1)), processes))
    assert list(blocks.each(divmod, [(7, 2), (9, 4)], processes)) == [(3, 1), (2, 1)]


def test_the_ensemble_is_the_same_with_an_executor(data, small):
    one, other, some = fit_ensemble(data), fit_ensemble(data, executor=Noting()), data.of_users(np.arange(20))
    assert (one.forest is None) == (other.forest is None)
    for ask in ("score", "rate"):
        mine, theirs = getattr(one, ask)(some), getattr(other, ask)(some)
        np.testing.assert_allclose(np.nan_to_num(mine, neginf=-1e3), np.nan_to_num(theirs, neginf=-1e3), rtol=1e-4, atol=1e-4)
