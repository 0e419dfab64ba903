"""A regularised neural network as a rival of the evaluator, and a taste by which it should win: what one would gain."""

import numpy as np
import torch

HIDDEN, DROP, EPOCHS, BATCH, RATE = (128, 64), 0.3, 30, 256, 2e-3


def crossed(n: int, dim: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(X float32 [n, dim] unit rows, ratings [n]) of a taste that hangs on pairs of traits: liked if both are there or neither.
    No single direction says anything, and neighbours in all other directions mislead."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, dim))
    X[:, :4] *= 2
    liking = np.sign(X[:, 0] * X[:, 1]) + np.sign(X[:, 2] * X[:, 3])
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = 6 + 1.6 * liking / liking.std() + 0.7 * rng.normal(size=n)
    return X.astype(np.float32), np.clip(np.round(y), 0, 10)


def network(X: np.ndarray, y: np.ndarray, new: np.ndarray, *, seeds: int = 3, hidden: tuple[int, ...] = HIDDEN) -> np.ndarray:
    """Mean guess [m] for `new` of several networks (`hidden` wide) trained as one batched product: dropout, weight decay, a
    loss of errors and of the order of pairs."""
    lot = torch.Generator().manual_seed(0)
    dim, middle, size = X.shape[1], y.mean(), y.std()
    widths = [dim, *hidden, 1]
    weights = [(torch.randn(seeds, a, b, generator=lot) * (2 / a) ** 0.5).requires_grad_()
               for a, b in zip(widths, widths[1:], strict=False)]
    biases = [torch.zeros(seeds, 1, b, requires_grad=True) for b in widths[1:]]
    rows, t = torch.from_numpy(X) * dim**0.5, torch.from_numpy(((y - middle) / size).astype(np.float32))
    optimizer, steps = torch.optim.AdamW([*weights, *biases], lr=RATE, weight_decay=1e-3), len(y) // BATCH
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=EPOCHS * steps)

    def guess(x: torch.Tensor, drop: float) -> torch.Tensor:
        for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
            x = torch.baddbmm(b, x, w)
            if i < len(hidden):
                x = torch.relu(x)
                x = x * ((torch.rand(x.shape, generator=lot) >= drop) / (1 - drop))
        return x[..., 0]

    for _ in range(EPOCHS):
        order = torch.stack([torch.randperm(len(y), generator=lot) for _ in range(seeds)])
        for step in range(steps):
            some = order[:, step * BATCH:(step + 1) * BATCH]
            said, truth = guess(rows[some], DROP), t[some]
            apart, wanted = said - said.roll(1, 1), truth - truth.roll(1, 1)
            ranks = (torch.nn.functional.softplus(-apart * wanted.sign()) * (wanted != 0)).mean()
            loss = torch.nn.functional.smooth_l1_loss(said, truth) + 0.3 * ranks
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rates.step()
    with torch.no_grad():
        return (guess((torch.from_numpy(new) * dim**0.5).expand(seeds, -1, -1), 0.0).mean(0) * size + middle).numpy()
