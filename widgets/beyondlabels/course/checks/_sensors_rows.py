"""Exercises on rows out of a series: cutting windows, and splitting them so that no month stands on both sides."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._sensors_data import SETUP, cut, made_up
from ._tools import numbers, returned, written

_CUT_STARTER = '''def cut_windows(values, length):
    """Every run of length neighbouring values, one in each row, beginning with values[0]."""
    count = ...
    return np.array([... for start in range(count)])'''
_SPLIT_STARTER = '''def split_by_time(count, length, month):
    """Numbers of the windows that end before `month`, and of those that begin with it or later.

    count: how many windows there are; window i begins with month i.
    length: the months in each. month: the first month of the test."""
    training = ...
    test = ...
    return training, test'''


def _judge_cut(namespace):
    cut_windows = written(namespace, "cut_windows", _CUT_STARTER)
    for seed, length in ((0, 12), (1, 5), (2, 90)):
        values = made_up(seed)
        found = numbers(_windows(cut_windows, values, np.int64(length)), "cut_windows(values, length)")
        right = cut(values, length)
        if found.shape != right.shape or not np.allclose(found, right):
            _look_at_rows(found, values, right, length)
    return (
        "One row for each month at which a window can begin: n − length + 1. Each month but the outermost stands in as many "
        "rows as a window has months. Remember that when you split them."
    )


def _windows(cut_windows, values, length):
    """What the learner's function returns. Raises ``NotYet`` for rows of different lengths, of which NumPy makes no array."""
    try:
        found = returned(cut_windows, values, length)
        np.asarray(found)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise NotYet(
            f"The rows are not equally long, and NumPy makes no table of them: near the end of {len(values)} values a window "
            f"of {length} runs out of values and comes out shorter. Which is the last place where a whole one can begin?",
            "ragged",
        ) from None
    return found


def _look_at_rows(found, values, right, length):
    """Raise what is to be said of rows that are not the windows."""
    if found.shape == right.T.shape and np.allclose(found, right.T):
        raise NotYet(
            "The windows are right and lie on their side: they are your columns. One row should be one window.",
            "sideways",
        )
    if found.shape == right[:-1].shape and np.allclose(found, right[:-1]):
        raise NotYet(
            f"The last window is missing. {len(values)} values have {len(right)} windows of {length}: with two values "
            f"and windows of "
            "two there is one, not none.",
            "one_short",
        )
    apart = right[::length]
    if found.shape == apart.shape and np.allclose(found, apart):
        raise NotYet(
            f"Your windows stand side by side, {len(apart)} of them. Here each begins one value after the one before, "
            f"so that an event "
            "is found whenever it begins.",
            "side_by_side",
        )
    if found.ndim != 2:
        raise NotYet(f"A table was expected, one window in each row; yours has the shape {found.shape}.", "no_table")
    raise NotYet(
        f"For {len(values)} values and windows of {length}, {right.shape[0]} rows of {right.shape[1]} were expected; yours are "
        f"{found.shape[0]} of {found.shape[1]}, or hold other values. The row that begins at `start` is "
        "`values[start:start + length]`.",
        "other_rows",
    )


def _cut(body):
    return f"import numpy as np\ndef cut_windows(values, length):\n    {body}"


CUT = Exercise(
    id="sensors.cut_windows",
    title="A series becomes rows",
    text=(
        "Fill the two gaps of `cut_windows(values, length)`: how many windows there are, and the one that begins at "
        "`start`. Each "
        "begins one value after the one before."
    ),
    setup=SETUP,
    starter=_CUT_STARTER,
    solution=_CUT_STARTER.replace("count = ...", "count = len(values) - length + 1").replace(
        "[... for", "[values[start:start + length] for"
    ),
    another=_cut("return np.lib.stride_tricks.sliding_window_view(values, length)"),
    judge=_judge_cut,
    hints=(
        "A slice: `values[start:start + length]` has `length` values.",
        "The last window begins at `len(values) - length`, and counting begins at 0.",
    ),
    misconceptions={
        "ragged": _cut("count = len(values)\n    return np.array([values[i:i + length] for i in range(count)])"),
        "one_short": _cut(
            "return np.array([values[i:i + length] for i in range(len(values) - length)]).reshape(-1, length)"
        ),
        "side_by_side": _cut("return values[:len(values) // length * length].reshape(-1, length)"),
        "sideways": _cut("return np.array([values[i:i + length] for i in range(len(values) - length + 1)]).T"),
        "no_table": _cut("return values[:length]"),
        "no_return": _cut("rows = values"),
    },
)


def _judge_split(namespace):
    split_by_time = written(namespace, "split_by_time", _SPLIT_STARTER)
    for count, length, month in ((721, 12, 384), (50, 5, 20), (90, 24, 60)):
        answer = returned(split_by_time, count, length, month)
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            raise NotYet(
                "Two things were expected, the windows to learn from and those to test on: `return training, test`.",
                "not_two",
            )
        training, test = (_places(part, name, count) for part, name in zip(answer, ("training", "test"), strict=True))
        _look_at_split(training, test, count, length, month)
    return (
        "No month stands on both sides, at the price of the windows that straddle the cut: one fewer than a window has months. "
        "They belong to neither."
    )


def _places(part, name, count):
    """Numbers or a mask as a sorted array of numbers."""
    array = np.asarray(part)
    if array.dtype == bool and array.shape == (count,):
        return np.flatnonzero(array)
    array = numbers(part, name).ravel()
    if (array != array.round()).any() or (array < 0).any() or (array >= count).any():
        raise NotYet(f"`{name}` should hold numbers of windows, whole, from 0 to {count - 1}.", "no_numbers")
    return np.sort(array.astype(int))


def _look_at_split(training, test, count, length, month):
    if not len(training) or not len(test):
        raise NotYet("One of the two sides is empty; both need windows.", "empty")
    both = np.intersect1d(np.arange(count), training[:, None] + np.arange(length)).astype(int)
    leaked = np.isin(np.unique(test[:, None] + np.arange(length)), both).sum()
    right = np.arange(0, month - length + 1), np.arange(month, count)
    if leaked and training.max() > test.min():
        raise NotYet(
            f"{leaked} months stand on both sides, and some of the training comes after the test. A random or mixed split "
            "asks how well one remembers, not how well one foresees.",
            "mixed",
        )
    if leaked:
        raise NotYet(
            f"{leaked} months stand on both sides. The window that begins just before `month` reaches {length - 1} "
            f"months past it. "
            "Ask where a window ends, not only where it begins.",
            "straddles",
        )
    if test.min() == month and len(test) == len(right[1]) and len(training) == len(right[0]) - 1:
        raise NotYet(
            f"Nothing leaks, and one window is thrown away: the one that begins with {month - length} has its last month just "
            f"before {month}.",
            "one_lost",
        )
    if np.array_equal(training, right[0]) and np.array_equal(test, right[1]):
        return
    raise NotYet(
        f"With windows of {length} and the cut at {month}, training was expected to be the windows 0 to "
        f"{month - length} and test those "
        f"from {month} to {count - 1}; yours are {training.min()} to {training.max()} and {test.min()} to {test.max()}.",
        "other_split",
    )


def _split(training, test):
    return (
        "import numpy as np\ndef split_by_time(count, length, month):\n    start = np.arange(count)\n"
        f"    return {training}, {test}"
    )


SPLIT = Exercise(
    id="sensors.split_by_time",
    title="A cut that nothing crosses",
    text=(
        "Write `split_by_time(count, length, month)`: the numbers of the windows whose months all lie before `month`, "
        "and of those "
        "whose months are all `month` or later. Window i begins with month i."
    ),
    setup=SETUP,
    starter=_SPLIT_STARTER,
    solution=_SPLIT_STARTER.replace("training = ...", "training = np.arange(0, month - length + 1)").replace(
        "test = ...", "test = np.arange(month, count)"
    ),
    another=_split("start + length <= month", "start >= month"),
    judge=_judge_split,
    hints=(
        "Window i has the months i to i + length − 1. When is the last of them before `month`?",
        "`i + length <= month` for training, `i >= month` for the test. `np.arange` or a mask will do.",
    ),
    misconceptions={
        "straddles": _split("start[start < month]", "start[start >= month]"),
        "mixed": (
            "import numpy as np\ndef split_by_time(count, length, month):\n"
            "    order = np.random.default_rng(0).permutation(count)\n    return order[:month], order[month:]"
        ),
        "one_lost": _split("start[start + length < month]", "start[start >= month]"),
        "not_two": _split("start[start + length <= month]", "start[start >= month]").replace(
            "return", "return start #"
        ),
        "other_split": _split("start[start >= month]", "start[start + length <= month]"),
    },
)
