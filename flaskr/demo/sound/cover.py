"""The cover of an album in the demo library: a few shapes on a gradient, from its own draw of colours."""

import colorsys
import io
import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

SIDE = 400   # pixels of the finished cover
DRAWN = 800  # pixels it is drawn at: scaling down smooths the edges


@lru_cache(maxsize=32)
def cover(key: tuple[int, ...], hue: float, shape: str) -> bytes:
    """A JPEG of `SIDE` x `SIDE` pixels around `hue` (0..1) with the `SHAPES` of that name; `key` seeds its draws."""
    rng = np.random.default_rng(key)
    hue = hue + rng.uniform(-0.04, 0.04)
    top, bottom = np.array(colour(hue, 0.55, 0.25)), np.array(colour(hue + rng.uniform(0.06, 0.16), 0.6, 0.85))
    tilt = rng.uniform(-0.5, 0.5)
    down, across = np.mgrid[0:1:200j, 0:1:200j]
    mix = np.clip(down + tilt * (across - 0.5), 0, 1)[..., None]
    image = Image.fromarray((top * (1 - mix) + bottom * mix).astype(np.uint8)).resize((DRAWN, DRAWN))
    draw = ImageDraw.Draw(image, "RGBA")
    for place in np.linspace(0, 1, int(rng.integers(5, 9))):
        fill = (*colour(hue + rng.uniform(0.35, 0.6), rng.uniform(0.25, 0.7), 0.95), int(rng.integers(70, 170)))
        SHAPES[shape](draw, rng, float(place), fill)
    file = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, "JPEG", quality=82)
    return file.getvalue()


def colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    """Red, green and blue, 0..255."""
    return tuple(round(255 * part) for part in colorsys.hsv_to_rgb(hue % 1, saturation, value))


def circles(draw: ImageDraw.ImageDraw, rng: np.random.Generator, place: float, fill: tuple) -> None:
    radius, x, y = DRAWN * rng.uniform(0.06, 0.3), DRAWN * rng.uniform(0.1, 0.9), DRAWN * (0.15 + 0.7 * place)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def bars(draw: ImageDraw.ImageDraw, rng: np.random.Generator, place: float, fill: tuple) -> None:
    x, height = DRAWN * (0.08 + 0.76 * place), DRAWN * rng.uniform(0.15, 0.45)
    draw.rectangle((x, DRAWN / 2 - height, x + 0.08 * DRAWN, DRAWN / 2 + height), fill=fill)


def petals(draw: ImageDraw.ImageDraw, rng: np.random.Generator, place: float, fill: tuple) -> None:
    angle, far, middle = 2 * math.pi * place, DRAWN * rng.uniform(0.28, 0.45), DRAWN / 2
    corners = [(middle + r * math.cos(angle + turn), middle + r * math.sin(angle + turn))
               for r, turn in ((0, 0), (0.6 * far, 0.5), (far, 0), (0.6 * far, -0.5))]
    draw.polygon(corners, fill=fill)


def waves(draw: ImageDraw.ImageDraw, rng: np.random.Generator, place: float, fill: tuple) -> None:
    x = np.linspace(0, DRAWN, 80)
    y = DRAWN * (0.25 + 0.65 * place) + DRAWN * 0.06 * np.sin(x / DRAWN * rng.uniform(5, 14) + rng.uniform(0, 6))
    draw.polygon([*zip(x.tolist(), y.tolist(), strict=True), (DRAWN, DRAWN), (0, DRAWN)], fill=fill)


def blocks(draw: ImageDraw.ImageDraw, rng: np.random.Generator, place: float, fill: tuple) -> None:
    cell = DRAWN // 10
    for _ in range(6):
        x, y = (int(part) * cell for part in rng.integers(1, 9, 2))
        draw.rectangle((x, y, x + cell - 1, y + cell - 1), fill=fill)


def shards(draw: ImageDraw.ImageDraw, rng: np.random.Generator, place: float, fill: tuple) -> None:
    corners = DRAWN * np.clip(rng.normal((place, 0.5), 0.3, (3, 2)), 0, 1)
    draw.polygon([tuple(corner) for corner in corners.tolist()], fill=fill)


SHAPES = {"circles": circles, "bars": bars, "petals": petals, "waves": waves, "blocks": blocks, "shards": shards}
