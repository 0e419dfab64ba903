"""Which encoding a text is in, from a bounded sample of its bytes; and that it is a text at all."""

import codecs
import os
import re
from pathlib import Path

from flaskr.media.contract import Unreadable
from flaskr.media.languages import language

HEAD, PIECE = 128 << 10, 64 << 10
JUDGED = 32 << 10  # bytes that a guess by contents looks at
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CONTROLS = bytes(sign for sign in range(32) if sign not in b"\t\n\v\f\r\x1b") + b"\x7f"
MOST_CONTROLS = 0.005  # of all bytes: old printers' texts have some, programs and pictures have many
HIGH = re.compile(rb"[\x80-\xff]")
PAIRED = re.compile(rb"[\x80-\xff]{2}")
BETWEEN = re.compile(rb"(?<=[a-z])[\x80-\x90\x95\x98-\x9f\xa1-\xac\xae-\xb3\xb5\xb6\xb8-\xff](?=[a-z])")  # no apostrophes
OTHER_SCRIPTS = ["cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "cp1253",
                 "cp1255", "cp1256", "cp874"]
# Code pages of Latin letters differ in a few of them only, so the language decides which of them are meant.
BY_LANGUAGE = {**dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sl", "bs", "ro", "sq"), ("cp1250", "cp852")),
               "tr": ("cp1254", "cp857"), **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)), "vi": ("cp1258",)}
USUAL = ("cp1252", "mac_roman", "cp850")
NO_TEXT = "This is not a text: it holds bytes that no text has."


def encoding_of(path: Path) -> str:
    """The encoding of a file, by name of a Python codec, from 256 KiB of it at most; Unreadable when it is no text."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        pieces = [file.read(HEAD + 2 * PIECE if size <= HEAD + 2 * PIECE else HEAD)]
        if size > HEAD + 2 * PIECE:
            for at in (size // 2, size - PIECE):
                file.seek(at // 4 * 4)
                pieces.append(file.read(PIECE))
    return detect(pieces)


def detect(pieces: list[bytes]) -> str:
    """The encoding of a text of which these pieces are at hand, the first being its beginning."""
    for mark, name in BOMS:
        if pieces[0].startswith(mark):
            return name
    joined = b"".join(pieces)
    if b"\0" in joined:
        return _wide(joined)
    if len(joined) - len(joined.translate(None, CONTROLS)) > MOST_CONTROLS * len(joined):
        raise Unreadable(NO_TEXT)
    if all(map(_is_utf8, pieces)):
        return "utf-8"
    if b"\x1b$B" in joined or b"\x1b$@" in joined:
        return "iso2022_jp"
    return _legacy(joined[:JUDGED] if HIGH.search(joined, 0, JUDGED) else joined)


def named(name: str) -> str:
    """A codec's own name for what a document calls its encoding, "" when it is none that a text may have."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return ""
    known = getattr(found, "_is_text_encoding", True) and found.name not in ("idna", "punycode", "unicode_escape",
                                                                             "raw_unicode_escape", "utf-7", "undefined")
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(found.name, found.name) if known else ""  # as browsers read them


def _is_utf8(piece: bytes) -> bool:
    """Whether a piece, which may begin and end within a sign, is UTF-8; a stray byte among many signs is forgiven."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(piece.lstrip(bytes(range(0x80, 0xC0)))
                                                                   if 0x80 <= piece[0] < 0xC0 else piece) if piece else ""
    bad = text.count("\ufffd")
    return not bad or 20 * bad <= sum(sign > "\x7f" for sign in text) - bad


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every other byte of Latin text is zero; Unreadable for other zeros."""
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) / 2
    if odd > 0.3 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.02 * half:
        return "utf-16-be"
    raise Unreadable(NO_TEXT)


def _legacy(sample: bytes) -> str:
    """A guess among one-byte and East Asian encodings: letters of Latin words stand alone, other scripts in runs."""
    high = HIGH.findall(sample)
    if 2 * len(PAIRED.findall(sample)) > 0.5 * len(high) and len(high) > 0.02 * len(sample):
        return _other_script(sample)
    spoken = language(sample.decode("cp1252", "replace"))[0]
    names = (*BY_LANGUAGE.get(spoken, ()), *USUAL)
    between = b" ".join(BETWEEN.findall(sample))
    best = max(names, key=lambda name: sum(sign.islower() for sign in between.decode(name, "replace")))  # the first of equals
    if best == "cp1250" and not re.search(rb"(?<=[a-z])[\x80-\x9f](?=[a-z])", sample):
        return "iso8859_2"  # which has its letters elsewhere
    return best


def _other_script(sample: bytes) -> str:
    """The least chaotic reading; among equals the one that is most clearly a language."""
    from charset_normalizer import from_bytes  # half a megabyte of tables that few texts need
    spaced = sample.count(b" ") > len(sample) / 15  # Thai is not, and almost any bytes are Thai letters
    tried = [name for name in OTHER_SCRIPTS if not (spaced and name == "cp874")]
    found = [(match.chaos, match.encoding) for match in from_bytes(sample, threshold=0.9, cp_isolation=tried)]
    if not found:
        return "cp1252"
    least = min(chaos for chaos, _ in found)
    equal = [name for chaos, name in found if chaos <= least + 0.05]
    return max(equal, key=lambda name: language(sample.decode(name, "replace"))[1]) if len(equal) > 1 else equal[0]
