"""Writes into the tables where files are that changed their place without changing themselves."""

import os
from os.path import dirname

from sqlalchemy import delete, insert, select, update

from flaskr.extensions import db
from flaskr.library import words
from flaskr.media.contract import Module
from flaskr.tables import File, next_revision


def follow(module: Module, went: list[tuple[int, str, str]]) -> None:
    """Write (item id, path before, path now) of each file: its row, its item and the searched words, in one transaction."""
    if not went:
        return
    Item, number = module.Item, next_revision(module.name)
    items = {item.id: item for item in db.session.scalars(select(Item).where(Item.id.in_([row[0] for row in went])))}
    for item_id, before, now in went:
        stat, here = os.stat(now), File.module == module.name
        values = {"path": now, "size": stat.st_size, "modified_ns": stat.st_mtime_ns, "item_id": item_id, "missing": False,
                  "error": None}
        if now != before:  # what once lay there and is missing is known by its content
            db.session.execute(delete(File).where(here, File.path == now))
        if not db.session.execute(update(File).where(here, File.path == before).values(**values)).rowcount:
            db.session.execute(insert(File).values(module=module.name, **values))
        item = items[item_id]
        if item.path == before or item.missing:
            item.path, item.folder, item.missing, item.revised = now, dirname(now) + "/", False, number
            words.index(module, [(item_id, now, {key: getattr(item, key, "") for key in module.words})])
    db.session.commit()
