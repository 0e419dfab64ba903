"""How work is shared between threads: whole products each, never one product by all of them."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from torch import dtype

Item, Result = TypeVar("Item"), TypeVar("Result")
SHARED = 150  # rows from which threads gain more than they cost
WORKERS = 4  # of them at most: each holds a matrix


@contextmanager
def one_thread() -> Iterator[None]:
    """Each product on one thread: BLAS threads wait for one another by spinning, which on a machine that has anything
    else to do made a fit of 1,000 ratings take 24 s instead of 2 s (measured). `share` uses the other cores."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.set_num_threads(before)


def share(work: Callable[[Item], Result], items: Sequence[Item], rows: int) -> Iterator[Result]:
    """Results of work(item) in order, from several threads where `rows` make it worth while (torch lets go of the
    interpreter's lock), inside one_thread. How many threads there are changes no digit."""
    import torch

    workers = min(len(items), WORKERS, os.cpu_count() or 1)
    if rows < SHARED or workers < 2:
        yield from map(work, items)
        return

    def alone(item: Item) -> Result:
        with torch.inference_mode():
            return work(item)

    with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        yield from pool.map(alone, items)


def accelerator() -> str:
    """Where large products are made: a GPU, if PyTorch sees one."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


@lru_cache(maxsize=1)
def short_numbers() -> dtype:
    """bfloat16 where the processor multiplies it twice as fast as float32 (guesses differ by a hundredth of a point), else
    float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32
