"""The fixed matrices of the sound features: each turns a spectrogram into a description by one product."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

RATE = 22050  # Hz
FFT = 2048
HOP = 512
BINS = FFT // 2 + 1
FRAMES = RATE / HOP  # per second
MELS = 64
CEPSTRA = 20
SPAN = 256  # frames of a modulation spectrum: 6 s
RATES = 12  # modulation rates
LAGS = 24
COARSE = (0, 200, 400, 800, 1600, 3200, 6400, 11026)  # Hz: octaves
FINE = (0, 150, 300, 450, 600, 850, 1200, 1700, 2400, 3200, 4200, 5400, 6800, 8600, 11026)  # Hz


@dataclass(frozen=True)
class Bases:
    """All of them, float32 tensors."""

    window: "Tensor"  # [FFT]
    mel: "Tensor"  # [BINS, MELS]
    fine: "Tensor"  # [BINS, 14], columns sum to 1
    wide: "Tensor"  # [BINS, 6] mel-spaced bands for envelopes
    cosine: "Tensor"  # [MELS, CEPSTRA]
    chroma: "Tensor"  # [BINS, 12]
    lags: "Tensor"  # [1024, LAGS]: autocorrelation lags of 0.1 to 2.2 s, log-spaced
    hann: "Tensor"  # [SPAN]
    rates: "Tensor"  # [SPAN // 2 + 1, RATES]: modulation of 0.5 to 20 Hz, log-spaced
    gabor: "Tensor"  # [2 * filters, 1, 25, 15]: cosine and sine, frames x mel bands
    hertz: "Tensor"  # [BINS]


@lru_cache(maxsize=1)
def bases() -> Bases:
    """Build them once per process (some milliseconds)."""
    import torch

    def tensor(array: np.ndarray) -> "Tensor":
        return torch.tensor(array, dtype=torch.float32)

    return Bases(
        window=torch.hann_window(FFT), mel=tensor(_mel(MELS)), fine=tensor(_bands(FINE)),
        wide=tensor(_mel(6)), cosine=tensor(_cosine(MELS, CEPSTRA)), chroma=tensor(_chroma()), lags=tensor(_lags()),
        hann=torch.hann_window(SPAN), rates=tensor(_rates()), gabor=tensor(_gabor())[:, None], hertz=tensor(_hertz()),
    )


def _hertz() -> np.ndarray:
    return np.linspace(0, RATE / 2, BINS)


def _mel(count: int, low: float = 30.0) -> np.ndarray:
    """Triangles of equal area on Slaney's mel scale (Auditory Toolbox, 1998): linear to 1 kHz, then logarithmic."""
    step = np.log(6.4) / 27
    ends = 15 + np.log(RATE / 2000) / step
    marks = np.linspace(low * 3 / 200, ends, count + 2)
    edges = np.where(marks < 15, marks * 200 / 3, 1000 * np.exp((marks - 15) * step))
    hertz = _hertz()[:, None]
    rise = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rise, fall)) * 2 / (edges[2:] - edges[:-2])


def _bands(edges: tuple[int, ...]) -> np.ndarray:
    inside = np.stack([(_hertz() >= a) & (_hertz() < b) for a, b in zip(edges[:-1], edges[1:], strict=True)], axis=1)
    return inside / inside.sum(0)


def _cosine(size: int, count: int) -> np.ndarray:
    """Orthonormal DCT-II."""
    table = np.cos(np.pi * (np.arange(size)[:, None] + 0.5) * np.arange(count) / size) * np.sqrt(2 / size)
    table[:, 0] /= np.sqrt(2)
    return table


def _chroma() -> np.ndarray:
    """Pitch classes, A first: Gaussian of half a semitone, octaves around 440 Hz weighing most."""
    hertz = _hertz()
    heard = (hertz > 60) & (hertz < 5000)
    pitch = 12 * np.log2(np.maximum(hertz, 1) / 440)
    distance = (pitch[:, None] - np.arange(12) + 6) % 12 - 6
    return np.exp(-2 * distance**2) * (heard * np.exp(-0.5 * (pitch / 24) ** 2))[:, None]


def _lags() -> np.ndarray:
    edges = np.geomspace(0.1, 2.2, LAGS + 1) * FRAMES
    width = np.maximum(np.diff(edges), 1)
    table = np.maximum(0, 1 - np.abs(np.arange(1024)[:, None] - (edges[:-1] + edges[1:]) / 2) / width)
    return table / table.sum(0)


def _rates() -> np.ndarray:
    marks = np.log(np.geomspace(0.5, 20, RATES + 2))
    rates = np.arange(SPAN // 2 + 1) * FRAMES / SPAN
    logs = np.log(np.maximum(rates, 1e-3))[:, None]
    rise, fall = (logs - marks[:-2]) / (marks[1:-1] - marks[:-2]), (marks[2:] - logs) / (marks[2:] - marks[1:-1])
    table = np.maximum(0, np.minimum(rise, fall))
    for column in np.flatnonzero(table.sum(0) == 0):  # a rate between two bins
        table[np.abs(logs[:, 0] - marks[column + 1]).argmin(), column] = 1
    return table / table.sum(0)


def _gabor() -> np.ndarray:
    """Gabor filters on the log-mel picture: cycles per frame x cycles per band, rising and falling, without mean."""
    time, band = np.arange(-12, 13)[:, None], np.arange(-7, 8)
    filters = []
    for along in (0.0, 0.04, 0.08, 0.16, 0.3):
        for across in (0.0, 0.06, 0.12, 0.25):
            if not along and not across:
                continue
            long, wide = min(4.8, 0.5 / max(along, 0.05)), min(3.2, 0.5 / max(across, 0.08))
            bell = np.exp(-0.5 * (time / long) ** 2 - 0.5 * (band / wide) ** 2)
            for sign in (1, -1) if along and across else (1,):
                phase = 2 * np.pi * (along * time + sign * across * band)
                for wave in (np.cos, np.sin):
                    filtered = bell * wave(phase)
                    filtered -= bell * (filtered.sum() / bell.sum())
                    filters.append(filtered / np.abs(filtered).sum())
    return np.array(filters)
