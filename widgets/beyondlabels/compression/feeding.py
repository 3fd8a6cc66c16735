"""Giving a sample to a package, ours or another's, and collecting its outputs with rows first."""

from types import SimpleNamespace

import numpy as np

from ..conversion import sample as samples
from ..conversion.inputs import Input, Inputs
from ..runtime import feature_names
from ..runtime.calls import Calls, as_calls
from ..runtime.package import MISSING
from ..runtime.pictures import planes


class Feed:
    """A checked sample: ``inputs`` as the package takes them, ``rows`` as one table (rows, numbers).

    ``batches``: whether a call takes any number of rows; else each row of the sample is a call of its own.
    """

    def __init__(self, package, sample):
        self._calls = calls = Calls(package)
        self.batches = calls.batches
        ports = package.program.inputs
        if isinstance(sample, dict):
            pictures = {name: _pictures(ports[name], value) for name, value in sample.items() if name in ports}
            sample = as_calls(ports, calls.alone, sample | pictures)
        elif len(ports) == 1:
            (port,) = ports.values()
            given = {port.name: _pictures(port, package.in_order(sample))}
            sample = as_calls(ports, calls.alone, given)[port.name]
        self.inputs, sample = self._shapes(list(ports.values()), sample)
        self.rows = samples.compared_rows(self._checked(package.program.metadata, sample))

    def split(self, rows):
        """What each call is given, from a table of rows."""
        step = self._calls.at_once
        for start in range(0, len(rows), step):
            yield from (given for _, given in self._calls.parts(self.inputs.split(rows[start : start + step])))

    def outputs(self, package, rows=None):
        """Output name -> array with rows first, of the loaded ``package`` for the sample or for a table of ``rows``."""
        parts = [
            package.predict(each, state=_state(package)) for each in self.split(self.rows if rows is None else rows)
        ]
        made = self._calls.joined(parts)
        return {name: _table(value) if isinstance(value, list) else value for name, value in made.items()}

    def values(self, package):
        """Every value of the program by name, call by call."""
        return (package.values(each, state=_state(package)) for each in self.split(self.rows))

    def _shapes(self, ports, sample):
        """(the ``Inputs``, the sample): an open axis has the length that it has in the sample; a table whose rows hold all
        numbers of an input flattened is given its shape."""
        given = sample if isinstance(sample, dict) else {ports[0].name: sample} if len(ports) == 1 else {}
        inputs = Inputs(
            Input(port.name, _row_shape(self._calls.shape(port), given.get(port.name)), port.dtype) for port in ports
        )
        flat = (
            not isinstance(sample, (dict, list, tuple)) and np.ndim(sample) == 2 and np.shape(sample)[1] == inputs.width
        )
        if flat and not (len(inputs) == 1 and len(inputs[0].shape) == 1):
            table = samples.checked(sample, None, inputs.width).rows
            return inputs, inputs.split(table)
        return inputs, sample

    def _checked(self, metadata, sample):
        if not self.inputs.plain or isinstance(sample, dict):
            return samples.checked_inputs(sample, self.inputs).rows
        names = feature_names(metadata)
        names = [] if names == [f"x{index}" for index in range(len(names))] else names
        model = SimpleNamespace(feature_names_in_=names) if names else None
        return samples.checked(sample, model, self.inputs.width, metadata.get(MISSING) == "allowed").rows


def _pictures(port, value):
    """Pictures as ``predict`` takes them, as the rows that the program reads; anything else as it is."""
    if not port.image:
        return value
    rows = [value] if hasattr(value, "convert") else value
    listed = isinstance(rows, (list, tuple)) and any(hasattr(row, "convert") or np.ndim(row) > 1 for row in rows[:1])
    if not listed and getattr(rows, "ndim", 0) not in (3, 4):
        return value
    alone = (row[None] if getattr(row, "ndim", 0) == 3 else row for row in rows)
    return np.concatenate([planes(port, row) for row in alone])


def _table(rows):
    """A classifier's probabilities of each row by class, as an array."""
    return np.array([[row[name] for name in rows[0]] for row in rows])


def _row_shape(bounds, value):
    shape = np.shape(value)[1:] if value is not None and not isinstance(value, list) else ()
    found = shape if len(shape) == len(bounds) else [low for low, _ in bounds]
    return tuple(low if low == high else int(size) for (low, high), size in zip(bounds, found, strict=True))


def _state(package):
    return package.make_state() if package.program.states else None
