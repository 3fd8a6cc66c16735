"""The proof a package carries: rows, and what the model gave for them, to be replayed anywhere.

The rows are made up, so that a proof never gives a training row away: each value is drawn on its own, between the 5 % and
the 95 % point of its feature in the sample.
"""

import json

import numpy as np

from ..runtime.check import PROOF, pack

MOST_ROWS = 16
_MOST_BYTES = 6_000


def made_up_rows(rows, outputs_per_row):
    """Up to 16 rows (fewer when they are wide, so that the proof stays near 6 kB), float32 values as float64.

    ``rows`` (rows, features) is the sample; ``outputs_per_row`` how many numbers the outputs hold for a row.
    """
    width = rows.shape[1]
    count = int(np.clip(_MOST_BYTES // (4 * (width + outputs_per_row)), 2, MOST_ROWS))
    low, high = np.quantile(rows, [0.05, 0.95], axis=0)
    spread = np.where(high > low, high - low, 0.2 * np.maximum(np.abs(high), 1e-3))
    low = np.where(high > low, low, low - spread / 2)
    # RandomState's stream is frozen by NumPy's own promise (NEP 19), so the same sample gives the same package.
    drawn = low + spread * np.random.RandomState(0).random_sample((4 * count, width))
    return drawn.astype(np.float32).astype(np.float64)[:, :], count


def without_ties(rows, count, ties):
    """The first ``count`` of ``rows`` that are no ties: a tie could fall either way and would prove nothing."""
    kept = rows[~ties]
    return (kept if len(kept) >= 2 else rows)[:count]


def record(specification, digest, rows, expected, model, features, tolerance, floor):
    """Write the proof and what was exported into the package's metadata. ``digest`` is (weights, program) as sha-256."""
    metadata = specification.description.metadata
    proof = {
        "model": model["title"],
        "rows": pack(rows.astype(np.float32)),
        "expected": {name: pack(_storable(value)) for name, value in expected.items()},
        "tolerance": tolerance,
        "floor": floor,
        "weights_sha256": digest[0],
        "program_sha256": digest[1],
    }
    metadata.userDefined[PROOF] = json.dumps(proof, separators=(",", ":"))
    metadata.userDefined["com.beyondlabels.features"] = json.dumps(list(features), ensure_ascii=False)
    metadata.userDefined["com.beyondlabels.model"] = json.dumps(model, ensure_ascii=False)


def _storable(value):
    value = np.asarray(value)
    return value.astype(np.int32 if value.dtype.kind in "iub" else np.float32)
