"""The one door to the disk: a path is inside a configured folder, or it is refused."""

import os
from collections.abc import Iterable
from pathlib import Path


class Outside(Exception):
    """This file is outside the folders of the library, so it is not opened."""


def inside(path: str | Path, roots: Iterable[Path]) -> Path:
    """The real path of an existing file under one of the roots; Outside or FileNotFoundError otherwise."""
    real = os.path.realpath(path)
    for root in roots:
        if is_under(real, os.path.realpath(root)):
            if not os.path.isfile(real):
                raise FileNotFoundError(shown(path))
            return Path(real)
    raise Outside(shown(path))


def folder_inside(folder: str, roots: Iterable[Path]) -> str:
    """A folder under one of the roots, as a walk of that root names it, whether it is there or not; else Outside.

    What is no whole path counts from the first root. Links are followed before it is compared.
    """
    roots = roots_of(roots)
    if not roots or "\0" in folder:
        raise Outside("There is no such folder in your library.")
    real = os.path.realpath(os.path.join(roots[0], folder))
    for root in roots:
        if is_under(real, os.path.realpath(root)):
            below = os.path.relpath(real, os.path.realpath(root))
            if any(part.startswith(".") and part != "." for part in below.split(os.sep)):
                raise Outside("Hidden folders are not part of your library: choose a name without a dot at its beginning.")
            return os.path.normpath(os.path.join(root, below))
    raise Outside(f"The folder {shown(folder)} is outside the folders of your library.")


def is_under(path: str, folder: str) -> bool:
    """Whether a normalised path is the folder or below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def shown(path: str | Path) -> str:
    """A path as a person can read it: bytes that are not UTF-8 become a replacement sign."""
    return os.fsencode(path).decode("utf-8", "replace")


def roots_of(folders: Iterable[Path]) -> list[str]:
    """Absolute roots without repetition; a folder inside another one is already covered by it."""
    unique = sorted({os.path.abspath(folder) for folder in folders}, key=len)
    return [root for at, root in enumerate(unique) if not any(is_under(root, other) for other in unique[:at])]
