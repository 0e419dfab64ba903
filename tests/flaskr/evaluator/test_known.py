import numpy as np

from flaskr.evaluator.known import OUTSIDE, Known


def test_what_is_like_the_rated_is_inside_and_what_is_not_is_outside(person):
    X, _ = person(260)
    known = Known.of([X[:200]], np.arange(200), 0)
    strange = np.random.default_rng(1).normal(size=(40, 32)).astype(np.float32)
    assert np.mean(known.outside([X[200:]]) >= OUTSIDE) < 0.2
    assert np.mean(known.outside([strange]) >= OUTSIDE) > 0.8


def test_the_rest_of_an_album_does_not_count_as_usual():
    rng = np.random.default_rng(0)
    albums = np.repeat(np.arange(30), 4)
    X = (rng.normal(size=(30, 16))[albums] + 0.01 * rng.normal(size=(120, 16))).astype(np.float32)
    torn, whole = Known.of([X], np.arange(120), 0), Known.of([X], albums, 0)
    assert whole.usual.min() > 10 * torn.usual.max()


def test_with_too_few_nothing_is_called_outside(person):
    X, _ = person(3)
    known = Known.of([X[:2]], np.arange(2), 0)
    assert not known.outside([X]).any()
    assert known.outside([X[:0]]).shape == (0,)
