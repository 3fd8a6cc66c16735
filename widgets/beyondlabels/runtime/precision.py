"""The same program in another precision, made in memory: what float16 would do to it, or float64, simulated in NumPy."""

from dataclasses import replace

import numpy as np

from ..errors import BadInput
from .package import Package
from .program import Operation, Ref

_SHORT = {"float16": "fp16", "float32": "fp32", "float64": "fp64"}


def in_precision(package, dtype):
    """A ``Package`` that computes the program of ``package`` with every float value of ``dtype``, "float16", "float32"
    or "float64".

    In float16 each input, each constant and the result of each operation is rounded to the nearest float16, beyond
    65,504 to infinity, as in a package that was exported in half precision. In float32 nothing is rounded to float16 any
    more, yet constants that were stored in float16 keep the digits they have. In float64 nothing is rounded to float32: no
    Core ML package computes so, but it shows what float32 has cost. Nothing is saved: this is a simulation, and Apple's
    hardware may keep more digits inside an operation. Names of values stay; an input ``x`` that is rounded becomes
    ``x_to_fp16``, one that is widened ``x_to_fp64``. Raises ``BadInput`` for another dtype.
    """
    if dtype not in _SHORT:
        raise BadInput(f"precision {dtype!r} is not known; choose one of {', '.join(_SHORT)}")
    program = package.program
    old = "float16" if dtype == "float32" else "float32"
    taken = {*program.constants, *program.inputs, *(out[0] for each in program.operations for out in each.outputs)}
    rounded, first = {}, []
    for name, port in program.inputs.items():
        if port.dtype == old == "float32":
            rounded[name] = _unused(f"{name}_to_{_SHORT[dtype]}", taken)
            shape = None if port.bounds is None else tuple(None if low != high else low for low, high in port.bounds)
            made = ((rounded[name], dtype, shape),)
            first.append(Operation("cast", rounded[name], {"x": Ref(name), "dtype": _SHORT[dtype]}, made))
    change = _Change(old, dtype, rounded, program.constants)
    constants = {name: change.value(value) for name, value in program.constants.items()}
    operations = (*first, *(change.operation(each) for each in program.operations))
    return Package(replace(program, constants=constants, operations=operations))


def _unused(name, taken):
    while name in taken:
        name += "_"
    taken.add(name)
    return name


class _Change:
    """From the precision ``old`` to ``new``, with values renamed by ``names``."""

    def __init__(self, old, new, names, constants):
        self.old, self.new, self.names, self.constants = old, new, names, constants

    def operation(self, operation):
        inputs = {key: self.value(value) for key, value in operation.inputs.items()}
        if operation.kind == "cast" and self._text(inputs.get("dtype")) == _SHORT[self.old]:
            inputs["dtype"] = _SHORT[self.new]
        outputs = tuple((name, self._type(dtype), shape) for name, dtype, shape in operation.outputs)
        blocks = tuple(self._block(each) for each in operation.blocks)
        return replace(operation, inputs=inputs, outputs=outputs, blocks=blocks)

    def value(self, value):
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, Ref):
            return Ref(self.names.get(value.name, value.name))
        if isinstance(value, np.ndarray) and value.dtype == self.old:
            with np.errstate(over="ignore"):
                return value.astype(self.new)
        return value

    def _block(self, block):
        return replace(
            block,
            constants={name: self.value(value) for name, value in block.constants.items()},
            operations=tuple(self.operation(each) for each in block.operations),
            results=tuple(self.names.get(name, name) for name in block.results),
        )

    def _type(self, dtype):
        return self.new if dtype == self.old else dtype

    def _text(self, value):
        return self.constants.get(value.name) if isinstance(value, Ref) else value
