"""Which items are parts of one story, by their names alone: "Naruto: Shippuuden Movie 2" belongs to "naruto"."""
from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

CUT = re.compile(r"[:(\[/~]| - |\b(movies?|ovas?|onas?|specials?|season|gekijouban|tv|recap|the final|picture drama|"
                 r"part|episode|vol|zoku|shin|kai|2nd|3rd|4th|\dth|first|second|third|final|next|new|after|prologue|"
                 r"epilogue|pilot|encore|returns?|special|mini|summary|soushuuhen|side story|gaiden|kanketsu\w*)\b")
NUMBER = re.compile(r"\b([rs]?\d+|ii+|iv|v|vi+|ix|x|xi+|[a-z])\b|[^\w\s]|_")
ARTICLES = {"the", "a", "an", "no", "to", "wa", "of", "ga", "de", "ni", "wo", "shin", "new", "mini", "chou", "dai"}


def stem(name: str) -> str:
    """The words of `name` before the first sign of a sequel, without numbers and signs; the whole name if none is left."""
    words = name.lower().strip()
    found = CUT.search(words, 1)
    head = words[:found.start()] if found else words
    kept = " ".join(NUMBER.sub(" ", head).split())
    return kept if set(kept.split()) - ARTICLES else " ".join(words.split())


def franchises(names: Iterable[str]) -> np.ndarray:
    """int32 [m]: equal for items of equal stem; an item whose name is empty stands alone."""
    stems = [stem(name) or f"\0{place}" for place, name in enumerate(names)]
    return np.unique(stems, return_inverse=True)[1].astype(np.int32)
