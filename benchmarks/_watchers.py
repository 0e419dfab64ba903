"""Generated people who rate a generated catalogue: taste by genre, stories with sequels, popularity, moods and times."""

import numpy as np
from scipy.sparse import csr_array

from flaskr.collaborative.data import Catalogue, Ratings, ratings

GENRES = 8
PARTS = ("", ": Second Season", " Movie", " OVA")


def people(n_users: int = 300, n_items: int = 240, *, each: float = 40.0, seed: int = 0) -> Ratings:
    """Ratings 1..10 (a fifth of the rows -1). Who watches: by genre taste, story and popularity; how they rate:
    habit + quality + genre taste + story + noise of deviation 1."""
    rng = np.random.default_rng(seed)
    story = np.arange(n_items) // len(PARTS)
    names = np.array([f"Tale {_word(story[i])}{PARTS[i % len(PARTS)]}" for i in range(n_items)])
    genre = rng.random((story.max() + 1, GENRES)) < 0.3
    genre[np.arange(len(genre)), rng.integers(0, GENRES, len(genre))] = True
    genre = genre[story].astype(np.float32)
    fame = rng.gamma(0.7, 1.0, story.max() + 1)[story] * np.array([1.0, 0.6, 0.4, 0.25])[np.arange(n_items) % len(PARTS)]
    quality, order = rng.normal(0, 0.7, story.max() + 1)[story], rng.permutation(n_items)
    user, item, value = [], [], []
    for one in range(n_users):
        wish = rng.normal(0, 1, GENRES)
        fit = (genre @ wish) / np.sqrt(genre.sum(1))
        count = min(max(int(rng.gamma(2.0, each / 2)), 2), n_items // 2)
        keys = np.log(fame + 0.02) + 1.2 * fit + rng.gumbel(size=story.max() + 1)[story] + 0.5 * rng.gumbel(size=n_items)
        seen = np.argpartition(-keys, count)[:count]
        liked = 7.2 + rng.normal(0, 0.7) + quality + 0.9 * fit + rng.normal(0, 0.8, story.max() + 1)[story]
        given = np.clip(np.round(liked[seen] + rng.normal(0, 1, count)), 1, 10)
        given[rng.random(count) < 0.2] = -1
        user.append(np.full(count, 10 * one + 3))
        item.append(100 + order[seen])
        value.append(given)
    back = np.argsort(order)  # ids are given without regard to stories
    catalogue = Catalogue(names[back], csr_array(genre[back]), (np.arange(n_items) % len(PARTS))[back].astype(np.int32),
                          rng.integers(1, 26, n_items).astype(np.float32), (7 + quality)[back].astype(np.float32),
                          (1000 * fame)[back].astype(np.float32))
    return ratings(np.concatenate(user), np.concatenate(item), np.concatenate(value), items=100 + np.arange(n_items),
                   catalogue=catalogue)


def many(n_users: int, n_items: int, each: int, *, seed: int = 0) -> Ratings:
    """Rows for measures of time and memory only: n_users x each distinct random items, popular ones oftener."""
    rng = np.random.default_rng(seed)
    user = np.repeat(np.arange(n_users), each)
    item = (n_items * rng.random(len(user)) ** 3).astype(np.int64)
    value = np.clip(np.round(rng.normal(7.8, 1.6, len(user))), 1, 10)
    value[rng.random(len(user)) < 0.19] = -1
    return ratings(user, item, value, items=np.arange(n_items))


def _word(number: int) -> str:
    letters = "bdfgklmnprst"
    found = ""
    for vowel in "aeiou":
        found += letters[number % 12] + vowel
        number //= 12
    return found
