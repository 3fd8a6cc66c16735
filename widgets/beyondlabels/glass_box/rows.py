"""The rows that are sent through a package, in the form in which it takes them."""

import numpy as np

from beyondlabels.errors import BadInput


class Rows:
    """``X`` for a package: an array or DataFrame where it has one input, else a dict or list of arrays, rows first.

    A package whose inputs have room for several rows gets them at once; one that takes exactly one row gets them one after
    the other; where the first axis is anything else, all of X counts as one row. The columns of a DataFrame are found by name.
    Raises ``BadInput``.
    """

    def __init__(self, package, X):
        self._package = package
        ports = package.program.inputs
        self._given = X = _in_order(package, X)
        self.inputs = _by_name(list(ports), X)
        first = {(port.bounds or ((0, 0),))[0] for port in ports.values() if port.bounds is not None}
        self._at_once = all(low <= 1 < high for low, high in first)
        self._rowwise = self._at_once or first == {(1, 1)}
        if self._rowwise:
            _insist_rows(ports, self.inputs)
        counts = {name: len(value) if np.ndim(value) else 0 for name, value in self.inputs.items()}
        if self._rowwise and len(set(counts.values())) > 1:
            raise BadInput(f"the inputs differ in their number of rows: {counts}")
        self.count = min(counts.values(), default=1) if self._rowwise else 1
        if not self.count:
            raise BadInput("X has no rows; pass at least one row to send through the program")

    def run(self, package, which):
        """Every value of ``package`` by name for the rows of these numbers, rows first where a value has rows."""
        which = np.atleast_1d(which)
        if not self._rowwise:
            return self._values(package, self.inputs)
        if self._at_once:
            return self._values(package, {name: value[which] for name, value in self.inputs.items()})
        runs = [self._values(package, {name: value[[row]] for name, value in self.inputs.items()}) for row in which]
        return {name: _joined([each[name] for each in runs]) for name in runs[0]}

    def of(self, which, values):
        """The rows ``which`` of X in the form X has, for the model; of pictures, what the program makes of their pixels before
        the model's own part begins, from its ``values`` in float32."""
        X = self._given
        (port, *_) = self._package.program.inputs.values()
        if port.image:
            return _as_trained(port.name, self._package.program.operations, values)
        if not self._rowwise:
            return X
        if isinstance(X, dict):
            return {name: np.asarray(value)[which] for name, value in X.items()}
        if isinstance(X, (list, tuple)) and len(self.inputs) > 1:
            return [np.asarray(value)[which] for value in X]
        return X.iloc[which] if hasattr(X, "iloc") else np.asarray(X)[which]

    def _values(self, package, inputs):
        state = package.make_state() if package.program.states else None
        return package.values(inputs, state=state)


def _insist_rows(ports, inputs):
    for name, value in inputs.items():
        port = ports[name]
        if port.bounds and not port.image and value.ndim != len(port.bounds):
            advice = ": for one row, pass it in a list of its own, [row]" if value.ndim == len(port.bounds) - 1 else ""
            raise BadInput(f"input {name!r} is of shape {value.shape}; the package takes {port.shape}{advice}")


def _as_trained(name, operations, values):
    """Pictures as the model wants them, channels last, after the scaling that an export has written for ``name``."""
    at = name
    for step in ("scaled", "shifted"):
        name = f"{name}_{step}" if {f"{name}_{step}", f"{name}_{step}_cast_fp16"} & set(values) else name
        at = next((each for each in (name, f"{name}_cast_fp16") if each in values), at)
    numbers = np.moveaxis(values[at], 1, -1)
    read = (at, f"{at}_to_fp16")
    squeezed = any(each.kind == "squeeze" and getattr(each.inputs["x"], "name", "") in read for each in operations)
    return numbers[..., 0] if squeezed else numbers


def _joined(values):
    """The values of several runs of one row each as one array; what does not depend on the row's shape stays a stack."""
    first = values[0]
    if len(values) == 1 or not isinstance(first, np.ndarray):
        return first
    if any(each.shape != first.shape for each in values):
        return first
    return np.concatenate(values) if first.ndim and len(first) == 1 else np.stack(values)


def _in_order(package, X):
    if isinstance(X, dict):
        return {name: package.in_order(value) for name, value in X.items()}
    return package.in_order(X)


def _by_name(names, X):
    if isinstance(X, dict):
        if set(X) != set(names):
            raise BadInput(f"the package takes the inputs {names}, found {sorted(map(str, X))}")
        return {name: _array(X[name]) for name in names}
    if len(names) == 1:
        return {names[0]: _array(X)}
    if isinstance(X, (list, tuple)) and len(X) == len(names):
        return {name: _array(value) for name, value in zip(names, X, strict=True)}
    raise BadInput(f"the package takes {len(names)} inputs; pass X as a dict of arrays with the names {names}")


def _array(value):
    if hasattr(value, "tocsr"):
        raise BadInput("X is a sparse matrix; pass X.toarray(), a package reads dense rows")
    try:
        return np.asarray(value)
    except ValueError as error:
        raise BadInput(f"X is not an array of numbers ({error})") from None
