"""Moving pictures after nature: fireworks, ripples on a pond, a day from dawn to night, falling snow.

Each yields `count` frames, uint8 [240, 320, 3], from its own draws.
"""

from collections.abc import Iterator

import numpy as np

from flaskr.demo.pictures.land import pines
from flaskr.demo.pictures.paint import colours, disc, glow, lay, ramp, ridge, sky

WIDTH, HEIGHT = 320, 240
NIGHTS = ("05060f 101a3a 2a2f5f", "0a0512 24123a 4a2458")
PONDS = ("03263b 0b5a6e 7fd1c7 f4f1de", "1b1036 5b2a6e d95f8a ffe0b0")
DAYS = ("0b1030 2a2a5a|5a3f78 f0916a|4a90c8 cfe8f4|6ab0dc fdf0c8|4a3a78 f07a4a|0a0e2a 1f2550",
        "0a1420 1f3048|6a5a8a f5b58a|6aa8b8 e4f0dc|8fc0c8 fbf3d8|7a3a5a ff9a5a|0a101c 1a2a3c")
COLD = ("2a3a5f 6a7fa0 c8d4e4", "3a2f4f 8a7896 e8d4d8")


def shown(canvas: np.ndarray) -> np.ndarray:
    """A canvas of light as a frame."""
    return (np.clip(canvas, 0, 1) * 255).astype(np.uint8)


def fireworks(rng: np.random.Generator, turn: int, count: int) -> Iterator[np.ndarray]:
    """Rockets burst into sparks that fall and fade, above a line of hills."""
    ground = sky(colours(NIGHTS[turn % 2]), WIDTH, HEIGHT)
    top = HEIGHT * 0.86 - 24 * ridge(rng, WIDTH, 4, 5)
    dark = np.clip(np.arange(HEIGHT)[:, None] - top[None, :], 0, 1)
    trail, sparks = np.zeros((HEIGHT, WIDTH, 3), np.float32), []
    for step in range(-20, count):
        if step % 9 == 0:
            sparks.append(_burst(rng))
        trail *= 0.86
        for place, speed, colour, age in sparks:
            age += 1
            place += speed
            speed *= 0.955
            speed[:, 1] += 0.035
            x, y = place[:, 0].astype(int), place[:, 1].astype(int)
            seen = (x >= 1) & (x < WIDTH - 1) & (y >= 1) & (y < HEIGHT - 1)
            power = max(0.0, 1 - age[0] / 42) * rng.uniform(0.5, 1, seen.sum())[:, None] * colour
            for across, down, share in ((0, 0, 1.0), (1, 0, 0.4), (-1, 0, 0.4), (0, 1, 0.4), (0, -1, 0.4)):
                np.maximum.at(trail, (y[seen] + down, x[seen] + across), power * share)
        sparks = [spark for spark in sparks if spark[3][0] < 42]
        if step < 0:
            continue  # the first frame is in the midst of it
        canvas = 1 - (1 - ground) * (1 - np.clip(trail * 1.15, 0, 1)) * (1 - 0.08 * trail.mean((0, 1)))
        lay(canvas, np.array([0.02, 0.02, 0.05], np.float32), dark)
        yield shown(canvas)


def _burst(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(places [n, 2], speeds [n, 2], colour, age [1]) of one rocket's sparks."""
    n, angle = 130, rng.uniform(0, 2 * np.pi, 130)
    far = rng.normal(2.4, 0.35, n) if rng.random() < 0.5 else rng.uniform(0.4, 2.8, n)
    speed = np.stack([np.cos(angle) * far, np.sin(angle) * far], axis=1)
    middle = (rng.uniform(0.15, 0.85) * WIDTH, rng.uniform(0.15, 0.5) * HEIGHT)
    colour = colours("ffd27a ff7a59 7bdff2 b8f2a0 f7a1ff fff1c9")[rng.integers(6)]
    return np.tile(np.array(middle), (n, 1)), speed, colour, np.zeros(1)


def ripples(rng: np.random.Generator, turn: int, count: int) -> Iterator[np.ndarray]:
    """Rings that spread from falling drops and cross each other."""
    stops = colours(PONDS[turn % 2])
    across, down = np.arange(WIDTH)[None, :], np.arange(HEIGHT)[:, None]
    drops = [(rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), at) for at in range(-30, count, 8 + 6 * (turn % 2))]
    slope = 0.25 * (down / HEIGHT - 0.5)
    fars = [np.hypot(across - x, (down - y) * 1.35).astype(np.float32) for x, y, _ in drops]
    for step in range(count):
        wave = np.zeros((HEIGHT, WIDTH), np.float32)
        for far, (_, _, at) in zip(fars, drops, strict=True):
            age = step - at
            if 0 < age < 90:
                front = far - 2.6 * age
                wave += np.cos(front * 0.32) * np.exp(-(front / 26) ** 2) * (1 - age / 90) * (front < 30)
        yield shown(ramp(stops, np.clip(0.42 + slope + 0.33 * wave, 0, 1)))


def days(rng: np.random.Generator, turn: int, count: int) -> Iterator[np.ndarray]:
    """The sun crosses the sky above hills and a wood, from night to night."""
    hours = [colours(pair) for pair in DAYS[turn % 2].split("|")]
    tops = [HEIGHT * (0.62 + 0.12 * layer) - (46 - 8 * layer) * ridge(rng, WIDTH, 2 + layer, 6) for layer in range(3)]
    tops[2] = tops[2] - pines(rng, WIDTH * 4)[::4] * 0.3
    rows = np.arange(HEIGHT)[:, None]
    covers = [np.clip(rows - top[None, :], 0, 1) for top in tops]
    stars = rng.integers(0, (WIDTH, HEIGHT // 2), (90, 2))
    greens = colours("5f7f6a 3f6048 24402c" if turn % 2 == 0 else "8a7a5a 6a5a3a 3a3420")
    for step in range(count):
        now = step / max(1, count - 1) * (len(hours) - 1)
        hour = min(len(hours) - 2, int(now))
        pair = hours[hour] * (1 - now + hour) + hours[hour + 1] * (now - hour)
        light = float(pair.mean())
        canvas = sky(pair, WIDTH, HEIGHT, end=0.75)
        canvas[stars[:, 1], stars[:, 0]] += np.clip(0.9 - light * 2.6, 0, 0.8)
        turned = np.pi * (now / (len(hours) - 1) * 1.3 - 0.15)
        x, y = WIDTH * (0.5 - 0.45 * np.cos(turned)), HEIGHT * (0.75 - 0.6 * np.sin(turned))
        glow(canvas, x, y, 46, np.array([1, 0.85, 0.6], np.float32), 0.5)
        disc(canvas, x, y, 13, np.array([1, 0.95, 0.8], np.float32))
        for layer, cover in enumerate(covers):
            haze = 0.45 - 0.2 * layer
            lay(canvas, greens[layer] * (0.25 + 1.1 * light) * (1 - haze) + pair[1] * haze, cover)
        yield shown(canvas)


def snow(rng: np.random.Generator, turn: int, count: int) -> Iterator[np.ndarray]:
    """Flakes, near and far, blown past a wood in winter."""
    ground = sky(colours(COLD[turn % 2]), WIDTH, HEIGHT)
    rows = np.arange(HEIGHT)[:, None]
    for layer in range(3):
        top = HEIGHT * (0.66 + 0.1 * layer) - 26 * ridge(rng, WIDTH, 3, 5) - pines(rng, WIDTH * 3)[::3] * (0.5 + 0.3 * layer)
        lay(ground, colours("8fa0b8 5a6c88 2c3a54")[layer], np.clip(rows - top[None, :], 0, 1))
    lay(ground, colours("eef3f8")[0], np.clip((rows - HEIGHT * 0.9 + 8 * ridge(rng, WIDTH, 3, 4)[None, :]) / 3, 0, 1))
    n = 420
    x, y, near = rng.uniform(0, WIDTH, n), rng.uniform(0, HEIGHT, n), rng.power(0.6, n)
    phase = rng.uniform(0, 2 * np.pi, n)
    for step in range(count):
        canvas = ground.copy()
        across = (x + step * (0.6 + near) * (0.6 - 1.2 * (turn % 2)) + 6 * np.sin(step * 0.07 + phase)) % WIDTH
        down = (y + step * (0.9 + 2.4 * near)) % HEIGHT
        for size in range(3):
            big = (near * 3).astype(int) >= size
            for right, below in ((0, 0), (1, 0), (0, 1), (1, 1), (-1, 0), (0, -1))[:(1, 4, 6)[size]]:
                at = (down[big].astype(int) + below) % HEIGHT, (across[big].astype(int) + right) % WIDTH
                canvas[at] += (1 - canvas[at]) * (0.35 + 0.2 * size)
        yield shown(canvas)
