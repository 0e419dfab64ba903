"""Two short animations that repeat without a seam."""

from pathlib import Path

import numpy as np
from PIL import Image

from flaskr.demo.pictures.paint import colours, ramp

LOOPS = ("Breathing Rings", "Turning Petals")
SIZE, FRAMES, EACH = (480, 360), 24, 70  # pixels, pictures, milliseconds
INKS = ("1b1b3a 693668 a74482 f84aa7 ffd6e0", "03263b 0f6e84 5fc9c0 f6f1d1 f4a259")


def loop(number: int, path: Path) -> None:
    """Write loop `number` to `path` as a GIF."""
    across, down = np.meshgrid(np.linspace(-4 / 3, 4 / 3, SIZE[0]), np.linspace(-1, 1, SIZE[1]))
    far, angle = np.hypot(across, down), np.arctan2(down, across)
    inks, frames = colours(INKS[number]), []
    for step in range(FRAMES):
        turn = 2 * np.pi * step / FRAMES
        wave = (np.sin(9 * far - turn + 0.8 * np.sin(3 * angle + turn)) if number == 0
                else np.sin(6 * angle + turn + 2.2 * np.sin(5 * far - turn)) * np.exp(-0.5 * far))
        frame = Image.fromarray((255 * ramp(inks, 0.5 + 0.5 * wave)).astype(np.uint8))
        frames.append(frame.quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], duration=EACH, loop=0)
