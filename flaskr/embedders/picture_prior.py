"""What pictures are like in general, learned from made-up ones: the constants until a library has enough of its own."""

import numpy as np

COUNT = 500


def made_up(seed: int) -> np.ndarray:
    """Make one picture, uint8 [height, width, 3]: ground, shapes with textures, light, grain; some drawn, some grey."""
    rng = np.random.default_rng(seed)
    height, width = [(192, 256), (256, 192), (170, 256), (256, 256)][rng.integers(4)]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / 256
    palette = np.clip(rng.uniform(0.1, 0.9, (6, 1)) + rng.choice([0.03, 0.1, 0.25]) * rng.normal(size=(6, 3)), 0, 1)
    drawn = rng.random() < 0.15  # even colours and hard edges
    picture = _ground(rng, x, y, palette)
    for _ in range(rng.integers(1, 12) if rng.random() < 0.7 else rng.integers(12, 40)):
        cover = _shape(rng, x, y, hard=drawn)
        colour = palette[rng.integers(6)]
        if not drawn:
            colour = colour * (1 + rng.uniform(0, 0.6) * _texture(rng, x, y))[..., None]
        picture = picture * (1 - cover[..., None]) + colour * cover[..., None]
    if not drawn:
        side = rng.uniform(-1, 1, 2)
        picture *= (1 + 0.5 * (side[0] * (x - 0.5) + side[1] * (y - 0.5)))[..., None]
        picture += rng.choice([0.003, 0.01, 0.03]) * rng.normal(size=(height, width, 1))
    if rng.random() < 0.08:
        picture = np.repeat(picture.mean(2, keepdims=True), 3, 2)
    picture = 0.5 + (picture - 0.5) * rng.uniform(0.6, 1.5) + rng.uniform(-0.1, 0.1)
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _ground(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """A gradient, a horizon, or clouds between two colours, out of focus as often as not."""
    kind, texture = rng.integers(3), _texture(rng, x, y)
    if kind == 0:
        mix = y * rng.uniform(0, 1) + x * rng.uniform(-0.5, 0.5)
    elif kind == 1:
        mix = 1 / (1 + np.exp(-rng.choice([20, 100]) * (y - rng.uniform(0.2, 0.7) - 0.05 * texture)))
    else:
        mix = 0.5 + 0.3 * _cloud(rng, x.shape, rng.uniform(1, 2.2))
    mix = np.clip(mix + rng.choice([0, 0.05, 0.2]) * texture, 0, 1)[..., None]
    return palette[0] * mix + palette[1] * (1 - mix)


def _shape(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, *, hard: bool) -> np.ndarray:
    """How much of each pixel a turned ellipse, box, stripe or blob covers, within 0..1."""
    turn = rng.choice([0, 0, rng.uniform(0, np.pi)])
    right, down = x - rng.uniform(0, 1), y - rng.uniform(0, 1)
    along, across = right * np.cos(turn) + down * np.sin(turn), down * np.cos(turn) - right * np.sin(turn)
    length, breadth = 10 ** rng.uniform(-1.5, -0.2, 2)
    kind = rng.integers(4)
    if kind == 0:
        outside = np.maximum(np.abs(along) / length, np.abs(across) / breadth)
    elif kind == 1:
        outside = np.abs(across) / (breadth / 4)
    else:
        outside = np.hypot(along / length, across / breadth)
        if kind == 3:
            outside = outside + 0.3 * _cloud(rng, x.shape, 2.0)
    soft = 0.02 if hard else rng.choice([0.03, 0.1, 0.4])
    return 1 / (1 + np.exp(np.clip((outside - 1) / soft, -30, 30)))


def _texture(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Waves of one direction, or noise between coarse and fine; mean about 0, spread about 1."""
    if rng.random() < 0.3:
        turn, often = rng.uniform(0, np.pi), 10 ** rng.uniform(0.7, 1.8)
        return 1.4 * np.sin(2 * np.pi * often * (x * np.cos(turn) + y * np.sin(turn)) + rng.uniform(0, 6))
    return _cloud(rng, x.shape, rng.uniform(0.3, 2.0))


def _cloud(rng: np.random.Generator, shape: tuple[int, ...], slope: float) -> np.ndarray:
    """Noise whose amplitude falls with frequency^-slope, as that of natural pictures does (Field, 1987)."""
    often = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None])
    often[0, 0] = 1
    noise = np.fft.irfft2(np.fft.rfft2(rng.normal(size=shape)) * often**-slope, s=shape)
    return (noise - noise.mean()) / (noise.std() + 1e-9)
