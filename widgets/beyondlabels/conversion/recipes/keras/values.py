"""What stands in the arguments of a ``keras.ops`` node: Vars, numbers, arrays and weights; brought to one type."""

import numpy as np
from keras import ops

from ....mil.blocks import builder, constant

FLOAT, WHOLE, TRUTH = "fp32", "int32", "bool"


def is_var(value):
    """Whether this is a value of the program rather than a constant."""
    return hasattr(value, "sym_type")


def kind(value):
    """``"fp32"``, ``"int32"`` or ``"bool"`` of a Var or a constant."""
    if is_var(value):
        from coremltools.converters.mil.mil import types

        return {types.fp32: FLOAT, types.int32: WHOLE, types.bool: TRUTH}[value.dtype]
    letter = np.asarray(value).dtype.kind
    return {"b": TRUTH, "i": WHOLE, "u": WHOLE}.get(letter, FLOAT)


def plain(value):
    """A Var as it is; anything else as a NumPy array."""
    if is_var(value) or isinstance(value, (bool, int, float, np.ndarray)):
        return value
    return ops.convert_to_numpy(value)


def cast(value, wanted):
    """The value as this type."""
    if not is_var(value):
        array = np.asarray(value)
        return constant(array) if wanted == FLOAT else array.astype(np.int32 if wanted == WHOLE else bool)
    return value if kind(value) == wanted else builder().cast(x=value, dtype=wanted)


def together(*values, least=None):
    """The values as one type, the widest of theirs (bool, int32, float32), and at least ``least``."""
    order = [TRUTH, WHOLE, FLOAT]
    values = [plain(each) for each in values]
    widest = max([*map(kind, values), *([least] if least else [])], key=order.index)
    return [cast(each, widest) for each in values]


def axes_of(axis, rank):
    """An axis, several, or ``None`` for all, as a list of whole numbers."""
    if axis is None:
        return list(range(rank))
    return [int(each) % rank for each in (axis if isinstance(axis, (list, tuple)) else [axis])]
