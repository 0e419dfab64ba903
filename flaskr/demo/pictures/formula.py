"""Pictures out of a formula: threads that follow a field, and the coasts of Julia sets."""

import numpy as np
from PIL import Image

from flaskr.demo.pictures.paint import HEIGHT, WIDTH, colours, finish, noise, ramp, sky

# ground, from the top to the bottom | threads
SILKS = ("07060f 14102a|ff7a59 ffd166 7bdff2", "04131a 0a2a33|2ec4b6 cbf3f0 ff9f1c", "120516 2a0d2e|f72585 b5179e 4cc9f0",
         "0b0b0b 1c1a17|f4a261 e9c46a e76f51", "03071e 0b1a3a|90e0ef 00b4d8 caf0f8", "0d0a07 24160c|ffba08 f48c06 dc2f02",
         "06110a 10281a|b7e4c7 52b788 ffe5a0", "100a1a 251a40|c77dff 9d4edd ffc8dd")
# places of the plane whose Julia sets are rich, and the colours from their outside in
JULIAS = ("-0.8 0.156|08142b 1f4e8c f2e9d0 f08a4b 3a0d2e", "0.285 0.01|0b0620 5a1f7a f25f8a ffe3a8 14213d",
          "-0.4 0.6|02140f 0f5e4c 9fe0b0 fff6c9 2a1a10", "-0.7269 0.1889|10060a 8a1c3b ff9a56 fff1c1 101a3a",
          "-0.123 0.745|060a1a 274b9f 8fd3ff ffffff 402060", "0.355 0.355|120818 7a2e8a ff7eb6 fff0d0 0a3040",
          "-0.835 -0.2321|041018 136f78 e8f7c8 ff9c6b 3b1236", "-0.70176 -0.3842|0a0a12 44516e d8dbe2 f6c177 7a3b2e")


def silks(rng: np.random.Generator, turn: int, threads: int = 5000, steps: int = 260) -> Image.Image:
    """Threads drawn along a smooth field; where many meet it shines."""
    ground, inks = (colours(part) for part in SILKS[turn % len(SILKS)].split("|"))
    angle = noise(rng, WIDTH // 4, HEIGHT // 4, (2.2, 1.7), 2 + turn % 2, 0.35) * np.pi * rng.uniform(2.2, 4.0)
    x, y = rng.uniform(-0.1, 1.1, threads) * WIDTH, rng.uniform(-0.1, 1.1, threads) * HEIGHT
    tone = noise(rng, 64, 64, (2, 2), 2)[(y / HEIGHT * 63).clip(0, 63).astype(int), (x / WIDTH * 63).clip(0, 63).astype(int)]
    ink = ramp(inks, np.clip(tone + rng.normal(0, 0.12, threads), 0, 1))
    light = np.zeros((3, WIDTH * HEIGHT), np.float32)
    for step in range(steps):
        across, down = x.astype(int), y.astype(int)
        seen = (across >= 0) & (across < WIDTH) & (down >= 0) & (down < HEIGHT)
        place = down[seen] * WIDTH + across[seen]
        fade = np.sin(np.pi * (step + 1) / steps)
        for part in range(3):
            light[part] += np.bincount(place, ink[seen, part] * fade, minlength=WIDTH * HEIGHT).astype(np.float32)
        turned = angle[(down // 4).clip(0, angle.shape[0] - 1), (across // 4).clip(0, angle.shape[1] - 1)]
        x, y = x + np.cos(turned) * 1.4, y + np.sin(turned) * 1.4
    glow = 1 - np.exp(-0.42 * light.T.reshape(HEIGHT, WIDTH, 3))
    canvas = 1 - (1 - sky(ground)) * (1 - glow)
    return finish(canvas, rng, grain=0.008)


def julias(rng: np.random.Generator, turn: int, steps: int = 140) -> Image.Image:
    """z -> z^2 + c: how soon each point leaves, smoothed as log log |z| (Peitgen and Richter, The Beauty of Fractals, 1986)."""
    where, words = JULIAS[turn % len(JULIAS)].split("|")
    c = complex(*map(float, where.split())) + complex(*rng.normal(0, 0.0015, 2))
    width, height, reach = WIDTH * 3 // 4, HEIGHT * 3 // 4, rng.uniform(1.05, 1.5)
    tilt, middle = np.exp(1j * rng.uniform(0, np.pi)), complex(*rng.normal(0, 0.12, 2))
    across, down = np.linspace(-reach * 4 / 3, reach * 4 / 3, width), np.linspace(-reach, reach, height)
    z = ((across[None, :] + 1j * down[:, None]) * tilt + middle).astype(np.complex64).ravel()
    left, inside = np.full(z.size, steps, np.float32), np.arange(z.size)
    for step in range(steps):
        z = z * z + np.complex64(c)
        far = z.real ** 2 + z.imag ** 2
        gone = far > 256
        left[inside[gone]] = step + 1 - np.log2(np.log2(far[gone]) / 8)
        z, inside = z[~gone], inside[~gone]
    place = np.clip(np.log1p(left) / np.log1p(steps), 0, 1).reshape(height, width)
    low, high = np.percentile(place, (1, 99.7))
    canvas = ramp(colours(words), np.clip((place - low) / (high - low + 1e-6), 0, 1))
    large = Image.fromarray((canvas * 255).astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return finish(np.asarray(large, np.float32) / 255, rng, grain=0.006)
