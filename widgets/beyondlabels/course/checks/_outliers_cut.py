"""Building an isolation forest: one random cut."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._tools import numbers, written

_STARTER = '''def one_cut(rows, patient, rng):
    """The rows that stay with ``patient`` after one random cut."""
    ...'''
_TRIES = 400


def _rows():
    """Sixty rows close together in three columns, and one far away in all of them: row 60."""
    rng = np.random.default_rng(5)
    return np.concatenate([rng.uniform(size=(60, 3)), [[9.0, 9.5, 10.0]]])


def _kept(function, rows, patient):
    """What the function keeps, as the numbers of the rows, in many tries; and in which column the cut was."""
    kept, columns = [], []
    numbered = {tuple(row): number for number, row in enumerate(rows.round(5))}  # float32 rows are the same rows
    for seed in range(_TRIES):
        left = function(rows.copy(), patient.copy(), np.random.default_rng(seed))
        if left is None:
            raise NotYet("`one_cut` returned nothing. Is there a `return` in the last line?", "no_return")
        array = np.asarray(left)
        if array.dtype == bool and array.shape == (len(rows),):
            raise NotYet(
                "`one_cut` returned True or False for each row. Wanted are the rows themselves: `rows[...]` with that mask.",
                "mask",
            )
        left = numbers(left, "one_cut(rows, patient, rng)")
        if left.ndim != 2 or left.shape[1] != rows.shape[1]:
            raise NotYet(
                f"`one_cut` returned an array of shape {left.shape}; rows of the table were expected, with {rows.shape[1]} "
                "columns each.",
                "shape",
            )
        stay = np.array([numbered.get(tuple(row), -1) for row in left.round(5)], int)
        if (stay < 0).any():
            raise NotYet("`one_cut` returned rows that are not in the table. It should choose among them.", "changed")
        kept.append(stay)
        columns.append(_column(rows, stay))
    return kept, columns


def _column(rows, stay):
    """The columns in which one place parts the kept rows from the others, as a list."""
    inside = np.isin(np.arange(len(rows)), stay)
    if inside.all() or not inside.any():
        return list(range(rows.shape[1]))
    apart = (rows[inside].max(axis=0) <= rows[~inside].min(axis=0)) | (
        rows[~inside].max(axis=0) <= rows[inside].min(axis=0)
    )
    return np.flatnonzero(apart).tolist()


def _judge_cut(namespace):
    function = written(namespace, "one_cut", _STARTER)
    rows = _rows()
    kept, columns = _kept(function, rows, rows[7])
    if not any(7 in stay for stay in kept):
        raise NotYet(
            "The patient is never among the rows you return: you keep the other side. Keep the side on which "
            "`patient[column]` lies.",
            "other_side",
        )
    if not all(7 in stay for stay in kept):
        lost = sum(7 not in stay for stay in kept)
        raise NotYet(
            f"In {lost} of {_TRIES} tries the patient was lost. Which side to keep depends on the patient: is it below the cut?",
            "one_side",
        )
    if not all(columns):
        raise NotYet(
            "What you return is not one side of a cut: no single place in a single column parts it from the rest.",
            "no_cut",
        )
    sure = [each[0] for each in columns if len(each) == 1]
    if len(set(sure)) < 3:
        raise NotYet(
            "Every cut was in the same column. Draw it: `rng.integers(rows.shape[1])`. An anomaly in another column would "
            "never be seen.",
            "one_column",
        )
    alone = np.mean([len(stay) == 1 for stay in _kept(function, rows, rows[60])[0]])
    if len({tuple(sorted(stay)) for stay in kept}) <= 2 * rows.shape[1]:
        raise NotYet(
            "There are hardly more different cuts than columns: the place of the cut is not drawn. `rng.uniform(low, high)` "
            "draws one anywhere between smallest and largest.",
            "not_random",
        )
    if alone < 0.5:
        raise NotYet(
            f"One row stands far outside the others, and your cut left it alone in {100 * alone:.0f} of 100 tries; about 90 were "
            "expected. Draw the place between the smallest and the largest value, not among the rows: wide gaps are "
            "what makes anomalies quick to isolate.",
            "cut_at_a_row",
        )
    return (
        f"A far row is alone after a single cut in {100 * alone:.0f} of 100 tries; in the crowd that takes many cuts. This "
        "difference is the whole idea of an isolation forest."
    )


def _cut(*lines):
    return "\n    ".join(["import numpy as np\ndef one_cut(rows, patient, rng):", *lines])


_DRAW = "column = rng.integers(rows.shape[1])"
_PLACE = "place = rng.uniform(rows[:, column].min(), rows[:, column].max())"
_KEEP = "return rows[(rows[:, column] < place) == (patient[column] < place)]"

ONE_CUT = Exercise(
    id="outliers.one_cut",
    title="One random cut",
    text=(
        "Write `one_cut(rows, patient, rng)`. Draw a column, then a place anywhere between that column's smallest and largest "
        "value, and return the rows that lie on the same side of it as `patient`. `rng` is a NumPy random generator."
    ),
    starter=_STARTER,
    solution="def one_cut(rows, patient, rng):\n"
    '    """The rows that stay with ``patient`` after one random cut."""\n'
    f"    {_DRAW}\n    {_PLACE}\n    {_KEEP}",
    another=_cut(
        "i = rng.choice(rows.shape[1])",
        "low, high = min(rows[:, i]), max(rows[:, i])",
        "cut = low + rng.random() * (high - low)",
        "return [row for row in rows if (row[i] <= cut) == (patient[i] <= cut)]",
    ),
    judge=_judge_cut,
    hints=(
        "`rng.integers(rows.shape[1])` draws a column; `rng.uniform(low, high)` draws a place.",
        "`rows[:, column] < place` says for each row on which side it lies, and `patient[column] < place` says it for the "
        "patient. Keep the rows where the two are equal.",
    ),
    misconceptions={
        "other_side": _cut(_DRAW, _PLACE, _KEEP.replace("==", "!=")),
        "one_side": _cut(_DRAW, _PLACE, "return rows[rows[:, column] < place]"),
        "one_column": _cut("column = 0", _PLACE, _KEEP),
        "cut_at_a_row": _cut(_DRAW, "place = rng.choice(rows[:, column])", _KEEP),
        "not_random": _cut(_DRAW, "place = np.median(rows[:, column])", _KEEP),
        "mask": _cut(_DRAW, _PLACE, "return (rows[:, column] < place) == (patient[column] < place)"),
        "no_return": _cut(_DRAW, _PLACE, _KEEP.replace("return ", "left = ")),
    },
)
