"""Which constants of a program are weights that can be compressed."""

import numpy as np

from ..runtime.program import Ref


def large(program, least, only_single=False):
    """Name -> shape of each weight: numbers with a fraction, all finite, two axes or more (coremltools leaves vectors alone:
    compressed ones are read wrongly by some systems), ``least`` numbers or more, and not part of a compressed one.
    ``only_single``: those in float32."""
    inside = _of_compressed(program)
    kinds = (np.float32,) if only_single else (np.float16, np.float32)
    return {
        name: value.shape
        for name, value in program.constants.items()
        if isinstance(value, np.ndarray)
        and value.dtype in kinds
        and value.ndim > 1
        and value.size >= least
        and name not in inside
        and np.isfinite(value).all()
    }


def why_none(program, least):
    """What there is instead of a weight that is large enough, in words."""
    smaller = large(program, 1)
    if not smaller:
        return f"the package has no weight of two axes or more; smallest_weight is {least:,}"
    name, shape = max(smaller.items(), key=lambda each: np.prod(each[1]))
    return f"the largest, {name}, has {np.prod(shape):,} numbers; smallest_weight is {least:,}"


def compressed(program):
    """How many weights are compressed already; one that took two steps counts once."""
    unpacked = [operation for operation in program.operations if operation.kind.startswith("constexpr_")]
    inner = {value.name for each in unpacked for value in each.inputs.values() if isinstance(value, Ref)}
    return sum(all(name not in inner for name, _, _ in each.outputs) for each in unpacked)


def _of_compressed(program):
    """Names of constants that a ``constexpr_…`` operation reads."""
    return {
        value.name
        for operation in program.operations
        if operation.kind.startswith("constexpr_")
        for value in operation.inputs.values()
        if isinstance(value, Ref)
    }
