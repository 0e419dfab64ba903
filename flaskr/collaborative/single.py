"""Single items for one person: the rating that is expected of each, why one is recommended, and what is like it."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from flaskr.collaborative import order
from flaskr.collaborative.reasons import Reason, reasons
from flaskr.collaborative.saved import Serving
from flaskr.collaborative.taste import STORY


def expected(serving: Serving, ids: Sequence[int], ratings: Sequence[float], wanted: Sequence[int]) -> dict[int, float]:
    """The expected rating of each `wanted` id that the model knows, on the data's own scale, for a person as Serving takes
    them: without ratings, what everybody gives."""
    there, code = serving.codes(wanted)
    rating = serving.model.rate(serving.person(ids, ratings))[0]
    return {int(id_): float(rating[at]) * serving.items.unit
            for id_, at in zip(np.asarray(wanted, np.int64)[there], code, strict=True)}


def why(serving: Serving, ids: Sequence[int], ratings: Sequence[float], item: int) -> list[Reason]:
    """What the person watched that speaks for an item, as ids, strongest first; none of an item that is not known."""
    _, code = serving.codes([item])
    if not len(code):
        return []
    found = reasons(serving.person(ids, ratings), int(code[0]), serving.model.ease, serving.model.taste)
    return serving.named([one for one in found if one.item != code[0]])


def similar(serving: Serving, item: int, count: int, *, most: int = 2) -> list[int]:
    """Ids of the items most like one, at most `most` of one story: the correlation that the taste kernel sees in them, its
    level left out. Empty for an item that is not known."""
    _, code = serving.codes([item])
    if not len(code):
        return []
    at, taste = int(code[0]), serving.model.taste
    same = taste.story == taste.story[at]
    told = taste.described @ taste.described[at] + taste.close[[at]].toarray()[0] + STORY * same
    size = np.einsum("ij,ij->i", taste.described, taste.described) + taste.close.diagonal() + STORY
    key = (told / np.sqrt(size * size[at])).astype(np.float32)
    key[at] = -np.inf
    return [int(serving.items.ids[one]) for one in order.page(key, taste.story, count, most=most)]
