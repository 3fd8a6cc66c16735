"""What checks share: reading the learner's names, and measures that do not care how groups are numbered."""

from copy import copy

import numpy as np

from ..exercises import NotAttempted, NotYet
from ..prose import kind, together


def begun(namespace, *names):
    """The values of ``names``. Raises ``NotAttempted`` when all are missing or ``...``, ``NotYet`` when some are."""
    waiting = [name for name in names if namespace.get(name, ...) is ...]
    listed = together([f"`{name}`" for name in waiting])
    if len(waiting) == len(names):
        raise NotAttempted(f"Put your answer where the three dots stand ({listed}), run that cell, then press Check.")
    if waiting:
        raise NotYet(f"Still to do: {listed}. The rest is waiting for it.", "unfinished")
    values = [namespace[name] for name in names]
    for name, value in zip(names, values, strict=True):
        if isinstance(value, type):
            raise NotYet(
                f"`{name}` is the class `{value.__name__}` itself. Make one with brackets, `{value.__name__}(...)`, and fit it.",
                "class",
            )
    return values[0] if len(values) == 1 else values


def numbers(value, name, shape=None):
    """``value`` as a float array. Raises ``NotYet`` when it is none, has another shape, or holds NaN or infinity."""
    if value is None:
        raise NotYet(
            f"`{name}` is None: what stands right of the `=` gave nothing back. A function needs a `return`, and a method "
            "such as `list.sort` changes its list and returns nothing.",
            "type",
        )
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise NotYet(
            f"`{name}` is {kind(value)}, and numbers were expected. Look at what the cell of your answer puts in it.",
            "type",
        ) from None
    if shape is not None and array.shape != shape:
        raise NotYet(
            f"`{name}` is {_sized(array.shape)}, where {_sized(shape)} was expected. Print `{name}` and count.", "shape"
        )
    if not np.isfinite(array).all():
        raise NotYet(
            f"`{name}` holds values that are no numbers (NaN or infinity). Something was divided by zero, or "
            "a missing value came along.",
            "nan",
        )
    return array


def _sized(shape):
    """A shape in words: "a single number", "an array of 5", "an array of 80 by 5"."""
    return f"an array of {' by '.join(map(str, shape))}" if shape else "a single number"


def labels(value, name, count):
    """``value`` as ``count`` group labels. Raises ``NotYet`` for a model, the wrong length, or NaN."""
    if hasattr(value, "get_params"):
        raise NotYet(
            f"`{name}` is the model itself. Its answer, one label for each row, comes from `fit_predict(...)` "
            "or stands in `.labels_` after fitting.",
            "model_not_labels",
        )
    array = np.asarray(value)
    if array.shape != (count,):
        found = " by ".join(map(str, array.shape)) or "a single value"
        raise NotYet(f"`{name}` has the shape {found}; one label for each of the {count} rows was expected.", "shape")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise NotYet(f"`{name}` holds NaN. A label is a whole number; look where the NaN came from.", "nan")
    return array


def inertia(rows, groups):
    """The sum of squared distances of ``rows`` to the mean of their own group; it ignores how groups are numbered."""
    return sum(((rows[groups == group] - rows[groups == group].mean(axis=0)) ** 2).sum() for group in np.unique(groups))


def close(first, second, tolerance):
    """Whether two numbers differ by at most ``tolerance``."""
    return abs(first - second) <= tolerance


def same_code(function, source):
    """Whether ``function`` is still the one that ``source`` (a starter) defines."""
    namespace = {}
    exec(source, namespace)
    original, code = namespace[function.__name__].__code__, getattr(function, "__code__", None)
    return code is not None and code.co_code == original.co_code and code.co_consts == original.co_consts


def written(namespace, name, starter):
    """The learner's function ``name``. Raises ``NotAttempted`` when it is missing or still the ``starter``."""
    function = namespace.get(name, ...)
    if function is ...:
        raise NotAttempted(f"There is no `{name}` yet. Run the cell that begins with `def {name}`, then press Check.")
    if not callable(function):
        raise NotYet(f"`{name}` is {kind(function)} now, no function. Run the cell with `def {name}` again.", "type")
    if getattr(function, "__name__", "") == name and same_code(function, starter):
        raise NotAttempted(f"`{name}` still has three dots for a body. Write it, run the cell, then press Check.")
    return function


def returned(function, *arguments):
    """What ``function`` returns for copies of the arguments. Raises ``NotYet`` when that is nothing, or half written."""
    try:
        answer = function(*map(copy, arguments))
    except Exception:
        _insist_on_no_dots(function)
        raise
    if answer is None:
        raise NotYet(f"`{function.__name__}` returned nothing. Is there a `return` in the last line?", "no_return")
    if any(part is ... for part in _parts(answer)):
        _insist_on_no_dots(function)
    return answer


def _parts(answer):
    """An answer and, where it is a tuple, a list or an array of objects, what lies in it."""
    if isinstance(answer, np.ndarray):
        return answer.ravel() if answer.dtype == object else []
    return [answer, *answer] if isinstance(answer, (tuple, list)) else [answer]


def _insist_on_no_dots(function):
    """Raise ``NotYet`` when three dots of the starter still stand in ``function``."""
    if _dotted(getattr(function, "__code__", None)):
        raise NotYet(
            f"There are still three dots in `{function.__name__}`. Fill every gap, run the cell, then press Check.",
            "unfinished",
        )


def _dotted(code):
    """Whether ``...`` stands in a function's code, or in a comprehension inside it."""
    constants = getattr(code, "co_consts", ())
    return any(one is ... or _dotted(one) for one in constants)
