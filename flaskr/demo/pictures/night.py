"""After sunset: starry skies over dark hills, and cities with lit windows by the water."""

import numpy as np
from PIL import Image

from flaskr.demo.pictures.land import pines
from flaskr.demo.pictures.paint import HEIGHT, WIDTH, colours, disc, finish, glow, grid, lay, noise, ramp, ridge, sky

SKIES = ("05081c 0d1b3e 24406b|b9c8ff", "08040f 1f1038 4a2858|ffc9e8", "02100f 07302f 125a50|8affc4",
         "040612 101830 2d2f58|ffe2b0")
DUSKS = ("1c1f4a 5d3a7a e0736b ffc58a|15132e", "0b1838 2d4a7c 7fa0c0|0a1226", "2a1040 8f2f6a ff8a66|1a0a2a",
         "0e2a36 2f7480 f2cf9a|0a1c24")
LAMPS = colours("ffd27a ffe9b8 ffb760 cfe4ff")


def nights(rng: np.random.Generator, turn: int) -> Image.Image:
    """Stars, the Milky Way or an aurora, now and then a moon, over hills and pines."""
    words, tint = SKIES[turn % len(SKIES)].split("|")
    canvas, light = sky(colours(words)), colours(tint)[0]
    if turn % 4 == 2:
        aurora(canvas, rng, light)
    else:
        milky_way(canvas, rng, light)
    stars(canvas, rng, 1800)
    if turn % 3 == 1:
        moon(canvas, rng, colours(words)[1])
    _, down = grid()
    for layer, dark in enumerate((0.45, 0.12)):
        top = HEIGHT * (0.8 + 0.09 * layer) - 110 * ridge(rng, WIDTH, 2.5 + 2 * layer, 6)
        top = top - (pines(rng, WIDTH) * 1.3 if layer else 0)
        lay(canvas, colours(words)[1] * dark, np.clip(down - top[None, :], 0, 1))
    return finish(canvas, rng, grain=0.01)


def stars(canvas: np.ndarray, rng: np.random.Generator, count: int) -> None:
    """Many faint points and few bright ones, each of its own warmth."""
    height, width = canvas.shape[:2]
    x, y = rng.integers(0, width, count), rng.integers(0, height, count)
    power = rng.power(0.35, count).astype(np.float32)
    warm = rng.uniform(0.75, 1, (count, 3)).astype(np.float32)
    canvas[y, x] = np.clip(canvas[y, x] + power[:, None] * warm, 0, 1)
    for at in np.argsort(power)[-30:]:
        top, left = max(0, y[at] - 9), max(0, x[at] - 9)
        glow(canvas[top:y[at] + 10, left:x[at] + 10], x[at] - left, y[at] - top, rng.uniform(1.2, 2.4), warm[at])


def milky_way(canvas: np.ndarray, rng: np.random.Generator, light: np.ndarray) -> None:
    """A tilted band of glowing clouds with dark lanes."""
    across, down = grid()
    tilt, middle = rng.uniform(-0.9, 0.9), rng.uniform(0.35, 0.65)
    far = ((down - HEIGHT * middle) + tilt * (across - WIDTH / 2)) / np.hypot(1, tilt)
    cloud, lane = noise(rng, WIDTH, HEIGHT, (5, 4), 6, 0.6), noise(rng, WIDTH, HEIGHT, (7, 5), 6, 0.6)
    band = np.exp(-(far / 150) ** 2) * (0.25 + 0.9 * cloud) - 0.75 * np.exp(-(far / 60) ** 2) * np.clip(lane - 0.45, 0, 1)
    band = np.clip(band, 0, 1)
    lay(canvas, light, band * 0.5)
    dust = rng.random(band.shape, np.float32) > 1 - 0.02 * band
    canvas[dust] = np.clip(canvas[dust] + 0.35, 0, 1)


def aurora(canvas: np.ndarray, rng: np.random.Generator, light: np.ndarray) -> None:
    """Curtains of light: each hangs from a wandering line and fades upwards."""
    _, down = grid()
    for hem in range(3):
        line = HEIGHT * (0.5 + 0.1 * hem) - 260 * ridge(rng, WIDTH, 2.2, 3)
        rays = 0.35 + 0.65 * ridge(rng, WIDTH, 40, 3)
        up = (line[None, :] - down) / (210 + 90 * hem)
        curtain = np.where(up > 0, np.exp(-2.2 * up), np.exp(9 * up)) * rays[None, :]
        tone = ramp(np.stack([light, light * (0.5, 0.6, 1.0), light * (0.9, 0.35, 0.9)]), np.clip(up / 1.6, 0, 1))
        canvas[:] = 1 - (1 - canvas) * (1 - 0.6 * curtain[..., None] * tone)


def moon(canvas: np.ndarray, rng: np.random.Generator, dark: np.ndarray) -> None:
    """A crescent with its halo."""
    x, y, radius = rng.uniform(0.15, 0.85) * WIDTH, rng.uniform(0.12, 0.35) * HEIGHT, rng.uniform(36, 58)
    glow(canvas, x, y, radius * 3, np.ones(3, np.float32), 0.35)
    patch = canvas.copy()
    disc(canvas, x, y, radius, colours("fdf6e0")[0])
    across, down = grid()
    shadow = np.clip((radius - np.hypot(across - x - radius * 0.45, down - y + radius * 0.2)) / 2 + 0.5, 0, 1)
    lay(canvas, patch * 0.7 + dark * 0.3, shadow)


def cities(rng: np.random.Generator, turn: int) -> Image.Image:
    """Three rows of towers before an evening sky, windows lit, mirrored in water."""
    words, dark = DUSKS[turn % len(DUSKS)].split("|")
    above, near = colours(words), colours(dark)[0]
    shore = int(HEIGHT * rng.uniform(0.68, 0.78))
    canvas = sky(above, end=shore / HEIGHT)
    stars(canvas[:shore // 2], rng, 120)
    x, y = rng.uniform(0.2, 0.8) * WIDTH, rng.uniform(0.25, 0.5) * shore
    glow(canvas, x, y, 170, above[-1], 0.5)
    disc(canvas, x, y, rng.uniform(36, 70), np.clip(above[-1] + 0.1, 0, 1))
    for row, depth in enumerate((0.3, 0.62, 1.0)):
        towers(canvas, rng, shore, above[-2] * (1 - depth) + near * depth, row)
    deep, height = HEIGHT - shore, shore
    rows = np.clip(height - 1 - np.arange(deep) * 1.6 + rng.normal(0, 1, deep) * 2, 0, height - 1).astype(int)
    shake = (6 * np.sin(np.arange(deep) * 0.9) * np.linspace(0.2, 1, deep)).astype(int)
    mirror = np.stack([np.roll(canvas[row], shift, axis=0) for row, shift in zip(rows, shake, strict=True)])
    canvas[shore:] = mirror * 0.55 + near * 0.3
    return finish(canvas, rng)


def towers(canvas: np.ndarray, rng: np.random.Generator, shore: int, colour: np.ndarray, row: int) -> None:
    """A row of buildings from one side to the other; nearer rows are lower, wider and have windows."""
    at = -20
    while at < WIDTH:
        wide = int(rng.integers(36, 96) * (0.8 + 0.2 * row))
        tall = int(shore * rng.uniform(0.22, 0.72 - 0.12 * row) * (1.0 if rng.random() < 0.8 else 1.2))
        left, right, top = max(0, at), min(WIDTH, at + wide), max(20, shore - tall)
        canvas[top:shore, left:right] = colour * rng.uniform(0.9, 1.1)
        if rng.random() < 0.35 and right - left > 12:
            middle, high = (left + right) // 2, int(rng.integers(20, 70))
            canvas[max(0, top - high):top, middle - 1:middle + 2] = colour
        if row and right - left > 16:
            windows(canvas[top + 8:shore - 4, left + 6:right - 5], rng, 0.14 + 0.14 * row)
        at += wide + int(rng.integers(0, 10))


def windows(front: np.ndarray, rng: np.random.Generator, share: float) -> None:
    """Lamps behind some of the panes of a front."""
    for y in range(0, front.shape[0] - 8, 14):
        for x in range(0, front.shape[1] - 6, 11):
            if rng.random() < share:
                front[y:y + 8, x:x + 6] = LAMPS[rng.integers(len(LAMPS))] * rng.uniform(0.65, 1)
