"""Squared distances of vectors, which every curved kernel starts from."""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def squared_distances(A: Tensor, B: Tensor) -> Tensor:
    """Squared Euclidean distances [a, b] of rows A [a, dim] and B [b, dim], by one product of matrices."""
    import torch

    product = torch.addmm((B * B).sum(1)[None], A, B.T, alpha=-2)
    return product.add_((A * A).sum(1, keepdim=True)).clamp_(min=0)
