"""What a page asks for, read from its URL: unknown words are ignored, numbers are capped, nothing raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from flaskr.media.contract import Module, Sort
from flaskr.tables import decode_path, encode_path

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
LAST_PAGE = 1_000_000
LAST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Query:
    """A page of a module: words, filters, order and number. `args()` is the URL that asks for it again."""

    module: Module
    q: str = ""
    sort: str = "recommended"
    descending: bool | None = None
    seed: int | None = None
    rated: str = ""
    least: float | None = None
    most: float | None = None
    folder: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    view: str = "grid"
    page: int = 1

    @cached_property
    def order(self) -> Sort:
        return next(sort for sort in sorts(self.module) if sort.key == self.sort)

    @property
    def down(self) -> bool:
        return self.order.descending if self.descending is None else self.descending

    @property
    def filtered(self) -> bool:
        return bool(self.q or self.rated or self.folder or self.facets or self.least is not None
                    or self.most is not None)

    def but(self, **changes: object) -> dict[str, str]:
        """URL arguments of this query with some fields changed; a changed query starts at its first page."""
        return replace(self, **({"page": 1} | changes)).args()

    def args(self) -> dict[str, str]:
        given = {"q": self.q, "sort": self.sort if self.sort != "recommended" else "", "rated": self.rated,
                 "dir": "" if self.descending is None else "desc" if self.descending else "asc",
                 "seed": self.seed, "min": self.least, "max": self.most, "folder": encode_path(self.folder),
                 "view": self.view if self.view != "grid" else "", "page": self.page if self.page > 1 else ""}
        return {key: f"{value:g}" if isinstance(value, float) else str(value)
                for key, value in given.items() if value not in ("", None)} | dict(self.facets)


def sorts(module: Module) -> tuple[Sort, ...]:
    """Every order of a module's page: the shared ones and its own."""
    return (*SORTS, *module.sorts)


def read(module: Module, args: Mapping[str, str]) -> Query:
    """A Query from URL arguments."""
    def choice(key: str, allowed: tuple, default: str) -> str:
        return args.get(key) if args.get(key) in allowed else default

    return Query(
        module=module, q=" ".join(args.get("q", "").replace("\0", " ").split())[:200],
        sort=choice("sort", tuple(sort.key for sort in sorts(module)), "recommended"),
        descending={"asc": False, "desc": True}.get(args.get("dir", "")),
        seed=None if args.get("seed") in (None, "") else int(number(args["seed"], 0, LAST_SEED) or 0),
        rated=choice("rated", RATED, ""), least=number(args.get("min"), 0, 10), most=number(args.get("max"), 0, 10),
        folder=decode_path(args.get("folder", "").replace("\0", "")[:4096]),
        facets={chosen.key: args[chosen.key][:500] for chosen in module.filters if args.get(chosen.key)},
        view=choice("view", VIEWS, "grid"), page=int(number(args.get("page"), 1, LAST_PAGE) or 1))


def number(text: str | None, least: float, most: float) -> float | None:
    """A number within bounds; None when it is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return min(max(value, least), most) if value == value else None
