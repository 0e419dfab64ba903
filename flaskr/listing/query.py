"""What a page asks for, read from its URL: unknown words are ignored, numbers are capped, nothing raises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from flaskr.media.contract import Module, Sort
from flaskr.tables import decode_path, encode_path

MATCH = Sort("match", "Best match", "")
SORTS = (
    Sort("recommended", "Recommended", ""),
    Sort("rating", "Rating", "rating", True),
    Sort("prediction", "Predicted", "prediction", True),
    Sort("certainty", "Certainty", "spread"),
    Sort("title", "Title", "title"),
    Sort("added", "Newest", "added", True),
    Sort("played", "Last played", "last_played", True),
    Sort("finished", "Most played", "finished", True),
    Sort("size", "Size", "size", True),
    Sort("path", "Path", "path"),
    Sort("random", "Random", ""),
)
VIEWS = ("grid", "list")
RATED = ("yes", "no")
WAYS = ("words", "meaning")
LAST_PAGE = 1_000_000
LAST_SEED = 2**31 - 1
MOST_LIKE = 50
FAR = 1e15
Range = tuple[float | None, float | None]


@dataclass(frozen=True)
class Query:
    """A page of a module: words, filters, order and number. `args()` is the URL that asks for it again.

    `by` is how `q` is read: as words, or by its meaning. `like` and `unlike` are ids of items that what is looked for
    resembles or does not. `ranges` are bounds of numbers by the key of their filter, either may be open.
    """

    module: Module
    q: str = ""
    by: str = "words"
    like: tuple[int, ...] = ()
    unlike: tuple[int, ...] = ()
    sort: str = "recommended"
    descending: bool | None = None
    seed: int | None = None
    rated: str = ""
    least: float | None = None
    most: float | None = None
    folder: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    view: str = "grid"
    page: int = 1

    @cached_property
    def order(self) -> Sort:
        return next(sort for sort in sorts(self.module, match=True) if sort.key == self.sort)

    @property
    def down(self) -> bool:
        return self.order.descending if self.descending is None else self.descending

    @property
    def meant(self) -> str:
        """The words whose meaning is looked for; "" when they are looked for as words."""
        return self.q if self.by == "meaning" else ""

    @property
    def matched(self) -> bool:
        """Whether items answer better or worse, so that there is a best match."""
        return bool(self.meant or self.like or self.unlike)

    @property
    def usual(self) -> str:
        """The order where none is asked for."""
        return MATCH.key if self.matched else "recommended"

    @property
    def filtered(self) -> bool:
        return bool(self.q or self.like or self.unlike or self.rated or self.folder or self.facets or self.ranges
                    or self.least is not None or self.most is not None)

    def but(self, **changes: object) -> dict[str, str]:
        """URL arguments of this query with some fields changed; a changed query starts at its first page."""
        changed = replace(self, **({"page": 1} | changes))
        if "sort" not in changes and (self.sort == self.usual or self.sort == MATCH.key and not changed.matched):
            changed = replace(changed, sort=changed.usual)
        return changed.args()

    def args(self) -> dict[str, str]:
        given = {"q": self.q, "by": self.by if self.by != "words" else "", "like": _joined(self.like),
                 "unlike": _joined(self.unlike), "sort": self.sort if self.sort != self.usual else "",
                 "rated": self.rated, "dir": "" if self.descending is None else "desc" if self.descending else "asc",
                 "seed": self.seed, "min": self.least, "max": self.most, "folder": encode_path(self.folder),
                 "view": self.view if self.view != "grid" else "", "page": self.page if self.page > 1 else ""}
        given |= {f"{key}_{end}": value for key, bounds in self.ranges.items()
                  for end, value in zip(("from", "to"), bounds, strict=True)}
        return {key: f"{value:.15g}" if isinstance(value, float) else str(value)
                for key, value in given.items() if value not in ("", None)} | dict(self.facets)


def sorts(module: Module, *, match: bool = False) -> tuple[Sort, ...]:
    """Every order of a module's page: the shared ones and its own; the best match where there is one."""
    return (*((MATCH,) if match else ()), *SORTS, *module.sorts)


def read(module: Module, args: Mapping[str, str]) -> Query:
    """A Query from URL arguments."""
    def choice(key: str, allowed: tuple, default: str) -> str:
        return args.get(key) if args.get(key) in allowed else default

    asked = Query(
        module=module, q=" ".join(args.get("q", "").replace("\0", " ").split())[:200], by=choice("by", WAYS, "words"),
        like=ids(args.get("like", "")[:1000].split(",")), unlike=ids(args.get("unlike", "")[:1000].split(",")),
        descending={"asc": False, "desc": True}.get(args.get("dir", "")),
        seed=None if args.get("seed") in (None, "") else int(number(args["seed"], 0, LAST_SEED) or 0),
        rated=choice("rated", RATED, ""), least=number(args.get("min"), 0, 10), most=number(args.get("max"), 0, 10),
        folder=decode_path(args.get("folder", "").replace("\0", "")[:4096]),
        facets={chosen.key: args[chosen.key][:500] for chosen in module.filters if args.get(chosen.key)},
        ranges=_ranges(module, args), view=choice("view", VIEWS, "grid"),
        page=int(number(args.get("page"), 1, LAST_PAGE) or 1))
    allowed = tuple(sort.key for sort in sorts(module, match=asked.matched))
    return replace(asked, sort=choice("sort", allowed, asked.usual))


def _ranges(module: Module, args: Mapping[str, str]) -> dict[str, Range]:
    asked = {chosen.key: (number(args.get(f"{chosen.key}_from"), -FAR, FAR), number(args.get(f"{chosen.key}_to"), -FAR, FAR))
             for chosen in module.filters if chosen.range}
    return {key: bounds for key, bounds in asked.items() if bounds != (None, None)}


def ids(texts: Iterable[str], most: int = MOST_LIKE) -> tuple[int, ...]:
    """Item ids, each once, at most so many; what is no id is left out."""
    found = (int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 18)
    return tuple(islice(dict.fromkeys(found), most))


def _joined(ids: tuple[int, ...]) -> str:
    return ",".join(map(str, ids))


def number(text: str | None, least: float, most: float) -> float | None:
    """A number within bounds; None when it is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return min(max(value, least), most) if value == value else None
