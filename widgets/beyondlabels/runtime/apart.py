"""A loaded model taken apart for a viewer: its operations with what goes in and out, and its weights with their spread."""

import numpy as np

from .program import Ref, _type

MOST_OPERATIONS = 5_000
MOST_WEIGHTS = 500
SAMPLED = 100_000  # values of one weight that are looked at
BINS = 24
_SMALL = 16  # numbers up to which a constant is part of its operation, not a weight
_TEXT = 200
_ROWS, _COLUMNS = 5, 8


def take_apart(package):
    """{"operations", "weights"} of a loaded ``Package`` or ``OlderModel``, as plain data for JSON; see the functions below."""
    return {"operations": operations(package.program), "weights": weights(package.program)}


def operations(program):
    """The operations in order, at most ``MOST_OPERATIONS``, blocks after the operation they belong to: dicts with kind, name,
    depth, outputs (name and type) and inputs (parameter, and either ``from``, the name of a value, or ``text``)."""
    found = []
    _gather(program, program.operations, 0, found)
    return found


def _gather(program, steps, depth, found):
    for step in steps:
        if len(found) >= MOST_OPERATIONS:
            return
        inputs = []
        for parameter, value in sorted(step.inputs.items()):
            for each in value if isinstance(value, list) else [value]:
                inputs.append(_argument(program, parameter, each))
        outputs = [{"name": name, "type": _type(dtype, shape)} for name, dtype, shape in step.outputs]
        found.append({"kind": step.kind, "name": step.name, "depth": depth, "outputs": outputs, "inputs": inputs})
        for block in step.blocks:
            _gather(program, block.operations, depth + 1, found)


def _argument(program, parameter, value):
    if isinstance(value, Ref):
        if value.name not in program.constants:
            return {"parameter": parameter, "from": value.name}
        held = program.constants[value.name]
        if np.size(held) > _SMALL:
            return {"parameter": parameter, "weight": value.name, "text": _shape(held)}
        value = held
    text = repr(value) if isinstance(value, str) else _short(value)
    return {"parameter": parameter, "text": text[:_TEXT]}


def _short(value):
    return str(np.asarray(value).tolist()) if np.size(value) <= _SMALL else _shape(value)


def _shape(value):
    return f"{value.dtype}[{', '.join(map(str, value.shape))}]"


def weights(program):
    """The arrays of numbers that a program computes with, the largest first, at most ``MOST_WEIGHTS``: dicts with name, dtype,
    shape, bytes, used_by (names of operations), and where they are numbers low, high, mean, zeros (a share) and histogram
    (counts in equal steps from low to high), ``sampled`` where only every so many values were looked at; ``rows``: the first
    few numbers as anyone can read them."""
    users = {}
    _users(program.operations, users)
    large = [(name, np.asarray(value)) for name, value in program.constants.items() if _is_weight(value)]
    large.sort(key=lambda pair: (-pair[1].nbytes, pair[0]))
    return [_weight(name, value, users.get(name, [])) for name, value in large[:MOST_WEIGHTS]]


def _is_weight(value):
    """An axis or a shape is no weight: whole numbers count where there are many."""
    return np.size(value) > (1 if getattr(value, "dtype", np.dtype(object)).kind == "f" else _SMALL)


def _users(steps, users):
    for step in steps:
        for value in step.inputs.values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Ref):
                    users.setdefault(each.name, []).append(step.name)
        for block in step.blocks:
            _users(block.operations, users)


def _weight(name, value, used_by):
    told = {
        "name": name,
        "dtype": str(value.dtype),
        "shape": list(value.shape),
        "bytes": int(value.nbytes),
        "used_by": used_by,
    }
    return told | (_spread(value) if value.dtype.kind in "fiu" else {})


def _spread(value):
    flat = value.reshape(-1)
    step = -(-flat.size // SAMPLED)
    seen = np.asarray(flat[::step], np.float64)
    finite = seen[np.isfinite(seen)]
    rows = value.reshape(-1, value.shape[-1])[:_ROWS, :_COLUMNS]
    told = {
        "sampled": int(seen.size) if step > 1 else None,
        "strange": int(seen.size - finite.size),
        "rows": [[f"{each:.5g}" for each in row] for row in rows.tolist()],
        "more": bool(value.size > rows.size),
    }
    if not finite.size:
        return told
    counts, _ = np.histogram(
        finite / max(1.0, np.abs(finite).max()), BINS
    )  # huge values would overflow the width of a step
    numbers = {"low": finite.min(), "high": finite.max(), "mean": finite.mean(), "zeros": (finite == 0).mean()}
    return told | {key: float(number) for key, number in numbers.items()} | {"histogram": counts.tolist()}
