"""Raw features to unit vectors: scaled, clipped, rotated to the directions in which a library differs."""

import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import ClassVar

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

ARRAYS = ("mean", "spread", "basis", "offset")
CLIP = 4.0  # standard deviations: one odd file must not point everything elsewhere
POWER = -0.12  # of the eigenvalue; -0.5 would be whitening, which was measured to hurt
PER_DIRECTION = 3  # items it takes to know one direction: what fewer show is chance (measured with 120)
LEAST = 32
UNKNOWN = 65_504.0  # float16 ends here: a raw feature that is not known (the sound of a silent video), and says nothing
LARGEST_FIT = 20_000
CHUNK = 4096
FLOOR = 0.05  # of the prior's spread: a feature that is the same in the whole library is no news
EVEN = (1.0, 99.0)  # percentiles between which mean and spread are taken


@dataclass(frozen=True, eq=False)
class Projection:
    """What was fitted: arrays only. `id` names the content, so vectors made by two different ones never mix."""

    mean: np.ndarray  # float32 [raw_dim]
    spread: np.ndarray  # float32 [raw_dim]
    basis: np.ndarray  # float32 [raw_dim, dim], weights and eigenvalues included
    offset: np.ndarray  # float32 [dim]
    fitted_on: int

    @cached_property
    def id(self) -> str:
        """Twelve hexadecimal digits of the content's hash."""
        digest = blake2b(digest_size=6)
        for key in ARRAYS:
            digest.update(np.ascontiguousarray(getattr(self, key), np.float32).tobytes())
        return digest.hexdigest()

    def apply(self, raw: np.ndarray) -> np.ndarray:
        """Turn raw features (any float [n, raw_dim]) into float32 [n, dim] rows of length 1, some rows at a time."""
        raw = np.asarray(raw)
        vectors = np.empty((len(raw), self.basis.shape[1]), np.float32)
        for start in range(0, len(raw), CHUNK):
            chunk = raw[start:start + CHUNK].astype(np.float32)
            chunk = np.clip((np.where(chunk < UNKNOWN, chunk, self.mean) - self.mean) / self.spread, -CLIP, CLIP)
            vectors[start:start + CHUNK] = chunk @ self.basis - self.offset
        return _unit(vectors)

    def save(self, path: Path) -> None:
        """Write as safetensors; whoever reads meanwhile sees the old file or the new one."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        os.close(handle)
        try:
            arrays = {key: np.ascontiguousarray(getattr(self, key)) for key in ARRAYS}
            save_file(arrays, name, metadata={"fitted_on": str(self.fitted_on)})
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> "Projection":
        """Read what `save` wrote. Raises ValueError if it is something else, FileNotFoundError if there is nothing."""
        try:
            with safe_open(path, framework="numpy") as stored:
                fitted_on = int((stored.metadata() or {})["fitted_on"])
                arrays = [stored.get_tensor(key).astype(np.float32) for key in ARRAYS]
                return cls(*arrays, fitted_on)
        except (SafetensorError, KeyError) as error:
            raise ValueError(f"{path.name} is not a stored projection.") from error


@dataclass(frozen=True)
class AsItIs:
    """The projection of an embedder that needs none: features are vectors but for their length. It has no file."""

    dim: int
    id: ClassVar[str] = "as-it-is"
    fitted_on: ClassVar[int] = 0

    def apply(self, raw: np.ndarray) -> np.ndarray:
        """Turn raw features (any float [n, dim]) into float32 [n, dim] rows of length 1."""
        return _unit(np.array(raw, np.float32).reshape(-1, self.dim))


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1; a row of nothing points along the first axis."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[lengths[:, 0] < 1e-6] = np.eye(1, vectors.shape[1], dtype=np.float32)
    return vectors / np.where(lengths < 1e-6, 1, lengths)


def fit(raw: np.ndarray, *, dim: int, weights: np.ndarray, prior: Projection | None = None,
        seed: int = 0) -> Projection:
    """Fit on raw features [n, raw_dim]: z-scores, weights per feature, then principal components x eigenvalue^POWER.

    From more than `LARGEST_FIT` rows a sample drawn by `seed` is taken. A small library gives few directions, the
    others are zero; `prior` keeps a feature that hardly varies in it from being blown up.
    """
    fitted_on = len(raw)
    if fitted_on > LARGEST_FIT:
        raw = raw[np.sort(np.random.default_rng(seed).choice(fitted_on, LARGEST_FIT, replace=False))]
    raw = np.asarray(raw, np.float32)
    middle = np.clip(raw, *np.percentile(raw, EVEN, axis=0).astype(np.float32))
    mean, spread = middle.mean(0), middle.std(0)
    spread = np.maximum(spread, 1e-6 if prior is None else FLOOR * prior.spread)
    scaled = np.clip((raw - mean) / spread, -CLIP, CLIP) * weights
    centre = scaled.mean(0)
    scaled -= centre
    values, vectors = _principal(scaled, min(dim, max(LEAST, fitted_on // PER_DIRECTION)))
    basis = np.zeros((raw.shape[1], dim), np.float32)
    basis[:, :len(values)] = vectors * values**POWER
    return Projection(mean, spread, basis * weights[:, None], centre @ basis, fitted_on)


def _principal(centred: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Give at most `count` leading eigenvalues of the covariance and their unit eigenvectors [features, count]."""
    items, features = centred.shape
    wide = items < features  # then the products of items with each other are the smaller matrix
    values, vectors = np.linalg.eigh((centred @ centred.T if wide else centred.T @ centred) / items)
    values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
    real = values > max(1e-5 * values[0], 1e-9)
    values, vectors = values[real], vectors[:, real]
    if wide:
        vectors = centred.T @ vectors / np.sqrt(items * values)
    return values, vectors * np.sign(vectors[np.abs(vectors).argmax(0), np.arange(len(values))])
