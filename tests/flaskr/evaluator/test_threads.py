import numpy as np
import pytest

from flaskr.evaluator import fit, threads
from flaskr.evaluator.threads import one_thread, share

torch = pytest.importorskip("torch")


def test_threads_are_given_back():
    before = torch.get_num_threads()
    with pytest.raises(KeyError), one_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("rows", [1, 10_000])
def test_shared_work_comes_back_in_order(rows):
    with one_thread():
        assert list(share(lambda i: i * i, range(50), rows)) == [i * i for i in range(50)]
        with pytest.raises(ZeroDivisionError):
            list(share(lambda i: 1 // (3 - i), range(50), rows))


def test_how_many_threads_changes_no_digit(person, monkeypatch):
    X, y = person(420)
    shared = fit(X, y)
    monkeypatch.setattr(threads, "WORKERS", 1)
    alone = fit(X, y)
    assert alone.report == shared.report
    np.testing.assert_array_equal(alone.predict(X), shared.predict(X))
