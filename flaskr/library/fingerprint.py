"""The name of a file's content, cheap enough for a million files."""

import hashlib
import os
from pathlib import Path

WHOLE = 1 << 20
BLOCK = 64 << 10
BLOCKS = 16


def fingerprint(path: Path) -> str:
    """BLAKE2b, 40 hex digits: of the whole file up to 1 MiB, else of its size and 16 evenly spaced 64 KiB blocks."""
    digest = hashlib.blake2b(digest_size=20)
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size <= WHOLE:
            while block := file.read(WHOLE):
                digest.update(block)
            return digest.hexdigest()
        digest.update(size.to_bytes(8, "big"))
        for number in range(BLOCKS):
            file.seek(number * (size - BLOCK) // (BLOCKS - 1))
            digest.update(file.read(BLOCK))
    return digest.hexdigest()
