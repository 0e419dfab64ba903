"""What can be said of a sound without any training: timbre, dynamics, harmony and rhythm from one spectrogram.

Everything but the level is relative to the loudest moment, so that volume changes little; statistics over time are
weighted by loudness, so that what is heard counts more than the silence around it.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from flaskr.embedders.sound_bases import CEPSTRA, COARSE, FFT, FRAMES, HOP, LAGS, RATE, RATES, SPAN, Bases, bases

if TYPE_CHECKING:
    from torch import Tensor

QUIET = 1e-9  # of the loudest moment: 90 dB below it nothing is heard
SILENT = 1e-8  # power under which there is no sound at all
FAINT = 1e-14  # of the loudest moment, per bin: how empty the empty bins are tells tones from noises
MODULATED = 16  # bands of the modulation spectrum
CUTS = (0.1, 0.5, 0.9)

# name -> (length, weight): timbre describes best (measured alone and by leaving out), the others add colour
BLOCKS: dict[str, tuple[int, float]] = {
    "contrast": (28, 1.5), "contrast_fine": (56, 1.0), "cepstra": (57, 1.0), "cepstra_loud": (38, 1.0),
    "average": (20, 1.0), "shape": (45, 1.0), "level": (16, 1.0), "envelope": (84, 0.7), "correlation": (78, 0.7),
    "pitch": (27, 0.2), "mel": (128, 0.2), "delta": (20, 0.2), "harmonic": (16, 0.2), "chroma": (24, 0.2),
    "intervals": (26, 0.2), "rhythm": (LAGS + 4, 0.2), "modulation": (MODULATED * RATES, 0.2), "gabor": (248, 0.2),
}


def describe(windows: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Describe mono windows (float32 [samples] at 22050 Hz) by named blocks, each float32 [length], always finite."""
    import torch

    with torch.inference_mode():
        base = bases()
        powers = [_power(window, base) for window in windows]
        power = torch.cat(powers)
        energy = power.sum(1)
        top = energy.max().clamp_min(SILENT)
        weight = (energy / top).sqrt()
        weight = weight / weight.sum() if weight.sum() > 0 else torch.full_like(weight, 1 / len(weight))
        mel = power @ base.mel
        log_mel = (mel / mel.max().clamp_min(SILENT) + QUIET).log()
        blocks = _timbre(power / top, log_mel, mel, weight, base)
        blocks |= _harmony(power, weight, base)
        blocks |= _loudness(power, energy, base)
        pieces = log_mel.split([len(piece) for piece in powers])
        blocks |= _movement(pieces, base)
        return {name: torch.cat([part.flatten() for part in blocks[name]]).numpy() for name in BLOCKS}


def _power(window: np.ndarray, base: Bases) -> "Tensor":
    """Power spectrogram, float32 [frames, BINS]."""
    import torch

    sound = torch.from_numpy(np.ascontiguousarray(window, np.float32))
    if len(sound) < FFT:
        sound = torch.nn.functional.pad(sound, (0, FFT - len(sound)))
    spectrum = torch.stft(sound, FFT, HOP, window=base.window, return_complex=True)
    return (spectrum.real.square() + spectrum.imag.square()).T.contiguous()


def _mean_std(values: "Tensor", weight: "Tensor") -> list["Tensor"]:
    mean = weight @ values
    return [mean, (weight @ (values - mean).square()).sqrt()]


def _thinned(weight: "Tensor", step: int) -> "Tensor":
    """Weights of every `step`-th frame, which is enough for what costs most."""
    weight = weight[::step]
    return weight / weight.sum().clamp_min(1e-9)


def _cuts(values: "Tensor", weight: "Tensor") -> list["Tensor"]:
    """Weighted quantiles of each column."""
    ordered, order = values.sort(0)
    below = weight[order].cumsum(0)
    return [ordered.gather(0, (below < cut).sum(0, keepdim=True).clamp_max(len(values) - 1))[0] for cut in CUTS]


def _timbre(power: "Tensor", log_mel: "Tensor", mel: "Tensor", weight: "Tensor", base: Bases) -> dict[str, list]:
    import torch

    every = log_mel @ base.cosine
    cepstra = every[:, 1:]
    shape = _shape(power[::2], base)
    long_term = mel.mean(0)
    long_term = (long_term / long_term.max().clamp_min(1e-12) + 1e-8).log()
    change = every[2:] - every[:-2] if len(every) > 2 else torch.zeros(1, CEPSTRA)
    moving = weight[1:-1] if len(every) > 2 else torch.ones(1)
    return {
        "contrast": _mean_std(_sorted_contrast(power[::3]), _thinned(weight, 3)),
        "contrast_fine": _mean_std(_contrast(power[::2], base.fine), _thinned(weight, 2)),
        "cepstra": _cuts(cepstra, weight),
        "cepstra_loud": _mean_std(cepstra, weight.square() / weight.square().sum()),
        "average": [long_term @ base.cosine],
        "shape": _mean_std(shape, _thinned(weight, 2)) + [torch.quantile(shape, torch.tensor(CUTS), dim=0)],
        "correlation": [_correlation(mel, base)],
        "mel": _mean_std(log_mel - log_mel.mean(1, keepdim=True), weight),
        "delta": [_mean_std(change, moving / moving.sum().clamp_min(1e-9))[1]],
        "harmonic": _harmonic(log_mel, weight),
    }


def _sorted_contrast(power: "Tensor") -> "Tensor":
    """Peaks over valleys, and valleys, per octave (Jiang et al., 2002): the loudest tenth, the quietest fifth."""
    import torch

    peaks, valleys = [], []
    for low, high in zip(COARSE[:-1], COARSE[1:], strict=True):
        step = 1 if high <= 3200 else 2  # wide octaves have bins enough
        ordered = power[:, math.ceil(low * FFT / RATE):math.ceil(high * FFT / RATE):step].sort(1).values
        size = ordered.shape[1]
        peaks.append(ordered[:, -max(1, size // 10):].mean(1))
        valleys.append(ordered[:, :max(1, size // 5)].mean(1))
    valley = (torch.stack(valleys, 1) + SILENT).log()
    return torch.cat([(torch.stack(peaks, 1) + SILENT).log() - valley, valley], 1)


def _contrast(power: "Tensor", bands: "Tensor") -> "Tensor":
    """Peaks over valleys, and valleys, per band: power means of order 2 and -1/2 stand for sorted bins, by products."""
    import torch

    peak = ((power + SILENT).square() @ bands).log() / 2
    valley = -2 * ((power + SILENT).rsqrt() @ bands).log()
    return torch.cat([peak - valley, valley], 1)


def _shape(power: "Tensor", base: Bases) -> "Tensor":
    """Centroid, bandwidth, flatness, flux, entropy and four roll-offs of the magnitude, [frames, 9]."""
    import torch

    amplitude = power.sqrt()
    share = amplitude / amplitude.sum(1, keepdim=True).clamp_min(1e-6)
    centroid = share @ base.hertz
    bandwidth = (share @ base.hertz.square() - centroid.square()).clamp_min(0).sqrt()
    flatness = (power + FAINT).log().mean(1) - (power.mean(1) + FAINT).log()
    flux = torch.zeros(len(power))
    flux[1:] = (share[1:] - share[:-1]).abs().sum(1)
    entropy = -(share * (share + 1e-9).log()).sum(1)
    parts = torch.tensor([0.25, 0.5, 0.75, 0.9]).expand(len(share), 4).contiguous()
    rolls = (torch.searchsorted(share.cumsum(1), parts) / share.shape[1] + 1e-3).log()
    return torch.cat([torch.stack([centroid.log1p(), bandwidth.log1p(), flatness, flux, entropy], 1), rolls], 1)


def _correlation(mel: "Tensor", base: Bases) -> "Tensor":
    """How the first 13 cepstra move together, all moments alike."""
    import torch

    cepstra = ((mel / mel.max().clamp_min(SILENT) + 1e-5).log() @ base.cosine)[:, :13]
    centred = cepstra - cepstra.mean(0)
    spread = centred.square().mean(0).clamp_min(1e-6).sqrt()
    table = (centred.T @ centred) / len(cepstra) / spread / spread[:, None]
    rows, columns = torch.triu_indices(13, 13, 1)
    return table[rows, columns]


def _harmonic(log_mel: "Tensor", weight: "Tensor") -> list["Tensor"]:
    """How far the picture is from smooth along frequency (tones) and along time (strokes), in 8 bands each."""
    from torch.nn.functional import avg_pool1d

    across = avg_pool1d(log_mel[None], 9, 1, 4, count_include_pad=False)[0]
    along = avg_pool1d(log_mel.T[None], 9, 1, 4, count_include_pad=False)[0].T
    return [weight @ (log_mel - smooth).abs().unflatten(1, (8, 8)).mean(2) for smooth in (across, along)]


def _harmony(power: "Tensor", weight: "Tensor", base: Bases) -> dict[str, list]:
    import torch

    chroma = power.sqrt() @ base.chroma
    chroma = chroma / chroma.sum(1, keepdim=True).clamp_min(1e-6)
    mean, spread = _mean_std(chroma, weight)
    return {
        "chroma": [mean, spread],
        # the same in any key: sizes of the circle's Fourier terms, and the sorted pitch classes
        "intervals": [torch.fft.rfft(mean).abs(), weight @ torch.fft.rfft(chroma, dim=1).abs(),
                      weight @ chroma.sort(1).values],
        "pitch": _pitch(power[::4], _thinned(weight, 4)),
    }


def _pitch(power: "Tensor", weight: "Tensor") -> list["Tensor"]:
    """Strength and height of the strongest period (Tolonen and Karjalainen, 2000: autocorrelation, compressed)."""
    import torch
    from torch.nn.functional import one_hot

    shortest, longest = RATE // 2000, RATE // 45
    periods = torch.fft.irfft(power.pow(0.33), dim=1)[:, :longest]
    strength, lag = (periods / periods[:, :1].clamp_min(1e-9))[:, shortest:].max(1)
    height = torch.log2(RATE / (lag + shortest))
    leap = torch.zeros_like(height)
    leap[1:] = (height[1:] - height[:-1]).abs().clamp_max(1)
    values = torch.stack([strength, height, leap], 1)
    where = one_hot(((height - 5.4) * 2).long().clamp(0, 11), 12) * (weight * strength.clamp_min(0))[:, None]
    where = where.sum(0)
    return _mean_std(values, weight) + _cuts(values, weight) + [where / where.sum().clamp_min(1e-9)]


def _loudness(power: "Tensor", energy: "Tensor", base: Bases) -> dict[str, list]:
    import torch

    level = 10 * (energy.clamp_min(SILENT)).log10()
    below = level - level.max()
    step = below.diff() if len(below) > 1 else torch.zeros(1)
    cuts = torch.quantile(below, torch.tensor([0.05, 0.25, 0.5, 0.75, 0.95]))
    rest = torch.stack([
        below.std(correction=0), step.clamp_min(0).mean(), step.clamp_max(0).mean(), step.max(), step.min(),
        (step > 6).float().mean(), step.abs().quantile(0.9), level.max() / 10, level.mean() / 10,
        (below < -40).float().mean(), torch.tensor(math.log1p(len(level))),
    ])
    bands = (power @ base.wide).clamp_min(1e-10)
    return {"level": [cuts, rest], "envelope": _envelope(torch.cat([bands, bands.sum(1, keepdim=True)], 1))}


def _envelope(bands: "Tensor") -> list["Tensor"]:
    """Centre, spread, crest, fall, rise, quantiles and fullness of the envelope in 6 bands and in all."""
    import torch

    share = bands.sqrt()
    share = share / share.sum(0)
    seconds = (torch.arange(len(bands)) / FRAMES)[:, None]
    centre = (seconds * share).sum(0)
    spread = ((seconds - centre).square() * share).sum(0).sqrt()
    logs = (bands / bands.max(0).values).clamp_min(1e-8).log()
    step = logs.diff(dim=0) if len(logs) > 1 else torch.zeros_like(logs)
    before, after = (bands[:-1], bands[1:]) if len(logs) > 1 else (bands, bands)
    fall = (step.clamp_max(0) * before).sum(0) / before.sum(0)
    rise = (step.clamp_min(0) * after).sum(0) / after.sum(0)
    full = torch.stack([(logs > -depth).float().mean(0) for depth in (1, 2.3, 4.6, 9.2)])
    crest = (share.max(0).values * len(bands)).log()
    return [(centre + 0.05).log(), (spread + 0.05).log(), crest, fall, rise,
            torch.quantile(logs, torch.tensor(CUTS), dim=0), full]


def _movement(pieces: tuple["Tensor", ...], base: Bases) -> dict[str, list]:
    """Rhythm, modulation and texture of each window, averaged."""
    import torch

    def mean(describer) -> "Tensor":
        return torch.stack([describer(piece, base) for piece in pieces]).mean(0)

    return {"rhythm": [mean(_rhythm)], "modulation": [mean(_modulation)], "gabor": [mean(_gabor)]}


def _rhythm(log_mel: "Tensor", base: Bases) -> "Tensor":
    """Autocorrelation of the onsets at musical lags, then their mean, spread, peak and density."""
    import torch

    onsets = log_mel.diff(dim=0).clamp_min(0).mean(1) if len(log_mel) > 2 else torch.zeros(3)
    size = len(base.lags)
    terms = torch.fft.rfft(onsets - onsets.mean(), 2 * max(size, len(onsets)))
    periods = torch.fft.irfft(terms.abs().square())[:size]
    spread = onsets.std()
    density = (onsets > onsets.mean() + spread).float().mean()
    return torch.cat([periods / periods[0].clamp_min(1e-6) @ base.lags,
                      torch.stack([onsets.mean(), spread, onsets.max(), density])])


def _modulation(log_mel: "Tensor", base: Bases) -> "Tensor":
    """Log power of the slow changes of each band, by rate (after Greenberg and Kingsbury, 1997)."""
    import torch

    bands = log_mel.unflatten(1, (MODULATED, -1)).mean(2).T
    bands = bands - bands.mean(1, keepdim=True)
    frames = min(bands.shape[1], SPAN)
    if frames < SPAN:
        bands = torch.nn.functional.pad(bands, (0, SPAN - frames))
    spectrum = torch.stft(bands, SPAN, SPAN // 2, window=base.hann, center=False, return_complex=True)
    return ((spectrum.abs().square().mean(2) @ base.rates) / frames).clamp_min(1e-6).log().flatten()


def _gabor(log_mel: "Tensor", base: Bases) -> "Tensor":
    """Mean and spread of the strength of each Gabor filter in four ranges of pitch."""
    import torch
    from torch.nn.functional import conv2d, pad

    picture = pad(log_mel[None, None], (7, 7, 12, 12), mode="replicate")
    waves = conv2d(picture, base.gabor, stride=(4, 4))[0]
    strength = (waves[0::2].square() + waves[1::2].square() + 1e-6).sqrt()
    strength = strength.unflatten(2, (4, -1)).mean(3)
    spread = strength.std(1, correction=0)
    return torch.cat([strength.mean(1).log().flatten(), (spread + 1e-3).log().flatten()])
