"""Reads one file in a worker process: what its content is, and what it says of itself."""

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flaskr.library.fingerprint import fingerprint
from flaskr.media.contract import Unreadable

LONGEST = 500  # signs of one tag; a longer one is noise or an attack, and an index row has to hold it


def examine(path: str, describe: Callable[[Path], dict[str, Any]]) -> tuple[str, dict[str, Any] | None, str]:
    """(fingerprint, facts, "") of a readable file, (fingerprint or "", None, reason) of another."""
    name = ""
    try:
        name = fingerprint(Path(path))
        if os.path.getsize(path) == 0:
            raise Unreadable("The file is empty.")
        facts = describe(Path(path))
    except Unreadable as error:
        return name, None, str(error)
    except OSError as error:
        return name, None, error.strerror or type(error).__name__
    return name, {key: clean(value) for key, value in facts.items()}, ""


def clean(value: Any) -> Any:
    """A fact fit for a database and a page: text without control signs, lone surrogates and excess length."""
    if not isinstance(value, str):
        return value
    if len(value) <= LONGEST and value.isprintable() and "  " not in value:
        return value.strip()
    text = "".join(sign if unicodedata.category(sign) not in ("Cc", "Cs", "Cn") else " " for sign in value[:4 * LONGEST])
    return " ".join(text.split())[:LONGEST]
