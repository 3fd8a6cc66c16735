"""A package that has been read: what it expects, what it gives, and running it."""

from math import prod

import numpy as np

from ..errors import BadInput
from . import core_ml
from .guard import guarded
from .inspect import feature_names
from .pictures import planes
from .run import make_state, run

_AT_ONCE = 2**25
MISSING = "com.beyondlabels.missing"  # metadata: whether NaN is a legal input, "allowed" or "refused"


class Package:
    """A loaded package. ``program`` is what was read; ``predict`` and ``values`` run it in NumPy on any system."""

    def __init__(self, program):
        self.program = program

    def __repr__(self):
        made = ", ".join(f"{port.name} {port.shape}" for port in self.program.outputs.values())
        taken = ", ".join(f"{port.name} {port.shape}" for port in self.program.inputs.values())
        return f"Package({self.program.path!r}: {taken} -> {made}, {len(self.program.operations)} operations)"

    def predict(self, inputs, state=None):
        """Outputs by name for ``inputs`` by name, e.g. ``predict({"x": X})`` with X of shape (rows, features).

        Numbers are cast to the input's own type (float32); the columns of a DataFrame are found by name, see ``in_order``. An
        image input takes one picture: an image of Pillow, or an array (height, width, channels) of pixels from 0 to 255 in
        red, green and blue. A package that keeps states wants ``state=make_state()`` and writes into it. Raises ``BadInput``
        for a missing or unknown name, a wrong shape, text, NaN, infinity, or a value that the type cannot hold, such as a
        fraction for an input of whole numbers; ``BadPackage`` when the program cannot run.
        """
        return self._run(inputs, state=state)

    def values(self, inputs, state=None):
        """Every value of the program by name (inputs, constants, intermediate values and outputs), in order."""
        return self._run(inputs, keep=True, state=state)

    def in_order(self, table):
        """``table`` as it is, but a DataFrame with the columns that the package was exported with, in that order; others are
        left out.

        A frame is read as it is where it names no columns (0, 1, 2 …), where the package names none (x0, x1, x2 …), and where
        it has several inputs. Raises ``BadInput`` for a column that is missing or there twice.
        """
        wanted = feature_names(self.program.metadata)
        if not hasattr(table, "columns") or not wanted or len(self.program.inputs) != 1:
            return table
        own = list(table.columns)
        names = [str(name) for name in own]
        missing = [name for name in wanted if name not in names]
        unnamed = wanted == [f"x{place}" for place in range(len(wanted))] or own == list(range(len(own)))
        if missing and unnamed:
            return table
        if missing:
            raise BadInput(
                f"the table lacks the columns {missing}; it has {names}: name its columns so, or pass an array with the "
                f"columns {wanted} in this order"
            )
        twice = [name for name in wanted if names.count(name) > 1]
        if twice:
            raise BadInput(f"the table has the columns {twice} more than once; leave out all but one of each")
        return table[[own[names.index(name)] for name in wanted]]

    def rows_at_once(self, most=1_000):
        """How many rows a call may have, at most ``most``, so that no value of the program holds more than 33 million numbers."""
        made = [shape for each in self.program.operations for _, _, shape in each.outputs if shape is not None]
        widest = max((prod(size for size in shape if size) for shape in made), default=1)
        return max(1, min(most, _AT_ONCE // widest))

    def make_state(self):
        """A fresh state for ``predict``: everything the package keeps from one prediction to the next, set to zero."""
        with guarded(self.program.path, "run"):
            return make_state(self.program)

    def predict_with_core_ml(self, inputs):
        """The same through Core ML itself. Raises ``BadInput`` off macOS, where there is no Core ML."""
        colors = {port.name: port.image for port in self.program.inputs.values() if port.image}
        return core_ml.predict(self.program.path, self._checked(inputs), *([colors] if colors else []))

    def _run(self, inputs, **options):
        checked = self._checked(inputs)
        with guarded(self.program.path, "run"):
            return run(self.program, checked, **options)

    def _checked(self, inputs):
        if not isinstance(inputs, dict):
            raise BadInput(f"expected a dict of inputs, such as {{'x': X}}, found {type(inputs).__name__}")
        wanted = list(self.program.inputs)
        if set(inputs) != set(wanted):
            raise BadInput(f"the package takes the inputs {wanted}, found {sorted(map(str, inputs))}")
        nan = self.program.metadata.get(MISSING) == "allowed"
        return {name: _array(port, self.in_order(inputs[name]), nan) for name, port in self.program.inputs.items()}


def _array(port, value, nan):
    value = planes(port, value) if port.image else value
    if hasattr(value, "tocsr"):
        raise BadInput(f"input {port.name!r} is a sparse matrix; pass it with .toarray(), a package reads dense rows")
    try:
        numbers = np.asarray(value)
        if numbers.dtype.kind == "O" and not any(isinstance(each, (str, bytes)) for each in numbers.flat):
            numbers = numbers.astype(np.float64)
    except (ValueError, TypeError, OverflowError):
        raise BadInput(f"input {port.name!r} holds something that is no number; leave it out or encode it") from None
    if numbers.dtype.kind == "c":
        raise BadInput(
            f"input {port.name!r} holds complex numbers; a package reads real ones: pass what it was trained on, such as the "
            "real parts or numpy.abs of them"
        )
    if numbers.dtype.kind not in "fiub":
        raise BadInput(
            f"input {port.name!r} is of type {numbers.dtype}; expected numbers: convert text to numbers first"
        )
    if port.bounds is not None:
        fits = numbers.ndim == len(port.bounds)
        fits = fits and all(low <= size <= high for size, (low, high) in zip(numbers.shape, port.bounds, strict=True))
        if not fits or (port.shapes and numbers.shape not in port.shapes):
            if port.shapes:
                raise BadInput(
                    f"input {port.name!r} has shape {numbers.shape}; the package takes {port.shape} and no other"
                )
            low, high = (port.bounds or ((1, 1),))[0]
            rows = f", {low:,} to {high:,} rows" if low < high else ""
            raise BadInput(f"input {port.name!r} has shape {numbers.shape}; the package takes {port.shape}{rows}")
    with np.errstate(over="ignore", invalid="ignore"):
        cast = np.array(numbers, port.dtype, order="C")  # a copy: a program may hand its input on as an output
    if cast.dtype.kind == "b" or (cast.dtype.kind == "f" and np.isfinite(cast).all()):
        return cast
    wrong = _beyond(numbers, cast.dtype) if cast.dtype.kind in "iu" else ~np.isfinite(cast) & ~(np.isnan(numbers) & nan)
    if wrong.any():
        where = tuple(int(index) for index in np.argwhere(wrong)[0])
        place = f"at row {where[0]}, column {where[-1]} " if where else ""
        raise BadInput(f"input {port.name!r}: the value {numbers[where]} {place}{_reason(numbers[where], cast.dtype)}")
    return cast


def _beyond(numbers, dtype):
    """Where ``numbers`` are nothing that the integer type ``dtype`` can hold."""
    ends = np.iinfo(dtype)
    if numbers.dtype.kind == "f":
        numbers = numbers.astype(np.float64)  # float32 has no 2,147,483,647
    return (numbers < ends.min) | (numbers > ends.max) | (numbers != np.rint(numbers))


def _reason(value, dtype):
    if not np.isfinite(value):
        return "is not a finite number"
    if dtype.kind == "f":
        return f"is too large for {dtype}"
    ends = np.iinfo(dtype)
    return f"is no whole number from {ends.min:,} to {ends.max:,}, which {dtype} holds"
