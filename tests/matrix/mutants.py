"""Mutants of a saved package: one weight turned, one number shifted, one axis or two operands exchanged, one operation
replaced."""

from dataclasses import dataclass

import numpy as np

from runtime.surgery import (
    change,
    inline_values,
    label,
    main_block,
    push,
    read_specification,
    records,
    swap,
    write_specification,
)

_SYMMETRIC = {"add", "mul", "maximum", "minimum", "equal", "not_equal", "logical_and", "logical_or"}
_OTHER = {
    "sub": "add",
    "add": "sub",
    "mul": "real_div",
    "real_div": "mul",
    "maximum": "minimum",
    "minimum": "maximum",
    "square": "abs",
    "exp": "square",
    "reduce_argmin": "reduce_argmax",
    "reduce_argmax": "reduce_argmin",
    "reduce_min": "reduce_max",
    "reduce_max": "reduce_min",
    "reduce_sum": "reduce_mean",
    "reduce_mean": "reduce_sum",
    "greater": "less",
    "greater_equal": "less",
    "less": "greater",
    "less_equal": "greater",
}


@dataclass(frozen=True)
class Mutant:
    """``kind``: what was done; ``place``: where, such as ``sub.y`` or ``greater``; ``make(package)`` does it."""

    kind: str
    place: str
    make: object


def turn(array, place):
    """The number with the other sign; where it is 0, a tenth of the tensor's size."""
    if array[place] == 0:
        push(array, place)
    else:
        array[place] = -array[place]


def mutants(package, random, each=2):
    """Up to ``each`` mutants of every kind, chosen by ``random`` (a NumPy Generator)."""
    specification = read_specification(package)
    block = main_block(specification)
    floats, whole = _numbers(package, block)
    found = []
    for kind, places, how in (
        ("weight turned", floats, turn),
        ("number shifted", floats, push),
        ("index", whole, push),
    ):
        found += [Mutant(kind, label(package, where), _changed(where, how)) for where in _some(places, each, random)]
    found += [Mutant("axis", place, _other_axis(index)) for index, place in _some(_axes(block), each, random)]
    pairs = [index for index, operation in enumerate(block.operations) if _two_sided(operation)]
    found += [Mutant("operands", block.operations[index].type, _swapped(index)) for index in _some(pairs, each, random)]
    known = [index for index, operation in enumerate(block.operations) if operation.type in _OTHER]
    found += [
        Mutant("operation", block.operations[index].type, _replaced(index)) for index in _some(known, each, random)
    ]
    return found


def _some(places, count, random):
    """Up to ``count`` of ``places``, from as many tensors as there are."""
    if len(places) <= count:
        return places
    return [places[index] for index in sorted(random.choice(len(places), count, replace=False))]


def _numbers(package, block):
    """(places of floats, places of whole numbers) that operations compute with, one of each tensor first."""
    floats, whole = [], []
    for name, _, dtype, count, _ in records(package):
        (floats if dtype.kind == "f" else whole).extend(("weights", name, place) for place in range(count))
    for index, operation in enumerate(block.operations):
        for key, value in inline_values(operation):
            if key in ("x", "y", "alpha", "beta", "val"):
                tensor = value.immediateValue.tensor
                kind = tensor.WhichOneof("value")
                if kind == "floats":
                    floats.extend(("inline", index, key, place) for place in range(len(tensor.floats.values)))
    return floats, whole


def _axes(block):
    """(number of a constant, ``reduce_sum.axes``) of each axis or order of axes that an operation is given."""
    made = {operation.outputs[0].name: index for index, operation in enumerate(block.operations) if operation.outputs}
    return [
        (made[binding.name], f"{operation.type}.{key}")
        for operation in block.operations
        for key in ("axis", "axes", "perm")
        if key in operation.inputs
        for binding in operation.inputs[key].arguments
        if binding.name in made
    ]


def _two_sided(operation):
    return operation.type not in _SYMMETRIC and {"x", "y"} <= set(operation.inputs)


def _changed(where, how):
    return lambda package: change(package, where, how)


def _edited(edit):
    def make(package):
        specification = read_specification(package)
        edit(main_block(specification).operations)
        write_specification(package, specification)

    return make


def _other_axis(index):
    def edit(operations):
        values = operations[index].attributes["val"].immediateValue.tensor.ints.values
        values[:] = list(values)[::-1] if len(values) > 1 else [0 if axis else 1 for axis in values]

    return _edited(edit)


def _swapped(index):
    return _edited(lambda operations: swap(operations[index], "x", "y"))


def _replaced(index):
    def edit(operations):
        operations[index].type = _OTHER[operations[index].type]

    return _edited(edit)


def seeded(name):
    """A generator of its own for each name, the same in every run."""
    return np.random.default_rng(list(name.encode()))
