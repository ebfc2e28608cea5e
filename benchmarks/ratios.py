"""How a ratio is taken here: both sides in one run, in shuffled slices, the median over rounds."""

import random
import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 9
SLICE_S = 0.4


def calls_per_second(work: Callable[[], object], seconds: float) -> float:
    """How often something can be called in one slice of CPU time."""
    calls, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        for _ in range(20):
            work()
        calls += 20
    return calls / spent


def measure(
    sides: Mapping[str, Callable[[], object]], *, against: str, rounds: int = ROUNDS, slice_s: float = SLICE_S
) -> dict[str, float]:
    """Median over the rounds of each side's rate divided by the rate of `against` in the same round."""
    ratios: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        order = list(sides)
        random.shuffle(order)
        rates = {name: calls_per_second(sides[name], slice_s) for name in order}
        for name, rate in rates.items():
            ratios[name].append(rate / rates[against])
    return {name: statistics.median(found) for name, found in ratios.items()}


def report(title: str, ratio: float, *, floor: float) -> bool:
    """Print one ratio with what it must reach; whether it does."""
    reached = ratio >= floor
    print(f"{title}: {ratio:.2f} (at least {floor:g}) {'ok' if reached else 'NOT REACHED'}")
    return reached
