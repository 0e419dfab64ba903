"""Drawn with a pen: plants that grow by rules, and tiles of plain shapes."""

import math

import numpy as np
from PIL import Image, ImageDraw

from flaskr.demo.pictures.paint import HEIGHT, WIDTH, colours, finish, noise

SCALE = 2  # drawn larger and scaled down, which smooths the edges
# paper | stem | leaves and flowers
PAPERS = ("f6efe0|4a3b2a|5f7f4a 86a35c b3c07a", "eef1e6|2f4a3a|3f7a5a e07a5f f2cc8f", "f7e8e4|5a3a3a|d88c9a f2d0a9 99c1b9",
          "e8eef2|2d3e50|476c9b add9f4 e2856e", "fbf3d5|5b4a1f|d08c1d e9b44c 9b2915", "efe6f2|443355|7b5ea7 c3a6d8 f2b5d4",
          "e4efe9|24443a|1f7a5c 6fb98f f4a259", "f3ece4|3d2b1f|a44a3f d4a373 606c38")
# Lindenmayer's rules: F draws, + and - turn, [ and ] keep and return, L is a leaf (Prusinkiewicz, The Algorithmic Beauty of
# Plants, 1990)
RULES = (("X", {"X": "F[+X L]F[-X L]+X", "F": "FF"}, 6, 22.0), ("X", {"X": "F-[[X L]+X L]+F[+FX L]-X", "F": "FF"}, 5, 24.0),
         ("F", {"F": "F[+F L]F[-F L]F"}, 4, 25.7), ("F", {"F": "FF-[-F+F+F L]+[+F-F-F L]"}, 4, 22.5))
TILES = ("f4f1de e07a5f 3d405b 81b29a f2cc8f", "fefae0 dda15e bc6c25 606c38 283618", "edf2f4 8d99ae 2b2d42 ef233c d90429",
         "fff8e8 ffb703 fb8500 219ebc 023047", "f8edeb fec5bb fcd5ce 9d8189 6d6875", "f1faee a8dadc 457b9d 1d3557 e63946",
         "faf3dd c8d5b9 8fc0a9 68b0ab 4a7c59", "fdf0d5 c1121f 780000 669bbc 003049")


def plants(rng: np.random.Generator, turn: int) -> Image.Image:
    """One to three plants on paper."""
    words = PAPERS[turn % len(PAPERS)].split("|")
    paper, stem, leaves = (colours(part) for part in words)
    tone = noise(rng, WIDTH, HEIGHT, (4, 3), 6, 0.6)[..., None]
    sheet = Image.fromarray((255 * np.clip(paper[0] * (0.95 + 0.06 * tone), 0, 1)).astype(np.uint8))
    sheet = sheet.resize((WIDTH * SCALE, HEIGHT * SCALE))
    pen = ImageDraw.Draw(sheet, "RGBA")
    if turn % 3 == 0:
        x, y, radius = WIDTH * rng.uniform(0.3, 0.7), HEIGHT * rng.uniform(0.3, 0.5), rng.uniform(190, 270)
        box = [SCALE * part for part in (x - radius, y - radius, x + radius, y + radius)]
        pen.ellipse(box, fill=(*_bytes(leaves[-1]), 90))
    count = 1 + turn % 3
    for number in range(count):
        x = WIDTH * ((number + 0.5) / count + rng.uniform(-0.05, 0.05))
        start, rules, times, angle = RULES[(turn + number) % len(RULES)]
        tall, angle = HEIGHT * rng.uniform(0.6, 0.86), angle + rng.uniform(-4, 4)
        grow(pen, rng, written(start, rules, times), x, tall, angle, stem[0], leaves)
    canvas = np.asarray(sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), np.float32) / 255
    return finish(canvas, rng, grain=0.008, vignette=0.08)


def written(text: str, rules: dict[str, str], times: int) -> str:
    """The sentence of a plant: every sign replaced by its rule, `times` times."""
    for _ in range(times):
        text = "".join(rules.get(sign, sign) for sign in text)
    return text


def walked(text: str, rng: np.random.Generator, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Strokes [n, 5] (x, y, x, y, depth) and leaves [m, 3] (x, y, direction) of a sentence, in steps of one."""
    x = y = 0.0
    turned, kept, strokes, leaves = math.pi / 2, [], [], []
    for sign in text:
        if sign == "F":
            to = x + math.cos(turned), y + math.sin(turned)
            strokes.append((x, y, *to, len(kept)))
            x, y = to
        elif sign in "+-":
            turned += math.radians(angle * rng.uniform(0.75, 1.25)) * (1 if sign == "+" else -1)
        elif sign == "[":
            kept.append((x, y, turned))
        elif sign == "]":
            x, y, turned = kept.pop()
        elif sign == "L":
            leaves.append((x, y, turned))
    return np.array(strokes), np.array(leaves)


def grow(pen: ImageDraw.ImageDraw, rng: np.random.Generator, text: str, x: float, tall: float, angle: float,
         stem: np.ndarray, leaves: np.ndarray) -> None:
    """Draw a plant `tall` pixels high whose foot is at x on the lower edge."""
    strokes, tips = walked(text, rng, angle)
    size = SCALE * tall / max(1.0, strokes[:, [1, 3]].max() - strokes[:, [1, 3]].min())
    foot, ground = x * SCALE, HEIGHT * SCALE * 0.97
    for left, low, right, high, depth in strokes:
        thick = max(1, round(SCALE * 7 / (1 + 0.9 * depth)))
        pen.line((foot + left * size, ground - low * size, foot + right * size, ground - high * size), fill=_bytes(stem),
                 width=thick)
    for left, low, turned in tips[rng.permutation(len(tips))[:900]]:
        long, colour = SCALE * rng.uniform(9, 22), leaves[rng.integers(len(leaves))]
        corners = [(foot + left * size + long * far * math.cos(turned + off),
                    ground - low * size - long * far * math.sin(turned + off))
                   for far, off in ((0, 0), (0.5, 0.5), (0.85, 0.25), (1, 0), (0.85, -0.25), (0.5, -0.5))]
        pen.polygon(corners, fill=(*_bytes(colour), 215))


def tiles(rng: np.random.Generator, turn: int) -> Image.Image:
    """A floor of square tiles, each with one plain shape in two colours."""
    inks = [_bytes(colour) for colour in colours(TILES[turn % len(TILES)])]
    cell = (150, 100, 300, 75)[turn % 4] * SCALE
    sheet = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), inks[0])
    pen = ImageDraw.Draw(sheet)
    shapes = rng.permutation(len(SHAPES))[:3 + turn % 3]
    for y in range(0, HEIGHT * SCALE, cell):
        for x in range(0, WIDTH * SCALE, cell):
            back, front = rng.permutation(len(inks))[:2]
            pen.rectangle((x, y, x + cell, y + cell), fill=inks[back])
            SHAPES[rng.choice(shapes)](pen, x, y, cell, inks[front], int(rng.integers(4)), inks[0])
    return sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _quarter(pen: ImageDraw.ImageDraw, x: int, y: int, cell: int, ink: tuple, turn: int, paper: tuple) -> None:
    left, top = x - cell * (turn in (1, 2)), y - cell * (turn in (2, 3))
    pen.pieslice((left, top, left + 2 * cell, top + 2 * cell), 180 + 90 * turn, 270 + 90 * turn, fill=ink)


def _half(pen: ImageDraw.ImageDraw, x: int, y: int, cell: int, ink: tuple, turn: int, paper: tuple) -> None:
    pen.pieslice((x, y, x + cell, y + cell), 90 * turn, 90 * turn + 180, fill=ink)


def _ring(pen: ImageDraw.ImageDraw, x: int, y: int, cell: int, ink: tuple, turn: int, paper: tuple) -> None:
    for share, fill in ((0.06, ink), (0.22, paper), (0.36, ink)):
        pen.ellipse((x + share * cell, y + share * cell, x + (1 - share) * cell, y + (1 - share) * cell), fill=fill)


def _triangle(pen: ImageDraw.ImageDraw, x: int, y: int, cell: int, ink: tuple, turn: int, paper: tuple) -> None:
    corners = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)]
    pen.polygon([corner for at, corner in enumerate(corners) if at != turn], fill=ink)


def _bars(pen: ImageDraw.ImageDraw, x: int, y: int, cell: int, ink: tuple, turn: int, paper: tuple) -> None:
    for at in range(3):
        low, high = (at / 3 + 0.06) * cell, (at / 3 + 0.24) * cell
        box = (x, y + low, x + cell, y + high) if turn % 2 else (x + low, y, x + high, y + cell)
        pen.rectangle(box, fill=ink)


SHAPES = (_quarter, _half, _ring, _triangle, _bars)


def _bytes(colour: np.ndarray) -> tuple[int, int, int]:
    return tuple(round(255 * float(part)) for part in colour)
