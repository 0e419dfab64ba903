"""A plain text as a person edits it, and back into the bytes of its file: same encoding, same line ends, same mark."""

from dataclasses import dataclass
from pathlib import Path

from flaskr.media.contract import Unreadable
from flaskr.media.encodings import BOMS, encoding_of

LARGEST = 1 << 20
ENDS = ("\r\n", "\n", "\r")


@dataclass(frozen=True)
class Editable:
    """`text` with \\n at its line ends; `encoding` a codec's name, `mark` the bytes before the text, `ends` a line end."""

    text: str
    encoding: str
    mark: bytes
    ends: str


def editable(path: Path) -> Editable:
    """In a worker: the text of a file; Unreadable when it is too large, or could not be written back as it is."""
    if path.stat().st_size > LARGEST:
        raise Unreadable("Texts of up to 1 MB can be edited here; this one is larger.")
    raw = path.read_bytes()
    encoding = (encoding_of(path) if raw else "utf-8").removesuffix("-sig")
    mark = next((mark for mark, _ in BOMS if raw.startswith(mark)), b"")
    text = raw[len(mark):].decode(encoding, "replace")
    if text.encode(encoding, "replace") != raw[len(mark):] or "\0" in text:
        raise Unreadable(f"Not all of this file is {encoding}: saving it would change what you did not touch.")
    ends = max(ENDS, key=lambda end: text.count(end) - (text.count("\r\n") if end != "\r\n" else 0))
    return Editable(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, mark, ends)


def packed(text: str, kept: Editable) -> tuple[bytes, str]:
    """(the bytes to write, "") or (b"", the reason why this text can't be written in that encoding)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", kept.ends)
    try:
        return kept.mark + lines.encode(kept.encoding), ""
    except UnicodeEncodeError as error:
        return b"", f"“{lines[error.start:error.start + 1]}” can't be written in {kept.encoding}, the encoding of this file."
