"""The inputs of a package, and the one table they lie in side by side while an export is verified."""

from dataclasses import dataclass

import numpy as np

from ..errors import BadInput

_WHOLE = 2.0**24  # float32 holds every whole number up to here


@dataclass(frozen=True)
class Input:
    """``name``; ``shape`` of one row, ``()`` when that is a single number; ``dtype``: "float32" or "int32"; ``image``: an
    ``ImageInput`` where the input is an image of the shape (channels, height, width), one a call; ``called``: other names
    that a sample may use, the model's own; ``table``: how many vectors an embedding has that the input looks up, or ``None``."""

    name: str
    shape: tuple
    dtype: str = "float32"
    image: object = None
    called: tuple = ()
    table: int | None = None

    @property
    def width(self):
        """How many numbers one row holds."""
        return int(np.prod(self.shape, dtype=np.int64))


class Inputs(tuple):
    """The ``Input`` objects of a package in order. A table holds their rows flattened, side by side: (rows, numbers)."""

    @property
    def plain(self):
        """Whether this is the one input ``x`` of shape (rows, features)."""
        return len(self) == 1 and self[0].name == "x" and len(self[0].shape) == 1

    @property
    def one_at_a_time(self):
        """Whether a call takes a single row, as it does where an input is an image."""
        return any(each.image is not None for each in self)

    @property
    def width(self):
        """How many columns the table has."""
        return sum(each.width for each in self)

    def split(self, table):
        """Input name -> array of its own shape and type, from a table."""
        ends = np.cumsum([each.width for each in self])
        parts = np.split(np.asarray(table), ends[:-1], axis=1)
        return {
            each.name: part.reshape(len(part), *each.shape).astype(each.dtype)
            for each, part in zip(self, parts, strict=True)
        }

    def whole(self, table):
        """The table with the columns of integer inputs and of pixels rounded to whole numbers, and those that an embedding
        looks up held within its vectors."""
        whole = [each.dtype == "int32" or each.image is not None for each in self]
        columns = np.concatenate([np.full(each.width, own) for each, own in zip(self, whole, strict=True)])
        last = np.concatenate([np.full(each.width, np.inf if each.table is None else each.table - 1) for each in self])
        return np.where(columns, np.minimum(np.rint(table), last), table) if columns.any() else table

    def joined(self, sample):
        """(the table as float64, the largest change that rounding to float32 makes) from a sample: a dict or list of
        arrays, or the array itself where there is one input. Raises ``BadInput`` for what a package cannot be given."""
        parts = [_checked(each, value) for each, value in zip(self, self._values(sample), strict=True)]
        counts = {each.name: len(part) for each, part in zip(self, parts, strict=True)}
        if len(set(counts.values())) > 1:
            raise BadInput(f"the inputs of the sample differ in their number of rows: {counts}")
        if 0 in counts.values():
            raise BadInput("the sample has no rows; pass at least one row to verify the package with")
        given = np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)
        rounded = given.astype(np.float32).astype(np.float64)
        return rounded, float(np.abs(rounded - given).max(initial=0.0))

    def _values(self, sample):
        names = [each.name for each in self]
        if sample is None:
            raise BadInput("the sample is None; pass rows of the model's inputs to verify the package with")
        if isinstance(sample, dict):
            found = [[key for key in sample if key in (each.name, *each.called)] for each in self]
            if len(sample) != len(self) or any(len(keys) != 1 for keys in found):
                raise BadInput(f"the sample has the inputs {list(sample)}; the model takes {names}")
            return [sample[key] for (key,) in found]
        if len(self) == 1:
            listed = isinstance(sample, (list, tuple)) and len(sample) == 1
            return [sample[0] if listed and np.ndim(sample[0]) == 1 + len(self[0].shape) else sample]
        if not isinstance(sample, (list, tuple)) or len(sample) != len(self):
            raise BadInput(f"the model takes {len(self)} inputs; pass the sample as a dict with the names {names}")
        return list(sample)


def _checked(port, value):
    """One input of the sample as float64, of shape (rows, *shape)."""
    try:
        array = np.asarray(value)
        array = array.astype(np.float64) if array.dtype.kind in "fiubO" else array
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(f"input {port.name!r} of the sample is no array of numbers ({error})") from None
    if array.dtype.kind != "f":
        raise BadInput(f"input {port.name!r} of the sample is of type {array.dtype}; encode it as numbers first")
    if array.ndim == 0 or array.shape[1:] != port.shape:
        wanted = ", ".join(map(str, ("rows", *port.shape)))
        raise BadInput(f"input {port.name!r} of the sample has shape {array.shape}; the model takes ({wanted})")
    with np.errstate(over="ignore"):
        wrong = ~np.isfinite(array.astype(np.float32))
    reason = "is not a finite number that float32 can hold"
    if port.dtype == "int32" and not wrong.any():
        wrong, reason = (array != np.rint(array)) | (np.abs(array) > _WHOLE), "is no whole number up to 16,777,216"
    if port.table is not None and not wrong.any():
        wrong = array >= port.table
        reason = f"is beyond the model's Embedding: its {port.table} vectors are numbered 0 to {port.table - 1}"
    if wrong.any():
        where = tuple(int(index) for index in np.argwhere(wrong)[0])
        raise BadInput(f"the sample's value {array[where]} in row {where[0]} of input {port.name!r} {reason}")
    return array
