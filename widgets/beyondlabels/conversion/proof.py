"""The proof a package carries: rows, and what the model gave for them, to be replayed anywhere.

The rows are made up, so that a proof never gives a training row away: each value is drawn on its own, between the 5 % and
the 95 % point of its feature in the sample.
"""

import json
import math
from dataclasses import dataclass

import numpy as np

from ..runtime.check import PROOF, pack
from ..runtime.package import MISSING
from ..runtime.run import run
from .branches import Branches, edges, spread_out

USUAL_ROWS = 16
MOST_ROWS = 192
_MOST_BYTES = 4_500  # 6 kB once they are written as text
_FEW = 32


@dataclass(frozen=True)
class Pool:
    """Made-up rows to choose a proof from: ``least`` to ``most`` of them; ``taken`` says for each which ways it takes
    through the program, ``None`` where every row shows all of it."""

    rows: np.ndarray
    least: int
    most: int
    taken: np.ndarray | None = None

    def of(self, kept):
        """The proof's rows, from those with the numbers ``kept``: together as many ways through the program as there is room
        for."""
        if self.taken is not None and len(kept):
            return self.rows[kept[spread_out(self.taken[kept], self.least, self.most)]]
        return self.rows[kept[: self.least]]


def pool(rows, outputs_per_row, program, inputs, own=False):
    """The ``Pool`` for a saved ``program`` with these ``inputs``: float32 values as float64.

    ``rows`` (rows, numbers) is the sample; ``outputs_per_row`` how many numbers the outputs hold for a row. A proof has 16
    rows, fewer when they are wide, so that it stays near 6 kB; more where a program looks up or compares and 16 do not
    reach all of it, within two thirds of that. Rows with an answer come before those without. With ``own`` every value is
    one of its feature's own, for a model that takes no other.
    """
    width = 4 * (rows.shape[1] + outputs_per_row)
    least = int(np.clip(_MOST_BYTES // width, 2, USUAL_ROWS))
    branches = Branches(program, inputs)
    # RandomState's stream is frozen by NumPy's own promise (NEP 19), so the same sample gives the same package.
    random = np.random.RandomState(0)

    def draw(count):
        made = np.stack([_made_up(column, count, random, own) for column in rows.T], axis=1)
        return inputs.whole(made.astype(np.float32).astype(np.float64))

    drawn = draw((24 if branches.any else 4) * least)
    if not branches.any:
        if branches.says_nothing(drawn).any():
            drawn = draw(24 * least)
            drawn = drawn[np.argsort(branches.says_nothing(drawn), kind="stable")]
        return Pool(drawn, least, least)
    most = max(least, min(MOST_ROWS, 2 * _MOST_BYTES // 3 // width))
    if own:
        return Pool(drawn, least, most, branches.taken(drawn))
    at_edges, taken = edges(drawn, branches)
    if all(port.dtype.startswith(("int", "bool")) for port in program.outputs.values()):
        # Labels alone show little of the numbers that made them but where they change.
        least = min(3 * least, most)
    return Pool(np.concatenate([at_edges, drawn]), least, most, np.concatenate([taken, branches.taken(drawn)]))


def numbers_per_row(program, inputs, rows):
    """How many numbers a proof keeps of the outputs for a row: all, or of wide outputs that are 0 nearly everywhere those that
    are not, and their places, as seen on the first of ``rows``."""
    every = sum(int(np.prod([most for _, most in (port.bounds or ())[1:]])) for port in program.outputs.values())
    if every <= _FEW:
        return every
    few = rows[: 1 if inputs.one_at_a_time else USUAL_ROWS].astype(np.float32)
    answers = run(program, inputs.split(few)).values()
    return sum(math.ceil(min(answer.size, 2 * np.count_nonzero(answer)) / len(few)) for answer in answers)


def _made_up(column, count, random, own=False):
    """``count`` values for one feature: between its 5 % and 95 % points; one of its own where it has few (a category
    cannot lie between two others); some missing where some of its own are."""
    known = column[~np.isnan(column)]
    if not len(known):
        return np.full(count, np.nan)
    different = np.unique(known)
    place = random.random_sample(count)
    if own or (1 < len(different) <= _FEW and 2 * len(different) <= len(known)):
        values = different[(place * len(different)).astype(int)]
    else:
        low, high = np.quantile(known, [0.05, 0.95])
        spread = high - low if high > low else 0.2 * max(abs(high), 1e-3)
        low = (
            low if high > low else low - spread / 2 if low < 0 else max(low - spread / 2, 0.0)
        )  # some models want x >= 0
        values = low + spread * place
    if len(known) < len(column):
        values = np.where(random.random_sample(count) < 0.2, np.nan, values)
    return values


def record(specification, digest, rows, expected, model, features, nan, rules):
    """Write the proof and what was exported into the package's metadata. ``digest`` is (weights, program) as sha-256;
    ``rules`` says how ``compare`` is to judge: tolerance, floor and one_unit."""
    metadata = specification.description.metadata
    proof = {
        "model": model["title"],
        "rows": pack(rows.astype(np.float32)),
        "expected": {name: pack(storable(value)) for name, value in expected.items()},
        **rules,
        "weights_sha256": digest[0],
        "program_sha256": digest[1],
    }
    metadata.userDefined[PROOF] = _written(proof)
    metadata.userDefined["com.beyondlabels.features"] = _written(list(features))
    metadata.userDefined[MISSING] = "allowed" if nan else "refused"
    metadata.userDefined["com.beyondlabels.model"] = _written(model)


def _written(facts):
    """JSON without blanks between its parts: with a hundred features they were more than a small model's numbers."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def storable(value):
    """``value`` as a proof keeps it: float32, or int32 for labels."""
    value = np.asarray(value)
    with np.errstate(over="ignore"):
        return value.astype(np.int32 if value.dtype.kind in "iub" else np.float32)
