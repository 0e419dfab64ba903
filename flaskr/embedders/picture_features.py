"""What can be said of a picture without any training: colours, shapes, textures and layout.

Brightness and contrast count little where shapes and textures are described; pictures are seen within 256 pixels, and
layouts on a square, so that the size of a file says nothing.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

SIDE = 256  # pixels of the longer side; a larger sample is thinned to it
SQUARE = 128  # pixels: what shapes are found on
GIST_SIDE, EDGE = 64, 8  # pixels, and what is mirrored around them
SCALES, TURNS = 4, 8  # of the Gabor filters
BINS = 9  # of the direction of edges
SEEN = 12  # channels whose covariance is taken
CIRCLE = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))  # of neighbours, down and right

# name -> (length, weight): textures describe best (measured alone and by leaving out), plain histograms least
BLOCKS: dict[str, tuple[int, float]] = {
    "lightness": (16, 0.5), "hues": (144, 0.5), "grid": (96, 1.0), "edges": (576, 1.0), "directions": (BINS * 21, 0.3),
    "patterns": (59 * 3, 2.0), "gist": (SCALES * TURNS * 16, 1.0), "covariance": (SEEN * (SEEN + 1) // 2, 1.0),
    "moments": (32, 1.0),
}


@dataclass(frozen=True, eq=False)
class Bases:
    """Constant arrays, made once per process."""

    linear: "Tensor"  # float32 [1024]: light of an sRGB value (IEC 61966-2-1)
    xyz: "Tensor"  # float32 [3, 3]: linear RGB to XYZ over the D65 white
    gabor: "Tensor"  # float32 [SCALES * TURNS, n, n // 2 + 1]: transfer functions
    calm: "Tensor"  # float32 [n, n // 2 + 1]: low-pass of the contrast normalisation
    uniform: "Tensor"  # float32 [256, 59]: pattern -> its bin (Ojala et al., 2002)


@cache
def bases() -> Bases:
    import torch

    value = torch.arange(1024, dtype=torch.float64) / 1023
    linear = torch.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = torch.tensor([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                        [0.0193339, 0.1191920, 0.9503041]], dtype=torch.float64)
    xyz = (xyz / xyz.sum(1, keepdim=True)).T
    size = GIST_SIDE + 2 * EDGE
    down, right = torch.fft.fftfreq(size)[:, None], torch.fft.rfftfreq(size)[None]
    radius, angle = (down.square() + right.square()).sqrt(), torch.atan2(down, right)
    filters = []
    for scale in range(SCALES):
        for turn in range(TURNS):
            # half the plane is kept, so a direction and its opposite are the same wave
            off = (angle - math.pi * turn / TURNS + math.pi / 2) % math.pi - math.pi / 2
            middle = 0.32 / 1.85**scale
            filters.append(torch.exp(-((radius / middle).clamp_min(1e-6).log() / 0.55) ** 2 / 2
                                     - (off / (math.pi / TURNS * 0.75)) ** 2 / 2))
    gabor = torch.stack(filters)
    gabor[gabor < 1e-4] = 0  # hardly normal numbers are slow
    gabor[:, 0, 0] = 0
    calm = torch.exp(-(radius / 0.06) ** 2 * math.log(2))
    return Bases(linear.float(), xyz.float(), gabor, calm, _uniform())


def _uniform() -> "Tensor":
    """Patterns with at most two changes around the circle have a bin each, all others share the last."""
    import torch

    table, found = torch.zeros(256, 59), 0
    for code in range(256):
        bits = [(code >> place) & 1 for place in range(8)]
        changes = sum(bits[place] != bits[place - 1] for place in range(8))
        table[code, found if changes <= 2 else 58] = 1
        found += changes <= 2
    return table


def describe(picture: np.ndarray) -> dict[str, np.ndarray]:
    """Describe one picture (uint8 RGB [height, width, 3], at least one pixel) by named blocks, float32 [length]."""
    import torch

    with torch.inference_mode():
        base = bases()
        values = _values(picture)
        square = _lab(_resized(values, SQUARE), base)
        blocks = _colours(square) | _shapes(square) | {
            "patterns": _patterns(values, base), "gist": _gist(square[0], base),
            "covariance": _covariance(square), "moments": _moments(picture.shape, square)}
        return {name: torch.cat([part.flatten() for part in blocks[name]]).numpy() for name in BLOCKS}


def _values(picture: np.ndarray) -> "Tensor":
    """Red, green and blue within 0..1, float32 [3, height, width]; at most SIDE a side."""
    import torch

    step = -(-max(picture.shape[:2]) // SIDE)
    planes = np.ascontiguousarray(picture[::step, ::step].transpose(2, 0, 1))
    return torch.from_numpy(planes).float() / 255


def _lab(values: "Tensor", base: Bases) -> "Tensor":
    """CIE 1976 L*a*b* over 100, of the same shape."""
    import torch

    index = values.mul(1023).add_(0.5).clamp_(0, 1023).int()
    linear = base.linear.index_select(0, index.flatten()).view(index.shape)  # three times as fast as linear[index]
    share = torch.tensordot(base.xyz.T, linear, 1)
    root = torch.where(share > 216 / 24389, share.clamp_min(1e-6).pow(1 / 3), share * (841 / 108) + 4 / 29)
    x, y, z = root
    return torch.stack([1.16 * y - 0.16, 5 * (x - y), 2 * (y - z)])


def _resized(values: "Tensor", side: int) -> "Tensor":
    """Squeezed or stretched to a square, [channels, side, side]."""
    from torch.nn.functional import interpolate

    return interpolate(values[None], (side, side), mode="bilinear", antialias=True)[0]


def _means(planes: "Tensor", size: int) -> "Tensor":
    """Of each size x size block of [channels, n, n]; several times as fast as torch's pooling where blocks are large."""
    side = planes.shape[1] // size
    return planes.reshape(-1, side, size, side, size).sum(2).sum(3) / size**2


def _halved(planes: "Tensor") -> "Tensor":
    """Means of 2 x 2 blocks of [..., n, n]."""
    rows = planes[..., ::2, :] + planes[..., 1::2, :]
    return (rows[..., ::2] + rows[..., 1::2]) / 4


def _histogram(index: "Tensor", count: int) -> "Tensor":
    """Roots of the shares (their products are the Bhattacharyya coefficient), float32 [count]."""
    import torch

    return (torch.bincount(index.flatten(), minlength=count).float() / index.numel()).sqrt()


def _colours(square: "Tensor") -> dict[str, list]:
    import torch
    from torch.nn.functional import avg_pool2d

    light = (square[0] * 16).long().clamp(0, 15)
    fine = (torch.from_numpy(np.tanh((square[1:] * 3).numpy())) * 6 + 6).long().clamp(0, 11)  # finer near grey: most are
    # not _means: the difference below would blow up what it rounds otherwise
    mean, power = (avg_pool2d(part[None], SQUARE // 4)[0] for part in (square, square.square()))
    return {
        "lightness": [_histogram(light, 16)],
        "hues": [_histogram(fine[0] * 12 + fine[1], 144)],
        "grid": [mean, (power - mean.square()).clamp_min(0).sqrt()],
    }


def _slopes(light: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Central differences to the right and down, of the same size."""
    from torch.nn.functional import pad

    wide = pad(light[None, None], (1, 1, 1, 1), mode="replicate")[0, 0]
    return wide[1:-1, 2:] - wide[1:-1, :-2], wide[2:, 1:-1] - wide[:-2, 1:-1]


def _shapes(square: "Tensor") -> dict[str, list]:
    """Histograms of edge directions (Dalal and Triggs, 2005), per cell and over halves and quarters."""
    import torch
    from torch.nn.functional import avg_pool2d

    right, down = _slopes(square[0])
    strength = (right.square() + down.square()).sqrt()
    place = torch.atan2(down, right).remainder(math.pi) * (BINS / math.pi)
    off = (place - torch.arange(BINS)[:, None, None]).abs()
    off = torch.minimum(off, BINS - off)
    cells = _means((1 - off).clamp_min_(0).mul_(strength), SQUARE // 8)[None]
    around = avg_pool2d(cells.square().sum(1, keepdim=True), 3, 1, 1, count_include_pad=False)
    normal = (cells / (around + 1e-4).sqrt()).clamp_max(0.8)
    parts = [avg_pool2d(cells, size) for size in (2, 4, 8)]
    pyramid = [(part / part.sum(1, keepdim=True).clamp_min(1e-3)).sqrt() for part in parts]
    return {"edges": [normal.sqrt()], "directions": pyramid}


def _patterns(values: "Tensor", base: Bases) -> list["Tensor"]:
    """Uniform local binary patterns (Ojala et al., 2002) at three sizes."""
    import torch
    from torch.nn.functional import avg_pool2d

    light, found = values[0] * 0.2126 + values[1] * 0.7152 + values[2] * 0.0722, []
    for scale in (1, 2, 4):
        small = light if scale == 1 else avg_pool2d(light[None, None], scale, ceil_mode=True)[0, 0]
        wide = np.pad(small.mul(1020).round().to(torch.int16).numpy(), 1, mode="edge")
        high, across = small.shape
        # one step of eight bits above; numpy compares small integers faster
        code, least = np.zeros(small.shape, np.uint8), wide[1:-1, 1:-1] + np.int16(4)
        for place, (y, x) in enumerate(CIRCLE):
            code |= (wide[y:y + high, x:x + across] >= least).view(np.uint8) << np.uint8(place)
        share = torch.bincount(torch.from_numpy(code).flatten(), minlength=256).float() / code.size
        found.append((share @ base.uniform).sqrt())
    return found


def _gist(light: "Tensor", base: Bases) -> list["Tensor"]:
    """Mean strength of Gabor waves on a 4 x 4 grid after contrast normalisation (Oliva and Torralba, 2001)."""
    import torch
    from torch.nn.functional import pad

    small = _halved(light)  # SQUARE is twice GIST_SIDE
    wide = pad((small[None, None] + 0.05).log(), (EDGE,) * 4, mode="reflect")[0, 0]

    def calmed(values: "Tensor") -> "Tensor":
        return torch.fft.irfft2(torch.fft.rfft2(values) * base.calm, s=values.shape)
    wide = wide - calmed(wide)
    wide = wide / (0.2 + calmed(wide.square()).clamp_min(0).sqrt())
    kept, half, size = torch.fft.rfft2(wide), len(base.gabor) // 2, len(wide)
    grids = []
    # the coarse scales have next to nothing above half the frequencies: half the size holds them
    for part, side, edge in ((base.gabor[:half], size, EDGE), (base.gabor[half:], size // 2, EDGE // 2)):
        low, part = (torch.cat([whole[..., :side // 2, :side // 2], whole[..., size - side // 2:, :side // 2]], -2)
                     for whole in (kept, part))
        # only half the plane is kept, which makes the wave complex and its size the envelope
        waves = torch.fft.ifft2(pad(low * part, (0, side - side // 2)))[:, edge:-edge, edge:-edge] * (side / size) ** 2
        strength = (waves.real.square() + waves.imag.square()).sqrt()  # three times as fast as abs
        grids.append(_means(strength, (side - 2 * edge) // 4))
    return [(torch.cat(grids) + 1e-3).log()]


def _channels(square: "Tensor") -> "Tensor":
    """Place, colour and slopes of each pixel, [SEEN, SQUARE / 2 squared]."""
    import torch

    small = _halved(square)
    right, down = _slopes(small[0])
    strength = (right.square() + down.square()).sqrt()
    again = [slope.abs() for slope in _slopes(strength)]
    side = small.shape[1]
    line = torch.linspace(-1, 1, side)
    y, x = line[:, None].expand(side, side), line[None].expand(side, side)
    chroma = small[1:].square().sum(0).sqrt()
    return torch.stack([x, y, (x.square() + y.square()).sqrt(), *small, chroma, right.abs(), down.abs(), strength,
                        *again]).flatten(1)


def _covariance(square: "Tensor") -> list["Tensor"]:
    """Logarithm of the covariance of what each pixel shows (Tuzel et al., 2006; Arsigny et al., 2006)."""
    import torch

    seen = (channels := _channels(square)) - channels.mean(1, keepdim=True)
    table = (seen @ seen.T / seen.shape[1]).double() + 1e-4 * torch.eye(len(seen), dtype=torch.float64)
    values, vectors = torch.linalg.eigh(table)
    logs = (vectors * values.clamp_min(1e-6).log()) @ vectors.T
    rows, columns = torch.triu_indices(len(seen), len(seen))
    return [logs[rows, columns].float()]


def _moments(shape: tuple[int, ...], square: "Tensor") -> list["Tensor"]:
    """Proportions, contrast, colourfulness, sharpness, fullness, symmetry, and the middle against the border."""
    import torch

    light, chroma = square[0], square[1:].square().sum(0).sqrt()
    right, down = _slopes(square[0])
    edge = (right.square() + down.square()).sqrt()
    cuts = [_cuts(light), _cuts(chroma)]
    quarter = SQUARE // 4
    mean, spread = _mean_std(square)
    middle, inner = _mean_std(square[:, quarter:-quarter, quarter:-quarter])
    flips = [(square[0] - square[0].flip(axis)).abs().mean() / (spread[0] + 0.02) for axis in (0, 1)]
    rest = torch.stack([
        torch.tensor(math.log(shape[1] / shape[0])).clamp(-3, 3), (edge.mean() + 1e-3).log(),
        (edge > 0.1).float().mean(), (edge < 0.01).float().mean(), (edge.square().mean().sqrt() + 1e-3).log(),
        right.abs().mean() / (edge.mean() + 1e-3), (chroma < 0.05).float().mean(), (light > 0.97).float().mean(),
        (light < 0.05).float().mean(), *flips, _far(square[0])])
    return [*cuts, rest, mean, spread, middle - mean, (inner - spread)[:1]]


def _cuts(values: "Tensor") -> "Tensor":
    """Five quantiles of every second value each way (numpy is thirty times as fast as torch's sort)."""
    import torch

    some = values[::2, ::2].numpy()
    places = [int(cut * some.size) for cut in (0.05, 0.25, 0.5, 0.75, 0.95)]
    return torch.from_numpy(np.partition(some, places, axis=None)[places])


def _mean_std(values: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Of each channel (many times faster than torch's std)."""
    flat = values.flatten(1)
    mean = flat.mean(1)
    return mean, (flat.square().mean(1) - mean.square()).clamp_min(0).sqrt()


def _far(light: "Tensor") -> "Tensor":
    """Share of the detail that is fine."""
    from torch.nn.functional import avg_pool2d

    coarse = avg_pool2d(light[None, None], 4)[0, 0]
    fine, rest = (_mean_std(part[None])[1].square() for part in (light, coarse))
    return ((fine + 1e-4) / (rest + 1e-4)).log()[0]
