"""One function per MIL operation, parameters named as MIL names them: dispatch is ``OPS[kind](**inputs)``.

The rules followed are those of the MIL operation reference (Apple, coremltools API, MIL Ops, 2025). ``cond`` and
``while_loop`` are in ``run.py``, ``const`` in ``reading.py``: they are part of the walk.
"""

from importlib import import_module
from inspect import isfunction

_FAMILIES = (
    "activation",
    "arithmetic",
    "choosing",
    "convolution",
    "gathering",
    "keeping",
    "linear",
    "logic",
    "making",
    "moving",
    "normalization",
    "pooling",
    "random",
    "recurrent",
    "reduction",
    "resizing",
    "sampling",
    "shape",
    "sorting",
    "unary",
    "unpacking",
)

OPS = {
    name.rstrip("_"): function
    for family in (import_module(f".{name}", __name__) for name in _FAMILIES)
    for name, function in vars(family).items()
    if isfunction(function) and function.__module__ == family.__name__ and not name.startswith("_")
}
