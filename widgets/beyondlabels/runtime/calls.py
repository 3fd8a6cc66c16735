"""How the rows of a table go through a package: many to a call, or one."""

import numpy as np

from ..errors import BadInput


class Calls:
    """The calls that rows make of a loaded ``package``.

    ``batches``: whether a call takes any number of rows, then at most ``most`` of them; else each row is a call of its own,
    ``alone`` with an axis of length 1 in front, or as it is. Raises ``BadInput`` where the inputs state no shape.
    """

    def __init__(self, package, most=1_000):
        ports = list(package.program.inputs.values())
        if not ports or any(port.bounds is None for port in ports):
            raise BadInput("the package does not state the shape of its inputs; export it again with shapes")
        first = [port.bounds[0] if port.bounds else (0, 0) for port in ports]
        self.batches = all(low < high for low, high in first)
        self.alone = self.batches or all(pair == (1, 1) for pair in first)
        self.at_once = min(package.rows_at_once(most), *(high for _, high in first)) if self.batches else 1

    def shape(self, port):
        """The (smallest, largest) of each axis of one row of ``port``."""
        return port.bounds[1:] if self.alone else port.bounds

    def parts(self, given):
        """(number of the first row, what the call is given) of each call, from arrays by name, rows first."""
        for start in range(0, len(next(iter(given.values()))), self.at_once):
            part = {name: value[start : start + self.at_once] for name, value in given.items()}
            yield start, part if self.alone else {name: value[0] for name, value in part.items()}

    def joined(self, parts):
        """Output name -> what all calls gave, rows first; a list of dicts or texts where a call gives one of these."""
        return {name: self._joined([part[name] for part in parts]) for name in parts[0]}

    def _joined(self, values):
        if self.batches:
            return np.concatenate(values) if np.ndim(values[0]) else np.stack(values)
        if isinstance(values[0], dict):  # a classifier's probabilities by class
            return values
        return np.concatenate(values) if all(np.ndim(each) and len(each) == 1 for each in values) else np.stack(values)


def as_calls(ports, alone, given):
    """``given``, arrays by name, with an axis for the calls in front where each is what a single call takes."""
    if alone or set(given) != set(ports) or not all(_is_call(ports[name], value) for name, value in given.items()):
        return given
    return {name: np.asarray(value)[None] for name, value in given.items()}


def _is_call(port, value):
    shape = np.shape(value) if hasattr(value, "shape") else ()
    return len(shape) == len(port.bounds) and all(
        low <= size <= high for size, (low, high) in zip(shape, port.bounds, strict=True)
    )
