"""Landscapes: mountains in haze, and the sea under a low sun."""

import numpy as np
from PIL import Image

from flaskr.demo.pictures.paint import (
    HEIGHT,
    WIDTH,
    colours,
    disc,
    finish,
    glow,
    grid,
    lay,
    noise,
    ramp,
    ridge,
    silhouette,
    sky,
)

# sky from the top to the horizon | the farthest range and the nearest
MOUNTAINS = ("3b4a7a 8c7aa8 e8a598 ffd9a8|c79aa6 2b2440", "2f6fb0 79b2dd cfe7f2|8fb4c9 1d4034",
             "1f2350 6a3d78 d9655a ffb35c|a85a68 1a1430", "8fa9ad b9cacb dfe6e2|aebfc0 2e4248",
             "4f86b5 a9cbdc f6e7c3|d9a867 5a2a1a", "6a8fc2 b4cbe6 eef4fa|b9cbe0 33507a",
             "20485c 5f98a0 f3d6a0|86a9a4 17302f", "53356e b7659a f7b7a3 ffe6c0|b98aa8 24183a")
SEAS = ("203a63 c96f5c ffc472|ffe9b8 16324f", "2f7fb8 8fcbe6 e6f4f0|fffbe6 0c4f78", "2a2148 8f3f6b f58c5a|ffd79a 1b1836",
        "5d7480 a3b3b5 dcdfd8|f4f1e0 2f4a52", "124a5f 4fa3a5 f9e0ac|fff4d0 0a3a4a", "4a3a78 c58ab0 ffdcc2|fff0dc 2e2a5a",
        "0f2740 33658a f4a259|ffcf80 0c2036", "7fb6d6 cde6ee fdf3e3|ffffff 2b7f96")


def mountains(rng: np.random.Generator, turn: int) -> Image.Image:
    """Six ranges, each nearer, darker and rougher than the one behind it, with haze at their feet and pines in front."""
    above, ground = (colours(part) for part in MOUNTAINS[turn % len(MOUNTAINS)].split("|"))
    canvas = sky(above, end=0.72)
    x, y = rng.uniform(0.2, 0.8) * WIDTH, rng.uniform(0.22, 0.45) * HEIGHT
    glow(canvas, x, y, 240, above[-1], 0.55)
    disc(canvas, x, y, rng.uniform(26, 44), np.clip(above[-1] + 0.12, 0, 1))
    clouds = noise(rng, WIDTH, HEIGHT, (3, 9), 5)
    fade = np.clip(1 - np.linspace(0, 1.7, HEIGHT), 0, 1)[:, None]
    lay(canvas, np.clip(above[-1] + 0.05, 0, 1), np.clip(clouds * 1.9 - 1.0, 0, 1) * fade * 0.6)
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        top = HEIGHT * (0.42 + 0.44 * near) - HEIGHT * (0.26 - 0.13 * near) * ridge(rng, WIDTH, 2 + 1.5 * layer, 7, 0.5)
        if layer == layers - 1:
            top = top - pines(rng, WIDTH)
        _, down = grid()
        cover = np.clip(down - top[None, :], 0, 1)
        haze = np.clip((down - top[None, :]) / (HEIGHT * 0.3), 0, 1)[..., None] * (0.75 * (1 - near))
        lit = ramp(ground, np.array(near ** 1.2))
        lay(canvas, lit * (1 - haze) + above[-1] * haze, cover)
    return finish(canvas, rng)


def pines(rng: np.random.Generator, width: int) -> np.ndarray:
    """How far a wood of pines stands above its ground, float32 [width]."""
    height, across = np.zeros(width, np.float32), np.arange(width, dtype=np.float32)
    for _ in range(int(rng.integers(50, 110))):
        middle, tall = rng.uniform(0, width), rng.uniform(18, 70)
        far = np.abs(across - middle) / (tall * 0.24)
        steps = 0.14 * (((1 - far) * 7) % 1)  # boughs
        height = np.maximum(height, tall * np.clip(1 - far - steps * (far > 0.08), 0, 1))
    return height


def seas(rng: np.random.Generator, turn: int) -> Image.Image:
    """Water that mirrors its sky, a path of glitter below the sun, and at times an island or a sail."""
    above, ends = (colours(part) for part in SEAS[turn % len(SEAS)].split("|"))
    horizon = int(HEIGHT * rng.uniform(0.44, 0.6))
    canvas = sky(above, end=horizon / HEIGHT)
    x, y = rng.uniform(0.25, 0.75) * WIDTH, horizon - rng.uniform(0.03, 0.2) * HEIGHT
    glow(canvas, x, y, 260, ends[0], 0.5)
    disc(canvas, x, y, rng.uniform(34, 62), ends[0])
    clouds = noise(rng, WIDTH, HEIGHT, (2.5, 14), 5)
    lay(canvas, ends[0], np.clip(clouds * 2.2 - 1.25, 0, 1) * 0.5 * (np.arange(HEIGHT) < horizon)[:, None])
    if turn % 2:
        island = horizon - 70 * np.clip(ridge(rng, WIDTH, 3, 6) * 1.8 - 1.0, 0, 1)
        _, down = grid()
        lay(canvas, above[0] * 0.55 + ends[1] * 0.3, np.clip(down - island[None, :], 0, 1))
    deep = HEIGHT - horizon
    mirror = canvas[np.clip(horizon - 1 - np.arange(deep), 0, None)]
    depth = np.linspace(0, 1, deep, dtype=np.float32)[:, None]
    waves = _waves(rng, deep)
    water = mirror * (0.75 - 0.35 * depth[..., None]) + ends[1] * (0.25 + 0.35 * depth[..., None])
    water = water * (0.86 + 0.28 * waves[..., None])
    across = np.arange(WIDTH, dtype=np.float32)[None, :]
    path = np.exp(-((across - x) / (40 + 190 * depth)) ** 2) * np.clip(waves * 2.4 - 1.15, 0, 1)
    canvas[horizon:] = water
    lay(canvas[horizon:], ends[0], np.clip(path, 0, 1))
    if turn % 2 == 0:
        lay(canvas, ends[1] * 0.5, _sail(rng, horizon))
    return finish(canvas, rng)


def _waves(rng: np.random.Generator, deep: int) -> np.ndarray:
    """Noise drawn out sideways, finer towards the horizon, float32 [deep, WIDTH]."""
    flat = noise(rng, WIDTH, deep * 3, (10, deep / 5), 4, 0.6)
    rows = (np.linspace(0.05, 1, deep) ** 0.45 * (deep * 3 - 1)).astype(int)
    return flat[rows]


def _sail(rng: np.random.Generator, horizon: int) -> np.ndarray:
    x, tall = rng.uniform(0.15, 0.85) * WIDTH, rng.uniform(50, 110)

    def draw(pen: object, scale: int) -> None:
        foot = horizon + tall * 0.18
        for corners in (((0, -1), (0, -0.08), (0.42, -0.1)), ((-0.05, -0.85), (-0.05, -0.1), (-0.3, -0.1)),
                        ((-0.4, -0.04), (0.5, -0.04), (0.36, 0.1), (-0.28, 0.1))):
            pen.polygon([((x + a * tall) * scale, (foot + b * tall) * scale) for a, b in corners], fill=255)
    return silhouette(WIDTH, HEIGHT, draw)
