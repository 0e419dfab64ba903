"""What the rating queue gains: as many ratings of what it asks about as of random items, and how well the rest is ordered."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks._people import Person, movies, simulated
from benchmarks.taste import _figures, _interval
from flaskr.evaluator import fit
from flaskr.ranking import asking
from flaskr.ranking.explore import noise

PEOPLE, KINDS_OF = 100, 25  # real people; simulated ones per kind of taste
DRAWS = 3  # of random questions per person
SIZES = {"movies": (10, 20, 50), "sounds": (10, 20), "photos": (10, 20, 50)}
TRAINED = 20  # ratings after which the application trains by itself
SHOWN = 500  # items that show the evaluator how the library hangs together; the application shows more, which takes longer
GAIN = 0.04  # for the first questions; later the queue must not cost anything. Half of the people with photos have a taste
# that these vectors don't show at all (Spearman .01 to .04 by random questions): there nothing can be gained


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}: gains in Spearman on items that are never asked about. The first
    questions must gain GAIN over all sets together; in each, for itself, the queue may cost nothing."""
    if data is None:
        return []
    found = {name: gains(name, data) for name in SIZES}
    rows = [row for name, of_sizes in found.items() for row in told(name, of_sizes)]
    for n in (size for size in SIZES["movies"] if size <= TRAINED):
        sets = [of_sizes[n] for of_sizes in found.values()]
        gain = float(np.mean([np.mean(ours - luck) for ours, luck in sets]))
        error = float(np.sqrt(sum(np.var(ours - luck) / len(ours) for ours, luck in sets)) / len(sets))
        low, high = gain - 1.96 * error, gain + 1.96 * error
        rows.append({"what": f"{n} ratings, mean of the {len(sets)} sets: gain {low:+.3f} to {high:+.3f}", "value": gain,
                     "limit": GAIN, "unit": "Spearman", "holds": gain >= GAIN})
    return rows


def gains(name: str, data: Path) -> dict[int, np.ndarray]:
    """{ratings: [2, people]}, Spearman by the queue and by random questions."""
    found: dict[int, list[tuple[float, float]]] = {n: [] for n in SIZES[name]}
    for seed, (X, y, askable, library) in enumerate(_libraries(name, data)):
        asked = ask(X, y, askable, max(SIZES[name]), seed, library)
        for n in SIZES[name]:
            ours = _skill(X, y, askable, asked[:n], library)
            rng = np.random.default_rng([seed, n])
            luck = [_skill(X, y, askable, rng.permutation(askable)[:n], library) for _ in range(DRAWS)]
            found[n].append((ours, float(np.mean(luck))))
    return {n: np.array(pairs).T for n, pairs in found.items()}


def told(name: str, found: dict[int, np.ndarray]) -> Iterator[dict]:
    """The gain at each size, mean over people with a 95 % bootstrap interval over people, in `what`."""
    for n, (ours, luck) in found.items():
        low, high = _interval(ours - luck)
        gain = float((ours - luck).mean())
        yield {"what": f"{name}, {n} ratings, {len(ours)} people: Spearman of the queue {ours.mean():.3f}, random "
                       f"{luck.mean():.3f}; gain {low:+.3f} to {high:+.3f}",
               "value": gain, "limit": 0.0, "unit": "Spearman", "holds": gain >= 0}


def ask(X: np.ndarray, y: np.ndarray, askable: np.ndarray, n: int, seed: int, library: np.ndarray) -> np.ndarray:
    """Rows of the first n items that the queue asks about, as listing.asking does; trained after each TRAINED answers."""
    asked: list[int] = []
    guess = None
    for number in range(n):
        if number and number % TRAINED == 0:
            guess = fit(X[asked], y[asked], seed=0, library=library).predict(X)
        may = np.isin(np.arange(len(X)), askable) & ~np.isin(np.arange(len(X)), asked)
        open_, kind = np.flatnonzero(may), asking.kind_of(number, seed)
        luck = noise(open_, seed * asking.TWENTY + number)
        if guess is None or kind == asking.TYPICAL:
            rest = np.flatnonzero(~np.isin(np.arange(len(X)), asked))
            asked.append(int(rest[asking.typical(X[rest], X[asked], may[rest])]))
        elif kind == asking.PROMISING:
            asked.append(int(open_[asking.promising(guess[0][open_], guess[1][open_], luck)]))
        else:
            asked.append(int(open_[np.argmax(luck)]))
    return np.array(asked)


def _libraries(name: str, data: Path) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """(X, y, which half may be asked about, what shows how it hangs together) of each person: all that they rated."""
    people = movies(data, 50, PEOPLE) if name == "movies" else simulated(data, name, 20, KINDS_OF)
    for seed, person in enumerate(people):
        X, y = _whole(person)
        half = np.random.default_rng([seed, 7]).permutation(len(X))[:len(X) // 2]
        yield X, y, half, person.library[::max(1, len(person.library) // SHOWN)][:SHOWN]


def _whole(person: Person) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([person.X, person.new]), np.concatenate([person.y, person.truth])


def _skill(X: np.ndarray, y: np.ndarray, askable: np.ndarray, rated: np.ndarray, library: np.ndarray) -> float:
    """Spearman on the half that is never asked about."""
    hidden = np.setdiff1d(np.arange(len(X)), askable)
    mean, _ = fit(X[rated], y[rated], seed=0, library=library).predict(X[hidden])
    return _figures(y[hidden], mean)["spearman"]
