"""Axes of the plot: where a value lies, and which ticks it has. Both are logarithmic: halves and tenths are what counts."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """``place(value)`` in pixels, ``ticks`` the values to mark."""

    place: Callable
    ticks: tuple


def sizes(values, start, end):
    """Sizes, all above 0, with a little room on both sides; ticks at 1, 2 and 5 times a power of ten, more where few fit."""
    low, high = min(values) / 1.15, max(values) * 1.1
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 2, 3, 5, 7), (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)):
        ticks = [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]
        if len(ticks) >= 4:
            break
    return Scale(lambda value: start + (end - start) * math.log(value / low) / math.log(high / low), tuple(ticks))


def losses(values, start, end):
    """Powers of ten around the values. What lost nothing stands at the foot, marked 0; what is not finite at the top."""
    usual = [value for value in values if 0 < value < math.inf] or [1e-3, 1e-1]
    low, high = math.floor(math.log10(min(usual)) + 1e-9), math.ceil(math.log10(max(usual)) - 1e-9)
    high = max(high, low + 1)
    foot = low - 1 if min(values) <= 0 else low
    step = math.ceil((high - low) / 7)
    ticks = [10.0**power for power in range(low, high + 1, step)]

    def place(value):
        power = foot if value <= 0 else high if not math.isfinite(value) else math.log10(value)
        return start + (end - start) * (power - foot) / (high - foot)

    return Scale(place, (*([0.0] if foot < low else []), *ticks))
