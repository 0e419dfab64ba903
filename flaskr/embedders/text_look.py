"""The second look at texts whose vectors are near: how many runs of five words they share.

Source: A. Broder, "On the resemblance and containment of documents" (1997): the smallest hashes of the runs of both texts
estimate how many of all their runs they have in common.
"""

import re
import zlib

import numpy as np

WORD = re.compile(r"\w+")
RUN, KEPT = 5, 256  # words in a run; hashes kept of a text
LEAST = 0.3  # of the runs; one changed word takes five of them


def look(passages: list[str]) -> list[np.ndarray]:
    """uint32 [up to KEPT]: the smallest hashes of the runs of words of all passages, ascending."""
    words = WORD.findall(" ".join(passages).casefold())
    runs = {zlib.crc32(" ".join(words[at:at + RUN]).encode("utf-8", "replace")) for at in range(max(1, len(words) - RUN + 1))}
    return [np.array(sorted(runs)[:KEPT], np.uint32)] if words else []


def alike(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Whether at least LEAST of the runs of both are common to them."""
    return bool(first and second) and shared(first[0], second[0]) >= LEAST


def shared(first: np.ndarray, second: np.ndarray) -> float:
    """The share of common runs among all runs of both, 0..1, estimated from their smallest hashes."""
    smallest = np.union1d(first, second)[:KEPT]
    return float(np.mean(np.isin(smallest, first) & np.isin(smallest, second)))
