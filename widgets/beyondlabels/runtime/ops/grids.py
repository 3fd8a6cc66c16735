"""Where sample points lie: shared by the operations that resize and those that crop."""

import numpy as np


def grid(size, count, mode):
    """Sample points of ``count`` outputs over ``size`` values, unclipped float32.

    STRICT_ALIGN_CORNERS: i (n - 1) / (m - 1); ALIGN_CORNERS: the same, but the middle for m = 1; DEFAULT: i n / m;
    UNALIGN_CORNERS: (i + 0.5) n / m - 0.5; OFFSET_CORNERS: (i + 0.5) max(1, n - 1) / m.
    """
    place = np.arange(count, dtype=np.float64)
    if mode in ("STRICT_ALIGN_CORNERS", "ALIGN_CORNERS"):
        if count == 1 and mode == "ALIGN_CORNERS":
            return np.array([(size - 1) / 2])
        return place * ((size - 1) / max(count - 1, 1))
    if mode == "DEFAULT":
        return place * (size / count)
    if mode == "UNALIGN_CORNERS":
        return (place + 0.5) * (size / count) - 0.5
    if mode == "OFFSET_CORNERS":
        return (place + 0.5) * (max(1, size - 1) / count)
    raise ValueError(f"no sampling_mode {mode!r}")
