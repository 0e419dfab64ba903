"""What an embedder sees of a picture: upright, small, three colours, whatever the file holds."""

import io

import numpy as np
import pytest
from PIL import Image

from flaskr.media import pictures
from flaskr.media.contract import Unreadable
from flaskr.media.pictures import pixels


def stored(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def left_red(width: int = 600, height: int = 300) -> Image.Image:
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    return picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_pixels_fit_in_the_square_and_keep_their_proportions(kind):
    seen = pixels(stored(left_red(), kind))
    assert seen.dtype == np.uint8 and seen.shape == (128, 256, 3)
    assert seen[60, 20, 0] > 200 > 60 > seen[60, 20, 2] and seen[60, 230, 2] > 200


def test_a_small_picture_is_not_blown_up():
    assert pixels(stored(left_red(20, 10))).shape == (10, 20, 3)


def test_a_file_is_read_like_its_bytes(tmp_path):
    (tmp_path / "a.png").write_bytes(stored(left_red()))
    assert np.array_equal(pixels(tmp_path / "a.png"), pixels(stored(left_red())))


def test_a_camera_held_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = 6
    seen = pixels(stored(left_red(), "JPEG", exif=exif))
    assert seen.shape == (256, 128, 3) and seen[20, 60, 0] > 200 and seen[230, 60, 2] > 200


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "F", "RGBA", "LA"])
def test_every_mode_becomes_three_colours(mode):
    grey = Image.fromarray(np.tile(np.arange(0, 200, 2, dtype=np.uint8), (60, 1)))
    picture = Image.fromarray(np.array(grey, np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    seen = pixels(stored(picture, "TIFF"))
    assert seen.shape == (60, 100, 3) and seen[:, 90:].mean() > seen[:, :10].mean() + 80


def test_what_is_clear_is_mid_grey():
    assert (pixels(stored(Image.new("RGBA", (9, 9), (255, 0, 0, 0)))) == 128).all()


@pytest.mark.parametrize("data", [b"", b"no picture", stored(left_red())[:200], stored(left_red(), "JPEG")[:300]])
def test_what_is_no_picture_is_unreadable(data):
    with pytest.raises(Unreadable):
        pixels(data)


def test_too_many_pixels_are_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    with pytest.raises(Unreadable, match="too many pixels"):
        pixels(stored(left_red()))
