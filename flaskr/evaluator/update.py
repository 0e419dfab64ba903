"""One more rating, at once: the exact step of a Gaussian process on the mix, without training again.

With C(z, x) the covariance that is left between what is thought of items z and x, D = C(x, x) + noise and the new
rating y of x:   mean'(z) = mean(z) + bold C(z, x) (y - mean(x)) / D,   variance'(z) = variance(z) - C(z, x)^2 / D
(Rasmussen & Williams 2006, section 2.2, for one row). Which candidates are believed stands still until training.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from flaskr.evaluator.kernels import STRAIGHT
from flaskr.evaluator.predictor import Fixed, Part, Predictor


def updated(predictors: Sequence[Predictor], spaces: Sequence[np.ndarray], y: float,
            boldness: float) -> tuple[Predictor, ...]:
    """Predictors that know the rating y of one item, whose row in each space is float32 [dim]."""
    import torch

    with torch.inference_mode():
        rows = [torch.from_numpy(np.ascontiguousarray(x, np.float32))[None] for x in spaces]
        fixed = [Fixed(p) for p in predictors]
        mean, variance, joint = (sum(said) for said in zip(*(f.guess(x) for f, x in zip(fixed, rows, strict=True)),
                                                           strict=True))
        noise = sum(p.floor for p in predictors)
        left = max(float(variance - joint.square().sum(1)), noise) + noise * 1e-6
        step = boldness * (y - float(mean.clamp(0, 10))) / left
        return tuple(_conditioned(p, f, x[0].numpy(), joint[0].numpy(), step, left**-0.5)
                     for p, f, x in zip(predictors, fixed, rows, strict=True))


def _conditioned(p: Predictor, fixed: Fixed, x: np.ndarray, joint: np.ndarray, step: float, scale: float) -> Predictor:
    """p after the rating: C(z, x) = sum of k(z)'u + constant, where the kernels' u are added to their columns."""
    import torch

    constant, parts = p.base - p.floor - float(p.moved @ joint), []
    curved = any(part.kernel not in STRAIGHT for part in p.parts)
    for part in p.parts:
        seen = fixed.features(part.kernel, torch.from_numpy(x - p.centre)[None])[0].numpy()
        constant -= float(seen @ part.tilt)
        early = np.where(np.arange(len(seen)) < (fixed.first(part.kernel) or len(seen)), seen, 0)
        u = -part.tilt - part.rest * early - part.root @ (part.signs * (part.root.T @ seen))
        if part.joint.size:
            u -= part.joint @ joint
        if part.kernel in STRAIGHT:
            parts.append(_moved(part, u + part.gain * seen, step, scale))
        else:  # x becomes a support, whose only use so far is its similarity to z
            parts.append(_moved(part.wider(1), np.append(u, part.gain), step, scale))
    supports, norms = p.supports, p.norms
    if curved:
        away = x - p.centre
        short = away @ p.basis if p.basis.shape[1] else away
        supports, norms = np.concatenate([supports, short[None]]), np.append(norms, away @ away).astype(np.float32)
    return replace(p, supports=supports.astype(np.float32), norms=norms, bias=p.bias + step * constant,
                   parts=tuple(parts), moved=np.append(p.moved, scale * constant))


def _moved(part: Part, u: np.ndarray, step: float, scale: float) -> Part:
    u = u.astype(np.float32)
    earlier = part.joint if part.joint.size else np.zeros((len(u), 0), np.float32)
    return replace(part, mean=part.mean + np.float32(step) * u,
                   joint=np.concatenate([earlier, np.float32(scale) * u[:, None]], axis=1))
