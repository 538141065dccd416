"""Timing and printing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def seconds_of(work: Callable[[], object], times: int) -> list[float]:
    """How long each of so many runs took."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def rate_of(workers: Sequence[Callable[[], object]], times: int) -> float:
    """Runs per second while each worker does so many, all at once, each in its own thread."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(lambda work: seconds_of(work, times), workers))
    return len(workers) * times / (time.perf_counter() - began)


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is left-aligned."""
    lines = [columns, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    print(f"\n{title}\n")
    for line in lines:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(["", line[0].ljust(widths[0]), *cells[1:]]))
