"""All ratings as one file, CSV or JSON, and back: of files by their content, of a catalogue's titles by their number."""

import csv
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback import catalogue, ratings
from flaskr.feedback.catalogue import HIDDEN, WATCHED, Said
from flaskr.media.contract import Module, Unreadable
from flaskr.tables import CatalogueRating

FIELDS = ("module", "item", "title", "rating", "mark", "at")
LARGEST = 512 << 20


@dataclass
class Taken:
    """What became of a file of ratings: rows by outcome ("new", "changed", "same", "differ": kept as the person has them), rows
    left out by reason, titles of items that are not here."""

    counts: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)


def everything(modules: Iterable[Module]) -> Iterator[dict[str, Any]]:
    """A row for all that is rated or marked; `item` is the fingerprint of a content or the number of a title."""
    for module in modules:
        Item = module.Item
        if module.kind == "files":
            rows = db.session.execute(select(Item.fingerprint, Item.title, Item.rating, Item.rated_at).where(
                Item.rating.is_not(None)).order_by(Item.id))
            yield from ({"module": module.name, "item": row[0], "title": row[1], "rating": row[2], "mark": None, "at": row[3]}
                        for row in rows)
        else:
            own = CatalogueRating
            rows = db.session.execute(select(own.item_id, Item.title, own.rating, own.mark, own.at).outerjoin(
                Item, Item.id == own.item_id).where(own.module == module.name).order_by(own.item_id))
            yield from ({"module": module.name, "item": str(row[0]), "title": row[1] or "", "rating": row[2], "mark": row[3],
                         "at": row[4]} for row in rows)


def write(path: Path, modules: Iterable[Module]) -> int:
    """Write all ratings to a .csv or .json file; how many rows."""
    rows = list(everything(modules))
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix.lower() == ".json":
            json.dump({"ratings": rows}, file, ensure_ascii=False, indent=1)
        else:
            table = csv.DictWriter(file, FIELDS)
            table.writeheader()
            table.writerows(rows)
    return len(rows)


def bring(path: Path, modules: Mapping[str, Module], *, take: bool = False) -> Taken:
    """Take over what `write` wrote, each module undone as one. What the person rated otherwise here stays unless `take`;
    Unreadable for what is no such file."""
    found, by_module = Taken(), {}
    for row in _rows(path):
        said = _said(row)
        if row.get("module") not in modules or said is None:
            found.left["of a module that is not here" if said else "without a rating from 0 to 10 or a mark"] += 1
            continue
        by_module.setdefault(row["module"], {})[str(row.get("item") or "")] = (said, str(row.get("title") or ""))
    for name, given in by_module.items():
        (_files if modules[name].kind == "files" else _titles)(modules[name], given, take, found)
    return found


def _files(module: Module, given: dict[str, tuple[Said, str]], take: bool, found: Taken) -> None:
    Item, wanted, keys = module.Item, {}, list(given)
    there = [row for at in range(0, len(keys), 500) for row in db.session.execute(select(
        Item.id, Item.fingerprint, Item.rating).where(Item.fingerprint.in_(keys[at:at + 500])))]
    found.unknown += [given[key][1] for key in given.keys() - {row.fingerprint for row in there}]
    for row in there:
        rating = given[row.fingerprint][0].rating
        how = "new" if row.rating is None else "same" if row.rating == rating or rating is None else "differ"
        found.counts["changed" if how == "differ" and take else how] += 1
        if how == "new" and rating is not None or how == "differ" and take:
            wanted[row.id] = rating
    ratings.rate_each(module, wanted, origin=catalogue.IMPORT)


def _titles(module: Module, given: dict[str, tuple[Said, str]], take: bool, found: Taken) -> None:
    known = {str(id_) for id_ in db.session.scalars(select(module.Item.id))}
    found.unknown += [title for key, (_, title) in given.items() if key not in known]
    done = catalogue.bring(module, {int(key): said for key, (said, _) in given.items() if key in known}, take=take)
    found.counts.update(new=done.new, changed=done.changed + take * len(done.differ), same=done.same,
                        differ=0 if take else len(done.differ))


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path.name} is larger than {LARGEST >> 20} MB, so it was not read.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = json.load(file)["ratings"] if path.suffix.lower() == ".json" else list(csv.DictReader(file))
    except OSError as error:
        raise Unreadable(f"{path.name} can't be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, csv.Error, RecursionError) as error:
        raise Unreadable(f"{path.name} is no file of ratings: {str(error)[:200]}.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or rows and "module" not in rows[0]:
        raise Unreadable(f"{path.name} is no file of ratings: it has no {', '.join(FIELDS)}.")
    return rows


def _said(row: Mapping[str, Any]) -> Said | None:
    try:
        rating = None if row.get("rating") in (None, "") else float(row["rating"])
    except (ValueError, TypeError):
        return None
    mark = row.get("mark") or None
    if mark not in (None, WATCHED, HIDDEN) or rating is not None and not (math.isfinite(rating) and 0 <= rating <= 10):
        return None
    return None if rating is None and mark is None else Said(rating, mark)
