"""Items that resemble an item, by their embeddings."""

from flaskr.listing.match import alike
from flaskr.listing.page import load
from flaskr.media.contract import Module


def similar(module: Module, item_id: int, count: int = 8) -> list[tuple[object, float]]:
    """(item, cosine) of the nearest items that have a file, best first; empty when it is not embedded yet."""
    ids, cosines = alike(module, (item_id,))
    near = dict(zip(ids[:3 * count].tolist(), cosines[:3 * count].tolist(), strict=True))
    items = [item for item in load(module.Item, list(near)) if not item.missing]
    return [(item, near[item.id]) for item in items[:count]]
