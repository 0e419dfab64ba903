"""Items that resemble an item, by their embeddings."""

import numpy as np

from flaskr.embeddings.nearest import nearest
from flaskr.embeddings.store import matrix
from flaskr.listing.page import load
from flaskr.media.contract import Module


def similar(module: Module, item_id: int, count: int = 8) -> list[tuple[object, float]]:
    """(item, cosine) of the nearest items that have a file, best first; empty when it is not embedded yet."""
    held = matrix(module)
    found, at = held.rows_of([item_id])
    if not len(found):
        return []
    ids, cosines = nearest(held, held.vectors[at[0]].astype(np.float32), count=3 * count + 1)
    near = dict(zip(ids.tolist(), cosines.tolist(), strict=True))
    items = [item for item in load(module.Item, list(near)) if item.id != item_id and not item.missing]
    return [(item, near[item.id]) for item in items[:count]]
