"""The proof a package carries: rows, and what the model gave for them, to be replayed anywhere.

The rows are made up, so that a proof never gives a training row away: each value is drawn on its own, between the 5 % and
the 95 % point of its feature in the sample.
"""

import json

import numpy as np

from ..runtime.check import PROOF, pack
from ..runtime.package import MISSING

MOST_ROWS = 16
_MOST_BYTES = 6_000
_FEW = 32


def made_up_rows(rows, outputs_per_row):
    """Up to 16 rows (fewer when they are wide, so that the proof stays near 6 kB), float32 values as float64.

    ``rows`` (rows, features) is the sample; ``outputs_per_row`` how many numbers the outputs hold for a row.
    """
    width = rows.shape[1]
    count = int(np.clip(_MOST_BYTES // (4 * (width + outputs_per_row)), 2, MOST_ROWS))
    # RandomState's stream is frozen by NumPy's own promise (NEP 19), so the same sample gives the same package.
    random = np.random.RandomState(0)
    drawn = np.stack([_made_up(column, 4 * count, random) for column in rows.T], axis=1)
    return drawn.astype(np.float32).astype(np.float64), count


def _made_up(column, count, random):
    """``count`` values for one feature: between its 5 % and 95 % points; one of its own where it has few (a category
    cannot lie between two others); some missing where some of its own are."""
    known = column[~np.isnan(column)]
    if not len(known):
        return np.full(count, np.nan)
    different = np.unique(known)
    place = random.random_sample(count)
    if 1 < len(different) <= _FEW and 2 * len(different) <= len(known):
        values = different[(place * len(different)).astype(int)]
    else:
        low, high = np.quantile(known, [0.05, 0.95])
        spread = high - low if high > low else 0.2 * max(abs(high), 1e-3)
        low = low if high > low else low - spread / 2
        values = low + spread * place
    if len(known) < len(column):
        values = np.where(random.random_sample(count) < 0.2, np.nan, values)
    return values


def without_ties(rows, count, ties):
    """The first ``count`` of ``rows`` that are no ties: a tie could fall either way and would prove nothing."""
    kept = rows[~ties]
    return (kept if len(kept) >= 2 else rows)[:count]


def record(specification, digest, rows, expected, model, features, nan, tolerance, floor):
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
    metadata.userDefined[MISSING] = "allowed" if nan else "refused"
    metadata.userDefined["com.beyondlabels.model"] = json.dumps(model, ensure_ascii=False)


def _storable(value):
    value = np.asarray(value)
    with np.errstate(over="ignore"):
        return value.astype(np.int32 if value.dtype.kind in "iub" else np.float32)
