"""Images keep the contract, and read what header and EXIF tell, whatever state they are in."""

import json
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageDraw

from flaskr.media import pictures
from flaskr.media.contract import Unreadable
from modules.images import MODULE, read
from tests.contract.module_contract import ModuleContract

BASE, EXIF, GPS = ExifTags.Base, ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo


class TestImages(ModuleContract):
    @pytest.fixture
    def module(self):
        return MODULE

    @pytest.fixture
    def example(self, write_picture):
        return write_picture("one.jpg", exif={BASE.Make: "Canon", BASE.Model: "Canon EOS 40D"},
                             details={0x9003: "2008:05:30 15:56:01", 0x829A: 1 / 160, 0x829D: 7.1, 0x8827: 100})


@pytest.fixture
def write_picture(tmp_path):
    """write_picture("a.jpg", exif={tag: value}, details={...}, place={...}): a gradient, 60 x 40 unless told."""
    def write(name: str, *, size=(60, 40), exif=(), details=(), place=()) -> Path:
        tags = Image.Exif()
        for block, values in ((tags, exif), (tags.get_ifd(EXIF), details), (tags.get_ifd(GPS), place)):
            for key, value in dict(values).items():
                block[key] = value
        path = tmp_path / name
        Image.linear_gradient("L").resize(size).convert("RGB").save(path, exif=tags.tobytes())
        return path
    return write


def test_exif_becomes_facts(write_picture):
    facts = read.describe(write_picture(
        "a.jpg", exif={BASE.Make: "NIKON CORPORATION", BASE.Model: "NIKON D70", BASE.ImageDescription: "A lake\0 "},
        details={0x9003: "2008:03:15 10:58:41", 0x829A: 1 / 200, 0x829D: 9, 0x8827: 200, 0x920A: 100, 0xA434: "50 mm"}))
    assert (facts["camera"], facts["caption"], facts["lens"]) == ("NIKON D70", "A lake", "50 mm")
    assert (facts["exposure"], facts["aperture"], facts["iso"], facts["focal"]) == ("1/200 s", 9, 200, 100)
    assert facts["year"] == 2008 and time.gmtime(facts["taken_at"])[:6] == (2008, 3, 15, 10, 58, 41)
    assert (facts["width"], facts["height"], facts["pixels"], facts["proportion"]) == (60, 40, 2400, 1.5)
    assert (facts["format"], facts["animated"]) == ("JPEG", False)


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_orientation_is_seen_upright(tmp_path, turn):
    upright = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 20, 12), fill="red")  # the corner that tells the eight apart
    ImageDraw.Draw(upright).rectangle((40, 0, 60, 12), fill="blue")
    back = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}.get(turn, pictures.TURNS.get(turn))
    tags = Image.Exif()
    tags[BASE.Orientation] = turn
    path = tmp_path / "turned.png"
    (upright.transpose(back) if back is not None else upright).save(path, exif=tags.tobytes())
    facts = read.describe(path)
    assert (facts["width"], facts["height"], facts["orientation"]) == (60, 40, turn)
    with pictures.opened(path) as picture:
        seen = pictures.upright(picture, 256)
    assert seen.size == (60, 40) and seen.getpixel((5, 5)) == (255, 0, 0) and seen.getpixel((55, 5)) == (0, 0, 255)
    assert read.samples(path)[0].shape[:2] == (40, 60)


@pytest.mark.parametrize(("said", "expected"), [
    ({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.2)}, (48.858333, 2.2945)),
    ({1: "S", 2: (33.0, 51.5, 0.0), 3: "W", 4: (70.0, 0.0, 0.0)}, (-33.858333, -70.0)),
    ({1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (2.0, 0.0, 0.0)}, (None, None)),
    ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, (None, None)),
    ({1: "N", 2: (5.0, 0.0, 0.0)}, (None, None)), ({}, (None, None))])
def test_places(write_picture, said, expected):
    facts = read.describe(write_picture("a.jpg", place=said))
    assert (facts["latitude"], facts["longitude"]) == pytest.approx(expected)


@pytest.mark.parametrize(("said", "year"), [
    ("2021:12:31 23:59:59", 2021), ("2021-12-31", 2021), ("0000:00:00 00:00:00", None), ("2021:02:31 00:00:00", None),
    ("9999:01:01 00:00:00", None), ("yesterday", None), ("", None), ("2021:07:04 25:00:00", None)])
def test_odd_dates(write_picture, said, year):
    assert read.describe(write_picture("a.jpg", details={0x9003: said}))["year"] == year


def test_a_broken_first_date_leaves_it_to_the_next(write_picture):
    path = write_picture("a.jpg", exif={BASE.DateTime: "2012:01:02 03:04:05"}, details={0x9003: "0000:00:00 00:00:00"})
    assert read.describe(path)["year"] == 2012


KINDS = {
    "dot.png": lambda path: Image.new("RGB", (1, 1), "red").save(path),
    "cmyk.jpg": lambda path: Image.new("CMYK", (40, 30), (0, 255, 255, 0)).save(path),
    "grey.jpg": lambda path: Image.new("L", (40, 30), 90).save(path),
    "deep.png": lambda path: Image.fromarray(np.full((30, 40), 32768, np.uint16)).save(path),
    "float.tif": lambda path: Image.fromarray(np.linspace(-1, 1, 1200, dtype=np.float32).reshape(30, 40)).save(path),
    "bits.bmp": lambda path: Image.new("1", (40, 30), 1).save(path),
    "clear.png": lambda path: Image.new("LA", (40, 30), (200, 0)).save(path),
    "palette.gif": lambda path: Image.new("P", (40, 30)).save(path, transparency=0),
    "lossless.webp": lambda path: Image.new("RGBA", (40, 30), (9, 8, 7, 6)).save(path, lossless=True),
    "new.avif": lambda path: Image.new("RGB", (40, 30), "green").save(path),
    "phone.heic": lambda path: pillow_heif.from_pillow(Image.new("RGB", (40, 30), "blue")).save(path),
    "line.png": lambda path: Image.new("RGB", (4000, 1), "red").save(path),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_is_read_shown_and_converted(name, tmp_path):
    path = tmp_path / name
    KINDS[name](path)
    facts = read.describe(path)
    with Image.open(path) as plain:
        assert (facts["width"], facts["height"]) == plain.size
    assert read.samples(path)[0].dtype == np.uint8
    with pictures.opened(pictures.thumbnail(read.thumbnail(path), 96)) as small:
        assert small.format == "WEBP" and max(small.size) <= 96
    pictures.convert(path, tmp_path / "shown.jpg")
    with pictures.opened(tmp_path / "shown.jpg") as shown:
        assert shown.format == "JPEG" and shown.size == (facts["width"], facts["height"])


def test_deep_greys_keep_their_brightness(tmp_path):
    KINDS["deep.png"](tmp_path / "deep.png")
    with pictures.opened(pictures.thumbnail(tmp_path / "deep.png")) as small:
        assert 110 < np.asarray(small.convert("L")).mean() < 145


@pytest.mark.parametrize(("suffix", "animated"), [("gif", True), ("webp", True), ("png", True), ("tif", False)])
def test_animations_are_known_and_pages_are_none(tmp_path, suffix, animated):
    path = tmp_path / f"moves.{suffix}"
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert read.describe(path)["animated"] is animated


def png_header(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def test_bombs_are_refused_by_their_pixels_before_they_are_decoded(tmp_path):
    for width, height in ((60_000, 60_000), (12_000, 11_000), (2**31 - 1, 1)):
        path = tmp_path / "bomb.png"
        path.write_bytes(png_header(width, height) + bytes(100))
        started = time.perf_counter()
        for function in (read.describe, read.samples, pictures.thumbnail):
            with pytest.raises(Unreadable):
                function(path)
        assert time.perf_counter() - started < 10


def test_a_truncated_picture_is_listed_or_refused_with_a_reason(write_picture):
    path = write_picture("half.jpg", size=(600, 400))
    path.write_bytes(path.read_bytes()[:-400])
    assert read.describe(path)["width"] == 600
    with pytest.raises(Unreadable, match="decoded"):
        pictures.thumbnail(path)


def test_a_name_is_not_believed(tmp_path):
    path = tmp_path / "really.jpg"
    Image.new("RGB", (8, 8)).save(path, "PNG")
    assert read.describe(path)["format"] == "PNG"
    path.write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")  # Pillow would start another program for it
    with pytest.raises(Unreadable):
        read.describe(path)
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    with pytest.raises(Unreadable):
        read.describe(path)


def test_real_pictures_of_every_odd_kind(test_data):
    seen, refused = 0, []
    for path in sorted((test_data / "odd-images").rglob("*")):
        if path.suffix.lower().lstrip(".") not in MODULE.extensions:
            continue
        started = time.perf_counter()
        for function in (read.describe, read.samples, pictures.thumbnail):
            try:
                json.dumps(facts) if isinstance(facts := function(path), dict) else facts
                seen += 1
            except Unreadable as error:
                refused.append((path.name, str(error)))
        assert time.perf_counter() - started < 10, path
    assert seen > 600 and len(refused) < 60 and all(reason.endswith(".") for _, reason in refused)


def test_real_photographs_are_described_in_milliseconds(test_data):
    photos = sorted((test_data / "photos").glob("*.JPEG"))
    started = time.perf_counter()
    assert all(read.describe(path)["pixels"] > 1000 for path in photos)
    assert (time.perf_counter() - started) / len(photos) < 0.2
    real = read.describe(test_data / "odd-images" / "exif" / "gps__DSCN0010.jpg")
    assert (real["camera"], real["latitude"], real["longitude"]) == ("NIKON COOLPIX P6000", 43.467448, 11.885127)


def test_every_odd_picture_is_shown_or_listed_with_its_reason(test_data):
    """What gives no thumbnail, the scan (by describe) or the embed job (by samples) lists too."""
    shown, listed = [], []
    for path in sorted((test_data / "odd-images").rglob("*")):
        if path.suffix.lower().lstrip(".") not in MODULE.extensions:
            continue
        reasons = []
        for function in (read.describe, read.samples, pictures.thumbnail):
            try:
                made = function(path)
                reasons.append("")
            except Unreadable as error:
                reasons.append(str(error))
        if reasons[2]:
            assert reasons[0] or reasons[1], path
            listed.append(path)
        else:
            with pictures.opened(made) as small:
                assert small.format == "WEBP" and max(small.size) <= 320
            shown.append(path)
    assert len(shown) > 200 and 0 < len(listed) < 30
