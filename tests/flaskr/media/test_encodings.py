"""Encodings are told from a sample of bytes; real declarations of human rights in legacy encodings are the judges."""

import codecs

import pytest

from flaskr.media.contract import Unreadable
from flaskr.media.encodings import detect, encoding_of, named

RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью. " * 20
GREEK = "Ολοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. " * 20
CHINESE = "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。" * 20
HEBREW = "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון. " * 20
POLISH = "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem. " * 20
GERMAN = "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie begegnen einander brüderlich. " * 20
TURKISH = "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler. " * 20
KINDS = {"Latin1": "cp1252", "SJIS": "shift_jis", "UTF8": "utf-8"}


@pytest.mark.parametrize(("text", "encoding"), [
    (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (RUSSIAN, "iso8859_5"), (RUSSIAN, "cp866"), (GREEK, "cp1253"),
    (CHINESE, "gb18030"), (CHINESE, "utf-8"), (HEBREW, "cp1255"), (POLISH, "cp1250"), (POLISH, "iso8859_2"),
    (GERMAN, "cp1252"), (GERMAN, "mac_roman"), (GERMAN, "cp850"), (TURKISH, "cp1254"), (GERMAN, "utf-16-le"),
    (GERMAN, "utf-16-be")])
def test_a_text_comes_back_as_it_was_written(text, encoding):
    found = detect([text.encode(encoding)])
    assert text.encode(encoding).decode(found) == text, found


@pytest.mark.parametrize(("mark", "name"), [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"),
                                            (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_LE, "utf-32-le")])
def test_a_mark_at_the_beginning_is_believed(mark, name):
    assert detect([mark + GERMAN.encode(name.removesuffix("-sig"))]) == name


def test_pieces_may_begin_and_end_within_a_sign():
    raw = (GREEK * 100).encode()
    assert detect([raw[:5001], raw[7002:9001], raw[9002:9100]]) == "utf-8"


def test_a_stray_byte_does_not_turn_a_text_into_another():
    assert detect([GREEK.encode() + b"\xff" + GREEK.encode()]) == "utf-8"


@pytest.mark.parametrize("content", [b"\0" * 100, bytes(range(256)) * 10, b"ab\0cd" * 50, b"\x01\x02\x03" * 50])
def test_bytes_that_are_no_text_are_refused(content):
    with pytest.raises(Unreadable, match="not a text"):
        detect([content])


def test_only_a_sample_of_a_large_file_is_read(tmp_path):
    path = tmp_path / "large.txt"
    with open(path, "wb") as file:
        file.write(GERMAN.encode() * 20)
        file.seek(3 << 30)  # three gigabytes, of which the disk holds next to nothing
        file.write(GERMAN.encode())
    with pytest.raises(Unreadable):  # a hole is full of zeros
        encoding_of(path)


def test_names_that_documents_give():
    assert (named("ISO-8859-1"), named("utf8"), named("windows-1251")) == ("cp1252", "utf-8", "cp1251")
    assert not any(map(named, ("rot13", "hex", "nonsense", "utf-7", "idna", "a\0b", "zip")))


def test_real_texts_in_legacy_encodings(test_data):
    wrong = []
    for path in sorted((test_data / "texts" / "odd-encodings").iterdir()):
        expected, raw = KINDS.get(path.name.rpartition("-")[2]), path.read_bytes()
        found = raw.decode(encoding_of(path), "replace").lstrip("\ufeff")
        if expected and found != raw.decode(expected, "replace").lstrip("\ufeff"):
            wrong.append(path.name)
    assert wrong == []
