"""The brushes of the demo pictures: colour ramps, cloudy noise, glows and silhouettes on arrays of light.

A canvas is float32 [height, width, 3], red, green and blue from 0 to 1; y counts from the top.
"""

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 900


def colours(words: str) -> np.ndarray:
    """Hexadecimal colours, "1b2a49 f2a65a", as float32 [n, 3]."""
    return np.array([[int(word[at:at + 2], 16) for at in (0, 2, 4)] for word in words.split()], np.float32) / 255


def ramp(stops: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The colour at each `place` (0..1) of evenly spaced `stops` [n, 3]; place [...] gives [..., 3]."""
    at = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(place, at, stops[:, part]) for part in range(3)], axis=-1).astype(np.float32)


def sky(stops: np.ndarray, width: int = WIDTH, height: int = HEIGHT, end: float = 1.0) -> np.ndarray:
    """A canvas that runs from the first colour at the top to the last at the share `end` of its height."""
    column = ramp(stops, np.clip(np.linspace(0, 1 / end, height), 0, 1))
    return np.repeat(column[:, None], width, axis=1)


def noise(rng: np.random.Generator, width: int, height: int, cells: tuple[float, float], octaves: int = 5,
          rough: float = 0.5) -> np.ndarray:
    """Cloudy noise, float32 [height, width] within 0..1: `cells` across and down, each octave twice as fine."""
    found = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        across, down = (max(2, round(cell * 2 ** octave) + 1) for cell in cells)
        grid = Image.fromarray(rng.random((min(down, height), min(across, width)), np.float32))
        found += rough ** octave * np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
    low, high = np.percentile(found, (0.5, 99.5))
    return np.clip((found - low) / (high - low + 1e-9), 0, 1).astype(np.float32)


def ridge(rng: np.random.Generator, width: int, cells: float, octaves: int = 6, rough: float = 0.5) -> np.ndarray:
    """A line of hills, float32 [width] within 0..1."""
    return noise(rng, width, 2, (cells, 1), octaves, rough)[0]


def grid(width: int = WIDTH, height: int = HEIGHT) -> tuple[np.ndarray, np.ndarray]:
    """x [1, width] and y [height, 1] in pixels, for broadcasting."""
    return np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]


def lay(canvas: np.ndarray, colour: np.ndarray, cover: np.ndarray) -> None:
    """Paint over the canvas where `cover` [height, width] (0..1) says so; colour [3] or [height, width, 3]."""
    canvas += cover[..., None] * (colour - canvas)


def glow(canvas: np.ndarray, x: float, y: float, radius: float, colour: np.ndarray, strength: float = 1.0) -> None:
    """Light that falls off with the distance from (x, y), added as a screen so that it never overflows."""
    across, down = grid(canvas.shape[1], canvas.shape[0])
    light = strength * np.exp(-((across - x) ** 2 + (down - y) ** 2) / (2 * radius ** 2))[..., None] * colour
    canvas[:] = 1 - (1 - canvas) * (1 - np.clip(light, 0, 1))


def disc(canvas: np.ndarray, x: float, y: float, radius: float, colour: np.ndarray) -> None:
    """A round body with a soft rim of a pixel and a half."""
    across, down = grid(canvas.shape[1], canvas.shape[0])
    far = np.hypot(across - x, down - y)
    lay(canvas, colour, np.clip((radius - far) / 1.5 + 0.5, 0, 1))


def silhouette(width: int, height: int, draw: object) -> np.ndarray:
    """What `draw(ImageDraw, scale)` draws in white, smooth at the edges, as a cover float32 [height, width]."""
    scale = 2
    image = Image.new("L", (width * scale, height * scale))
    draw(ImageDraw.Draw(image), scale)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX), np.float32) / 255


def finish(canvas: np.ndarray, rng: np.random.Generator, grain: float = 0.012, vignette: float = 0.1) -> Image.Image:
    """The canvas as a picture, with a little grain against bands in smooth skies, and darker corners."""
    height, width = canvas.shape[:2]
    across, down = grid(width, height)
    far = ((across / width - 0.5) ** 2 + (down / height - 0.5) ** 2) * 2
    light = canvas * (1 - vignette * far[..., None] ** 1.5)
    light = light + rng.normal(0, grain, (height, width, 1)).astype(np.float32)
    return Image.fromarray((np.clip(light, 0, 1) * 255).astype(np.uint8))
