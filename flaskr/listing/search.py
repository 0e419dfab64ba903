"""Search in words: what a person types, as a query of the full-text index."""

import re

from sqlalchemy import Select, column, select, table, text

from flaskr.library.words import table_of
from flaskr.media.contract import Module

WORD = re.compile(r"\w+", re.UNICODE)
MOST_WORDS = 12


def matching(module: Module, typed: str) -> Select | None:
    """A select of the item ids whose words hold every typed word or its beginning; None when no word was typed."""
    words = WORD.findall(typed)[:MOST_WORDS]
    if not words:
        return None
    index = table_of(module)
    query = " ".join(f'"{word}"*' for word in words)
    return select(column("rowid")).select_from(table(index)).where(text(f"{index} MATCH :typed").bindparams(typed=query))
