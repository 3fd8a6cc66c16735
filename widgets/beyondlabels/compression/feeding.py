"""Giving a sample to a package, ours or another's, and collecting its outputs with rows first."""

import json
from types import SimpleNamespace

import numpy as np

from ..conversion import sample as samples
from ..conversion.inputs import Input, Inputs
from ..errors import BadInput
from ..runtime.package import MISSING


class Feed:
    """A checked sample: ``inputs`` as the package takes them, ``rows`` as one table (rows, numbers).

    ``batches``: whether a call takes any number of rows; else each row of the sample is a call of its own, ``alone`` with
    an axis of length 1 in front, or as it is.
    """

    def __init__(self, package, sample):
        ports = list(package.program.inputs.values())
        if not ports or any(port.bounds is None for port in ports):
            raise BadInput("the package does not state the shape of its inputs; export it again with shapes")
        first = [port.bounds[0] for port in ports]
        self.batches = all(low < high for low, high in first)
        self.alone = self.batches or all(pair == (1, 1) for pair in first)
        self._most = min(package.rows_at_once(), *(high for _, high in first))
        self.inputs, sample = self._shapes(ports, sample if self.alone else _as_calls(ports, sample))
        self.rows = samples.compared_rows(self._checked(package.program.metadata, sample))

    def split(self, rows):
        """What each call is given, from a table of rows."""
        step = self._most if self.batches else 1
        for start in range(0, len(rows), step):
            given = self.inputs.split(rows[start : start + step])
            yield given if self.alone else {name: value[0] for name, value in given.items()}

    def outputs(self, package, rows=None):
        """Output name -> array with rows first, of the loaded ``package`` for the sample or for a table of ``rows``."""
        parts = [
            package.predict(each, state=_state(package)) for each in self.split(self.rows if rows is None else rows)
        ]
        return {name: self._joined([part[name] for part in parts]) for name in parts[0]}

    def values(self, package):
        """Every value of the program by name, call by call."""
        return (package.values(each, state=_state(package)) for each in self.split(self.rows))

    def _joined(self, parts):
        if self.batches:
            return np.concatenate(parts)
        if isinstance(parts[0], dict):  # a classifier's probabilities by class
            return np.array([[part[name] for name in parts[0]] for part in parts])
        return np.concatenate(parts) if all(np.ndim(part) and len(part) == 1 for part in parts) else np.stack(parts)

    def _shapes(self, ports, sample):
        """(the ``Inputs``, the sample): an open axis has the length that it has in the sample; a table whose rows hold all
        numbers of an input flattened is given its shape."""
        given = sample if isinstance(sample, dict) else {ports[0].name: sample} if len(ports) == 1 else {}
        inputs = Inputs(
            Input(
                port.name, _row_shape(port.bounds[1:] if self.alone else port.bounds, given.get(port.name)), port.dtype
            )
            for port in ports
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
        names = _features(metadata)
        model = SimpleNamespace(feature_names_in_=names) if names else None
        return samples.checked(sample, model, self.inputs.width, metadata.get(MISSING) == "allowed").rows


def _as_calls(ports, sample):
    """The sample with an axis for the calls in front where it is what a single call takes."""
    if len(ports) == 1 and not isinstance(sample, dict):
        return np.asarray(sample)[None] if _is_call(ports[0], sample) else sample
    if isinstance(sample, dict) and all(port.name in sample and _is_call(port, sample[port.name]) for port in ports):
        return {name: np.asarray(value)[None] for name, value in sample.items()}
    return sample


def _is_call(port, value):
    shape = np.shape(value) if hasattr(value, "shape") else ()
    return len(shape) == len(port.bounds) and all(
        low <= size <= high for size, (low, high) in zip(shape, port.bounds, strict=True)
    )


def _row_shape(bounds, value):
    shape = np.shape(value)[1:] if value is not None and not isinstance(value, list) else ()
    found = shape if len(shape) == len(bounds) else [low for low, _ in bounds]
    return tuple(low if low == high else int(size) for (low, high), size in zip(bounds, found, strict=True))


def _features(metadata):
    """The columns a package was exported with, where they had names."""
    try:
        names = [str(name) for name in json.loads(metadata.get("com.beyondlabels.features", "[]"))]
    except (ValueError, TypeError):
        return []
    return [] if names == [f"x{index}" for index in range(len(names))] else names


def _state(package):
    return package.make_state() if package.program.states else None
