"""What a package holds once it is read: values with names, operations in order, and what the interface promises."""

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Port:
    """An input or output of the package. ``bounds`` gives (smallest, largest) for each axis, or ``None`` when not stated."""

    name: str
    dtype: str
    bounds: tuple | None

    @property
    def shape(self):
        """Text for people: ``(rows, 4)``; a flexible axis is ``1 to 100000``, or ``rows`` when it comes first."""
        if self.bounds is None:
            return "not stated"
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
    ``outputs`` lists (name, dtype, shape), where a shape has ``None`` for an axis that is known only when it runs."""

    kind: str
    name: str
    inputs: dict
    outputs: tuple


@dataclass(frozen=True)
class Program:
    """The main function of a saved package. ``constants`` maps names to read-only arrays."""

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

    def listing(self):
        """The program as text, one operation a line; small constants are written out, large ones by shape."""
        lines = []
        for operation in self.operations:
            arguments = ", ".join(f"{key}={self._show(value)}" for key, value in sorted(operation.inputs.items()))
            made = ", ".join(f"{name}: {_type(dtype, shape)}" for name, dtype, shape in operation.outputs)
            lines.append(f"{made} = {operation.kind}({arguments})")
        return "\n".join([*lines, f"return {', '.join(self.results)}"])

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
        for operation in self.operations:
            _feed(total, operation.kind, [value for _, value in sorted(operation.inputs.items())])
            _feed(total, repr((sorted(operation.inputs), operation.outputs)), "")
        _feed(total, repr((self.results, sorted(map(repr, self.inputs.values())))), "")
        return total.hexdigest()


def _type(dtype, shape):
    return f"{dtype}[{', '.join('rows' if size is None else str(size) for size in shape)}]"


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
        total.update(value.tobytes() if value.size < 16 else memoryview(value.reshape(-1)).cast("B"))
