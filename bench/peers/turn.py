"""The timing of one turn, where libraries take turns."""

import time
from collections.abc import Callable


def times_of(step: Callable[[], object], seconds: float, least: int = 3) -> list[float]:
    """Runs `step` until `seconds` have passed, at least `least` times; in milliseconds."""
    times, start = [], time.perf_counter()
    while len(times) < least or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        step()
        times.append((time.perf_counter() - before) * 1e3)
    return times
