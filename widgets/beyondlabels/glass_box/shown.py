"""What the browser is told: the program once, the values of a row each time it changes. Finished words and numbers only."""

from pathlib import Path

import numpy as np

from . import figures, words
from .groups import tree

_LONGEST_LINE = 400


def program(package, steps, values):
    """Inputs, outputs, steps with their constants, and groups."""
    taken = [*package.program.inputs, *package.program.states]
    sources = {name: -1 - index for index, name in enumerate(taken)}
    told = []
    for index, step in enumerate(steps):
        told.append(_step(step, sources, values))
        sources.update((name, index) for name, _, _ in step.outputs)
    ports, states = package.program.inputs, package.program.states
    return {
        "title": words.name(Path(package.program.path).name),
        "inputs": [
            *({"name": words.name(port.name), "type": f"{port.dtype} {port.shape}"} for port in ports.values()),
            *({"name": words.name(name), "type": f"state, {words.type_of(*kept)}"} for name, kept in states.items()),
        ],
        "outputs": [
            {"name": words.name(name), "step": sources[name]} for name in package.program.results if name in sources
        ],
        "steps": told,
        "tree": _named(tree(steps)),
    }


def _step(step, sources, values):
    return {
        "name": words.name(step.name),
        "kind": words.name(step.kind),
        "rule": step.rule.replace("``", "`"),
        "types": [words.type_of(dtype, shape) for _, dtype, shape in step.outputs],
        "reads": [[words.name(key), words.name(name), sources.get(name)] for key, name in step.reads],
        "constants": [_constant(each, values) for each in step.constants],
        "inside": "\n".join(words.visible(line[:_LONGEST_LINE]) for line in step.inside.splitlines()),
    }


def _constant(constant, values):
    value = values.get(constant.name) if constant.packed else constant.value
    packed = f"unpacked by {constant.packed}" if constant.packed else ""
    return {"name": words.name(constant.parameter), "packed": packed, **figures.figure(value)}


def _named(items):
    return [
        each
        if isinstance(each, int)
        else each
        | {"name": words.name(each["name"]), "label": words.name(each["label"]), "items": _named(each["items"])}
        for each in items
    ]


def row_values(steps, own, other, labels, theirs):
    """For each step what it makes, for one row: own precision first, the other beside it, the model's where there is one.

    ``labels``: the names of the two precisions. ``theirs``: value's name -> (the model's name for it, array of the same shape).
    """
    told = []
    for step in steps:
        made = []
        for name, _, _ in step.outputs:
            value = own.get(name)
            beside = [(labels[0], value)]
            if _fits(other.get(name), value):
                beside.append((labels[1], other[name]))
            if name in theirs and _fits(theirs[name][1], value):
                beside.append((f"model: {words.name(theirs[name][0])}", theirs[name][1]))
            made.append({"name": words.name(name), **figures.figure(value, beside)})
        told.append(made)
    return told


def _fits(other, value):
    return isinstance(other, np.ndarray) and isinstance(value, np.ndarray) and other.shape == value.shape
