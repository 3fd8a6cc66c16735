"""The walk over a program's operations, with every value kept on request."""

import numpy as np

from ..errors import BadPackage
from .ops import OPS
from .program import Ref


def run(program, inputs, keep=False):
    """Run ``program`` on ``inputs`` (name -> array of the declared dtype).

    Returns the results by name, or every value by name with ``keep=True``. Each operation computes in float32 and its
    result is rounded to the type the program declares, so float16 is rounded once per operation. Raises ``BadPackage``
    naming the operation that is unknown, refuses its inputs, or gives another shape than the program declares.
    """
    values = {**program.constants, **inputs}
    last_use = {} if keep else _last_uses(program)
    for index, operation in enumerate(program.operations):
        made = _one(operation, values)
        values.update(zip((name for name, _, _ in operation.outputs), made, strict=True))
        for name in last_use.get(index, ()):
            del values[name]
    missing = [name for name in program.results if name not in values]
    if missing:
        raise BadPackage(f"the program returns {missing}, which no operation makes; the package is damaged")
    return values if keep else {name: values[name] for name in program.results}


def _one(operation, values):
    function = OPS.get(operation.kind)
    if function is None:
        raise BadPackage(f"operation {operation.kind!r} ({operation.name}) is not one this runtime knows")
    arguments = {key: _resolve(value, values, operation) for key, value in operation.inputs.items()}
    try:
        with np.errstate(all="ignore"):
            made = function(**arguments)
    except MemoryError:
        raise BadPackage(
            f"operation {operation.kind!r} ({operation.name}) needs more memory than there is; use fewer rows"
        ) from None
    except Exception as error:
        shapes = {key: getattr(value, "shape", value) for key, value in arguments.items()}
        raise BadPackage(f"operation {operation.kind!r} ({operation.name}) cannot run on {shapes}: {error}") from error
    made = made if isinstance(made, tuple) else (made,)
    if len(made) < len(operation.outputs):
        raise BadPackage(
            f"operation {operation.kind!r} makes {len(made)} values, the program names {len(operation.outputs)}"
        )
    return [_as_declared(value, operation, *declared) for value, declared in zip(made, operation.outputs, strict=False)]


def _resolve(value, values, operation):
    if isinstance(value, list):
        return [_resolve(item, values, operation) for item in value]
    if isinstance(value, Ref):
        if value.name not in values:
            raise BadPackage(f"operation {operation.kind!r} reads {value.name!r} before anything has made it")
        value = values[value.name]
    return value.astype(np.float32) if getattr(value, "dtype", None) == np.float16 else value


def _as_declared(value, operation, name, dtype, shape):
    value = np.asarray(value)
    fits = len(value.shape) == len(shape) and all(
        want in (None, got) for got, want in zip(value.shape, shape, strict=True)
    )
    if not fits:
        raise BadPackage(
            f"operation {operation.kind!r} gives {name!r} the shape {value.shape}, the program declares "
            f"{tuple('rows' if size is None else size for size in shape)}"
        )
    with np.errstate(over="ignore"):
        return value.astype(dtype, copy=False)


def _last_uses(program):
    """Operation index -> names nobody reads later, so that memory holds only what is still needed."""
    last = {}
    for index, operation in enumerate(program.operations):
        for name, _, _ in operation.outputs:
            last[name] = index
        for value in operation.inputs.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Ref) and item.name not in program.constants:
                    last[item.name] = index
    dead = {}
    for name, index in last.items():
        if name not in program.results and name not in program.inputs:
            dead.setdefault(index, []).append(name)
    return dead
