"""How soon a rating moves what is shown, in a library of 100,000 with 1,000 ratings: the calls that a page waits for."""

from pathlib import Path

import numpy as np
from sqlalchemy import text, update

from benchmarks.library_rows import application, best, fill, row, with_files
from benchmarks.taste import someone
from flaskr.embeddings.store import Matrix
from flaskr.evaluator import cards
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs import learn, moving

ITEMS, RATED, DIM, SPACE = 100_000, 1000, 256, "made:up"


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}; the vectors are made up and stand in memory."""
    X, y = someone(ITEMS, seed=2, dim=DIM)
    held, before = Matrix(np.arange(1, ITEMS + 1), X.astype(np.float16), SPACE), moving.matrix_in
    moving.matrix_in = lambda module, project, space: held
    try:
        with application() as app:
            return measured(app, app.extensions["modules"][with_files()[0]], X, y)
    finally:
        moving.matrix_in = before


def measured(app: object, module: object, X: np.ndarray, y: np.ndarray) -> list[dict]:
    """Everything from the rating's commit to what the page is told, the worker's answer and the write included."""
    project, call = app.extensions["settings"].project, app.extensions["instant"].run
    fill(module, ITEMS)
    db.session.execute(text(f"UPDATE {module.Item.__tablename__} SET rating = NULL, rated_at = NULL, predicted_by = '000001'"))
    rated = np.random.default_rng(0).choice(np.arange(1, ITEMS // 2), RATED, replace=False)
    db.session.execute(update(module.Item), [
        {"id": int(id_), "rating": float(y[id_ - 1]), "rated_at": float(at)} for at, id_ in enumerate(rated)])
    db.session.commit()
    learn.fit_and_publish(X[rated - 1], y[rated - 1].astype(np.float32), np.arange(RATED), rated, SPACE, X[::50],
                          cards.folder_of(project, module.name))
    moving.ready(module, project, run=call)
    new = iter(range(ITEMS // 2, ITEMS))

    def rate_and(then) -> float:
        def both() -> None:
            ratings.rate(module, next(new), 9.0)
            then()
        return best(both, 7)

    def move(count: int) -> None:
        moving.move(module, project, range(1000, 1000 + count), run=call)

    sample = range(1, ITEMS, ITEMS // 2000)
    found = [row("a rating, and 60 items of a page moved and written", rate_and(lambda: move(60)), 0.1, "s"),
             row("a rating, and 400 items moved and written", rate_and(lambda: move(400)), 0.1, "s"),
             row("a rating, and how many of 2,000 predictions it moved",
                 rate_and(lambda: moving.reach(module, project, sample, run=call)), 0.5, "s"),
             row("the rest of the library after a pause", best(lambda: moving.settle(module, project, run=call), 1), 30, "s")]
    app.extensions["instant"].close()
    return found
