"""What a package holds once it is read: values with names, operations in order, and what the interface promises."""

import hashlib
from dataclasses import dataclass, field

SUB_BYTE = {"int4": 4, "uint1": 1, "uint2": 2, "uint3": 3, "uint4": 4, "uint6": 6}  # types narrower than a byte: bits


def storage(dtype):
    """The NumPy type that holds values of ``dtype``: its own, or a whole byte for the types narrower than that."""
    return ("int8" if dtype == "int4" else "uint8") if dtype in SUB_BYTE else dtype


@dataclass(frozen=True)
class Port:
    """An input or output of the package. ``bounds`` gives (smallest, largest) for each axis, or ``None`` when not stated;
    ``image``: "RGB", "BGR" or "GRAYSCALE" where Core ML itself takes an image; ``shapes``: the only ones that it takes, where
    the package lists them."""

    name: str
    dtype: str
    bounds: tuple | None
    image: str = ""
    shapes: tuple = field(default=(), repr=False)  # no part of a program's digest

    @property
    def shape(self):
        """Text for people: ``(rows, 4)``; a flexible axis is ``1 to 100000``, or ``rows`` when it comes first."""
        if self.bounds is None:
            return "not stated"
        if self.shapes:
            return " or ".join(map(str, self.shapes))
        words = [str(low) if low == high else f"{low} to {high}" for low, high in self.bounds]
        if words and self.bounds[0][0] != self.bounds[0][1]:
            words[0] = "rows"
        return f"({', '.join(words)})"


@dataclass(frozen=True)
class Ref:
    """The name of a value made earlier in the program."""

    name: str


@dataclass(frozen=True)
class Operation:
    """One operation: ``inputs`` maps MIL's parameter names to a ``Ref``, an array, or a list of these;
    ``outputs`` lists (name, dtype, shape), where a shape has ``None`` for an axis that is known only when it runs
    (and is ``None`` where even their number is).
    ``blocks`` are the branches of a ``cond``, or the condition and the body of a ``while_loop``."""

    kind: str
    name: str
    inputs: dict
    outputs: tuple
    blocks: tuple = ()


@dataclass(frozen=True)
class Block:
    """Operations within an operation: names it takes, its own constants, operations in order, names it returns. It sees the
    values of the blocks around it."""

    inputs: tuple
    constants: dict
    operations: tuple
    results: tuple


@dataclass(frozen=True)
class Program:
    """The main function of a saved package. ``constants`` maps names to read-only arrays, ``states`` names to the
    (dtype, shape) of what is kept from one prediction to the next."""

    path: str
    specification: int
    inputs: dict
    outputs: dict
    constants: dict
    operations: tuple
    results: tuple
    metadata: dict
    weights_sha256: str
    notes: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    unpacked: dict = field(
        default_factory=dict, init=False, compare=False, repr=False
    )  # what compressed constants hold, once made
    plan: dict = field(default_factory=dict, init=False, compare=False, repr=False)  # how to walk it, once worked out

    def listing(self):
        """The program as text, one operation a line; small constants are written out, large ones by shape."""
        return "\n".join([*self.lines(self.operations), f"return {', '.join(self.results)}"])

    def lines(self, operations, indent=""):
        """These operations as text, one line each, their blocks indented below them."""
        for operation in operations:
            arguments = ", ".join(f"{key}={self._show(value)}" for key, value in sorted(operation.inputs.items()))
            made = ", ".join(f"{name}: {_type(dtype, shape)}" for name, dtype, shape in operation.outputs)
            yield f"{indent}{made}{' = ' if made else ''}{operation.kind}({arguments})"
            for block in operation.blocks:
                yield f"{indent}  block({', '.join(block.inputs)})"
                yield from self.lines(block.operations, f"{indent}    ")
                yield f"{indent}    return {', '.join(block.results)}"

    def _show(self, value):
        if isinstance(value, list):
            return f"[{', '.join(self._show(item) for item in value)}]"
        if isinstance(value, Ref):
            return self._show(self.constants[value.name]) if value.name in self.constants else value.name
        if isinstance(value, str):
            return repr(value)
        return str(value.tolist()) if value.size <= 4 else f"{value.dtype}{list(value.shape)}"

    def digest(self):
        """sha-256 over every operation, its parameters and the bytes of every constant: any change to what the program
        computes changes it. Names of intermediate values count too, so it is stable for one saved file, not across files."""
        total = hashlib.sha256()
        for name, value in sorted(self.constants.items()):
            _feed(total, name, value)
        _feed_operations(total, self.operations)
        _feed(total, repr((self.results, sorted(map(repr, self.inputs.values())))), "")
        if self.states:
            _feed(total, repr(sorted(self.states.items())), "")
        return total.hexdigest()


def _type(dtype, shape):
    if shape is None:
        return f"{dtype}[any]"
    return f"{dtype}[{', '.join('rows' if size is None else str(size) for size in shape)}]"


def _feed_operations(total, operations):
    for operation in operations:
        _feed(total, operation.kind, [value for _, value in sorted(operation.inputs.items())])
        _feed(total, repr((sorted(operation.inputs), operation.outputs)), "")
        for block in operation.blocks:
            for name, value in sorted(block.constants.items()):
                _feed(total, name, value)
            _feed_operations(total, block.operations)
            _feed(total, repr((block.inputs, block.results)), "")


def _feed(total, name, value):
    """Add a name and its value to a running hash; arrays by type, shape and bytes, without a copy as text."""
    total.update(f"{name}\0".encode())
    if isinstance(value, list):
        for item in value:
            _feed(total, "item", item)
    elif isinstance(value, (Ref, str)):
        total.update(repr(value).encode())
    else:
        total.update(repr((str(value.dtype), value.shape)).encode())
        total.update(value.tobytes() if value.size < 16 else value.reshape(-1).view("u1"))
