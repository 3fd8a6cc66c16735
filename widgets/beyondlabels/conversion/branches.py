"""Which of the made-up rows go into a proof: those that together take as many ways through the program as there is room for.

A program that only multiplies and adds shows every one of its numbers in every row. One that compares, sorts or looks up
does not: a stored neighbour or a tree's branch counts only for the rows that come near. What a row takes is seen in the
whole numbers and truth values computed for it. Rows at an edge, where one of these changes, show what lies on both sides.
"""

import numpy as np

from ..runtime.run import run

_PAIRS = 96  # edges looked for
_HALVINGS = (3, 3, 2)  # eight, so that an edge is found to within 1/256 of the way between two rows
_FEW_NUMBERS = 20_000  # of a larger program a run takes as long as its rows; of a smaller one as long as its operations
_MOST_COLUMNS = 256
_MOST_NUMBERS = 300_000  # a larger program is too slow to be asked for hundreds of rows
_ANY_COLUMN = {"topk"}  # what is found counts, not its rank


class Branches:
    """The whole numbers and truth values that a program computes for a row."""

    def __init__(self, program, inputs):
        self._program, self._inputs = program, inputs
        self._kinds = {
            name: (operation.kind, shape.index(None))
            for operation in reversed(program.operations)
            for name, dtype, shape in operation.outputs
            if (dtype == "bool" or dtype.startswith(("int", "uint"))) and shape.count(None) == 1
        }

    @property
    def any(self):
        """Whether there are some, in a program small enough to be asked."""
        return bool(self._kinds) and self._small

    @property
    def _small(self):
        return sum(np.size(value) for value in self._program.constants.values()) <= _MOST_NUMBERS

    @property
    def halvings(self):
        """How many halvings to ask about in each run: several at once look at more rows, and run the program less often."""
        numbers = sum(np.size(value) for value in self._program.constants.values())
        return _HALVINGS if numbers <= _FEW_NUMBERS else (1,) * sum(_HALVINGS)

    def says_nothing(self, rows):
        """bool (rows,): where an output is not finite, such as a density of 0; none of them in a program too large to ask."""
        if self._inputs.one_at_a_time or not self._small:
            return np.zeros(len(rows), bool)
        answers = run(self._program, self._inputs.split(rows.astype(np.float32))).values()
        return np.any([~np.isfinite(each.reshape(len(rows), -1)).all(axis=1) for each in answers], axis=0)

    def taken(self, rows):
        """int64 (rows, columns): the last operations' values first, up to 256 columns."""
        values = run(self._program, self._inputs.split(rows.astype(np.float32)), keep=True)
        parts, columns = [], 0
        for number, (name, (kind, axis)) in enumerate(self._kinds.items()):
            by_row = np.moveaxis(np.asarray(values[name]), axis, 0).reshape(len(rows), -1)
            flat = by_row.astype(np.int64)[:, : _MOST_COLUMNS - columns]
            own = np.zeros(1, np.int64) if kind in _ANY_COLUMN else np.arange(flat.shape[1])
            parts.append(((number << 12) + own << 40) + flat)
            columns += flat.shape[1]
            if columns >= _MOST_COLUMNS:
                break
        return np.concatenate(parts, axis=1)


def edges(rows, branches):
    """Rows on both sides of an edge between two of ``rows``, side by side: (rows, what is taken on this side and not on the
    other)."""
    half = min(len(rows) // 2, _PAIRS)
    here, there = rows[:half], rows[half : 2 * half]
    there = np.where(_continuous(rows) & ~np.isnan(here) & ~np.isnan(there), there, here)
    low, step, taken_near, taken_far = (
        np.zeros(half),
        1.0,
        branches.taken(here),
        branches.taken(_between(here, there, 1.0)),
    )
    for halvings in branches.halvings:
        step /= 2**halvings
        place, taken_far = _halved(here, there, low, step, halvings, branches, taken_near, taken_far)
        low = low + step * place
    near, far = (_between(here, there, part[:, None]) for part in (low, low + step))
    differ = taken_near != taken_far
    marks = [
        np.where(differ, _mark(own, other), own) for own, other in ((taken_near, taken_far), (taken_far, taken_near))
    ]
    return _side_by_side(near, far), _side_by_side(*marks)


def _halved(here, there, low, step, halvings, branches, at_low, at_high):
    """(how many steps of ``step`` beyond ``low`` all is still as ``at_low``, what is taken one step further), after so many
    ``halvings``, where every row that they could look at was asked about in one run."""
    count = 2**halvings - 1
    points = [_between(here, there, (low + step * each)[:, None]) for each in range(1, count + 1)]
    taken = branches.taken(np.concatenate(points)).reshape(count, *at_low.shape)
    same, every = (taken == at_low).all(axis=2), np.arange(len(here))
    place = np.zeros(len(here), np.int64)
    for level in reversed(range(halvings)):
        middle = place + 2**level
        held = same[middle - 1, every]
        at_high = np.where(held[:, None], at_high, taken[middle - 1, every])
        place = np.where(held, middle, place)
    return place, at_high


def _side_by_side(near, far):
    return np.stack([near, far], axis=1).reshape(-1, near.shape[1])


def _mark(own, other):
    """A number for what is taken on this side of an edge and on the other, negative so that it is no way by itself."""
    return -1 - ((own * 1_000_003 + other * 7_919) & ((1 << 62) - 1))


def _between(here, there, part):
    return np.asarray(here + part * (there - here), np.float32).astype(np.float64)


def _continuous(rows):
    """Which columns may be moved along: not those of few values, such as categories."""
    return np.array([2 * len(np.unique(column)) > len(column) for column in rows.T])


def spread_out(taken, least, most):
    """Row numbers, ``least`` to ``most`` of them: each time the row that takes most of what none before has taken."""
    values, tokens = np.unique(taken, return_inverse=True)
    tokens = tokens.reshape(taken.shape)
    new, chosen = np.ones(len(values), bool), []
    left = np.ones(len(taken), bool)
    while len(chosen) < min(most, len(taken)):
        gain = np.where(left, new[tokens].sum(axis=1), -1)
        best = int(gain.argmax())
        if gain[best] <= 0 and len(chosen) >= least:
            break
        chosen.append(best)
        new[tokens[best]] = False
        left[best] = False
    return np.array(chosen)
