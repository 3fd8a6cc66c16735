"""The walk over a program's operations, with every value kept on request."""

from functools import cache

import numpy as np

from ..errors import BadInput, BadPackage
from . import overflow
from .bounds import ALIVE, STEPS, borrowed, hold, most, prediction, room, spend
from .ops import OPS
from .ops.keeping import State
from .pieces import cuts, stretches
from .program import Ref, storage

_HALF = np.dtype(np.float16)


def run(program, inputs, keep=False, state=None):
    """Run ``program`` on ``inputs`` (name -> array of the declared dtype).

    Returns the results by name, or every value by name with ``keep=True``. Each operation computes in float32 and its
    result is rounded to the type the program declares, so float16 is rounded once per operation. ``state`` is what
    ``make_state`` gave; a program that has states writes into it. Raises ``BadPackage`` naming the operation that is
    unknown, refuses its inputs, or gives another shape than the program declares.
    """
    if set(program.states) - set(state or {}):
        raise BadInput(f"the package keeps the states {sorted(program.states)}: pass state=package.make_state()")
    values = {**program.constants, **inputs, **{name: state[name] for name in program.states}}
    if "stretches" not in program.plan:
        program.plan.update(stretches=stretches(program, _read), last_use=_last_uses(program))
    last_use = {} if keep else program.plan["last_use"]
    rows = max((len(value) for value in inputs.values() if np.ndim(value)), default=1)
    with np.errstate(all="ignore"), prediction(rows):
        for stretch in program.plan["stretches"]:
            pieces = cuts(stretch, values) if not keep and not overflow.watched() else []
            if pieces:
                made = _in_pieces(stretch, values, pieces, last_use, program.unpacked)
                values.update(made)
                _hold(stretch.operations[-1], made.values())
                _let_go(_dead(stretch, last_use), values, program.unpacked)
            else:
                _walk(stretch, values, last_use, program.unpacked)
    missing = [name for name in program.results if name not in values]
    if missing:
        raise BadPackage(f"the program returns {missing}, which no operation makes; the package is damaged")
    return values if keep else {name: values[name] for name in program.results}


def make_state(program):
    """A fresh state for ``run``: zeros of each declared type and shape, by name."""
    made = {}
    for name, (dtype, shape) in program.states.items():
        if shape is None or None in shape or dtype in ("list", "dict", "str"):
            raise BadPackage(
                f"the state {name!r} is declared as {dtype} of shape {shape}; expected numbers in a fixed shape"
            )
        try:
            made[name] = State(np.zeros(room(*shape), storage(dtype)))
        except (ValueError, MemoryError) as error:
            raise BadPackage(f"the state {name!r} cannot be made: {error}; the package is damaged") from None
    return made


def _walk(stretch, values, last_use, unpacked):
    for index, operation in enumerate(stretch.operations, stretch.start):
        _step(operation, values, unpacked)
        _let_go(last_use.get(index, ()), values, unpacked)


def _let_go(names, values, unpacked):
    for name in names:
        value = values.pop(name, None)
        if name not in unpacked:
            hold(-_size(value))


def _hold(operation, made):
    """Count what has been made as held. Raises ``BadPackage`` where the program holds too much at once."""
    held = hold(sum(map(_size, made)))
    if held:
        raise BadPackage(
            f"operation {operation.kind!r} ({operation.name}): with its result {held:,} values are held at once; at most "
            f"{ALIVE * most():,} are. Call the package with fewer rows"
        )


def _dead(stretch, last_use):
    ends = range(stretch.start, stretch.start + len(stretch.operations))
    return [name for index in ends for name in last_use.get(index, ())]


def _in_pieces(stretch, values, pieces, last_use, unpacked):
    """What others read of a stretch of operations, made from a few rows at a time."""
    made = {name: [] for name in stretch.makes}
    for rows in pieces:
        inner = {
            **values,
            **{name: values[name][(*[slice(None)] * axis, rows)] for name, axis in stretch.reads.items()},
        }
        with borrowed():
            _walk(stretch, inner, last_use, unpacked)
        for name, parts in made.items():
            parts.append(inner[name])
    return {name: np.concatenate(parts, axis=stretch.makes[name]) for name, parts in made.items()}


def _step(operation, values, unpacked):
    """Run one operation and put what it makes into ``values``; a compressed constant is unpacked once and kept."""
    if operation.kind.startswith("constexpr_"):
        if any(name not in unpacked for name, _, _ in operation.outputs):
            unpacked.update(_named(operation, _one(operation, values)))
        values.update((name, unpacked[name]) for name, _, _ in operation.outputs)
    else:
        made = (_control if operation.blocks else _one)(operation, values)
        values.update(_named(operation, made))
        _hold(operation, made)


def _named(operation, made):
    if len(made) != len(operation.outputs):
        raise BadPackage(
            f"operation {operation.kind!r} ({operation.name}) makes {len(made)} values, the program names "
            f"{len(operation.outputs)}"
        )
    return zip([name for name, _, _ in operation.outputs], made, strict=True)


def _control(operation, values):
    """``cond`` and ``while_loop``: run the blocks that the values choose. Returns the outputs."""
    arguments = {key: _resolve(value, values, operation) for key, value in operation.inputs.items()}
    if operation.kind == "cond" and len(operation.blocks) == 2 and "pred" in arguments:
        return _block(operation.blocks[0 if np.all(arguments["pred"]) else 1], [], values, operation)
    if operation.kind != "while_loop" or len(operation.blocks) != 2 or "loop_vars" not in operation.inputs:
        raise BadPackage(f"operation {operation.kind!r} ({operation.name}) has blocks, but is no cond or while_loop")
    given = operation.inputs["loop_vars"]
    loop = [_stored(each, values, operation) for each in (given if isinstance(given, list) else [given])]
    condition, body = operation.blocks
    while np.all(_block(condition, loop, values, operation, 1)[0]):
        loop = _block(body, loop, values, operation, len(loop))
    return loop


def _size(value):
    return len(value) if isinstance(value, list) else getattr(value, "size", 0 if value is None else 1)


def _block(block, arguments, values, operation, count=None):
    expected = len(operation.outputs) if count is None else count
    if len(block.inputs) != len(arguments) or len(block.results) != expected:
        raise BadPackage(f"a block of operation {operation.kind!r} ({operation.name}) takes or returns too few values")
    inner = {**values, **block.constants, **dict(zip(block.inputs, arguments, strict=True))}
    made = 0
    with borrowed():
        for each in block.operations:
            _step(each, inner, {})
            made += sum(_size(inner[name]) for name, _, _ in each.outputs)
    if spend(1 + len(block.operations), made):
        raise BadPackage(
            f"operation {operation.kind!r} ({operation.name}) has not ended after {STEPS:,} operations in its blocks, or as much "
            "work on large values: let the loop end sooner, or call the package with fewer rows"
        )
    return [_stored(Ref(name), inner, operation) for name in block.results]


def _one(operation, values):
    try:
        return _computed(operation, values)
    except MemoryError:
        raise BadPackage(
            f"operation {operation.kind!r} ({operation.name}) needs more memory than there is; use fewer rows"
        ) from None


def _computed(operation, values):
    function = OPS.get(operation.kind)
    if function is None:
        raise BadPackage(f"operation {operation.kind!r} ({operation.name}) is not one this runtime knows")
    arguments = {key: _resolve(value, values, operation) for key, value in operation.inputs.items()}
    try:
        made = function(**arguments)
    except MemoryError:
        raise
    except Exception as error:
        shapes = {key: _shown(value) for key, value in arguments.items()}
        raise BadPackage(f"operation {operation.kind!r} ({operation.name}) cannot run on {shapes}: {error}") from error
    made = made if isinstance(made, tuple) else (made,)
    if len(made) < len(operation.outputs):
        return made
    return [
        _as_declared(value, operation, arguments, *declared)
        for value, declared in zip(made, operation.outputs, strict=False)
    ]


def _shown(value):
    """An argument for an error message: its shape, or itself where it has none and is short."""
    if isinstance(value, list):
        return [_shown(each) for each in value[:4]] + ["…"] * (len(value) > 4)
    return value[:80] if isinstance(value, str) else getattr(value, "shape", value)


def _resolve(value, values, operation):
    """The value of an argument, float16 as float32."""
    if isinstance(value, list):
        return [_resolve(item, values, operation) for item in value]
    value = _stored(value, values, operation)
    return value.astype(np.float32) if getattr(value, "dtype", None) == _HALF else value


def _stored(value, values, operation):
    """The value itself, or what has been made under its name."""
    if not isinstance(value, Ref):
        return value
    if value.name not in values:
        raise BadPackage(f"operation {operation.kind!r} reads {value.name!r} before anything has made it")
    return values[value.name]


def _as_declared(value, operation, arguments, name, dtype, shape):
    if dtype in ("list", "dict", "str") or isinstance(value, str):
        return value
    if not isinstance(value, np.ndarray | np.generic | int | float):
        raise BadPackage(f"operation {operation.kind!r} gives {name!r} no tensor, the program declares {dtype}")
    value = np.asarray(value)
    if shape is not None and value.shape != shape and not _fits(value.shape, shape):
        raise BadPackage(
            f"operation {operation.kind!r} gives {name!r} the shape {value.shape}, the program declares "
            f"{tuple('rows' if size is None else size for size in shape)}"
        )
    stored = value.astype(_stored_as(dtype), copy=False)
    overflow.notice(operation, arguments, value, stored)
    return stored


@cache
def _stored_as(dtype):
    return np.dtype(storage(dtype))


def _fits(found, declared):
    return len(found) == len(declared) and all(
        want is None or got == want for got, want in zip(found, declared, strict=True)
    )


def _last_uses(program):
    """Operation index -> names nobody reads later, so that memory holds only what is still needed."""
    last = {}
    for index, operation in enumerate(program.operations):
        for name, _, _ in operation.outputs:
            last[name] = index
        for name in _read(operation):
            if name not in program.constants:
                last[name] = index
    dead = {}
    for name, index in last.items():
        if name not in program.results and name not in program.inputs and name not in program.states:
            dead.setdefault(index, []).append(name)
    return dead


def _read(operation):
    """Names that an operation reads, those read inside its blocks too."""
    for value in operation.inputs.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Ref):
                yield item.name
    for block in operation.blocks:
        for inner in block.operations:
            yield from _read(inner)
        yield from block.results
