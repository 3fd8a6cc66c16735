"""One function per layer of a neural network, parameters named as the format names them: ``LAYERS[kind](*inputs, **parameters)``.

The rules are those of ``NeuralNetwork.proto`` (Core ML Model Format Specification, apple/coremltools, 2026). "Channel",
"height" and "width" are the axes -3, -2 and -1, "sequence" is -5. Everything is float32. ``CONTROL`` names what is part of
the walk (see ``network.py``). Left out on purpose: ``custom`` (code of an app) and ``NonMaximumSuppression``.
"""

from . import (
    activation,
    broadcasting,
    choosing,
    comparing,
    convolution,
    dense,
    elementwise,
    gathering,
    making,
    normalization,
    pooling,
    random,
    recurrent,
    reduction,
    resizing,
    shape,
    shape_nd,
    slicing,
    unary,
)
from .registry import LAYERS

CONTROL = ("copy", "branch", "loop", "loopBreak", "loopContinue")

__all__ = [
    "CONTROL",
    "LAYERS",
    "activation",
    "broadcasting",
    "choosing",
    "comparing",
    "convolution",
    "dense",
    "elementwise",
    "gathering",
    "making",
    "normalization",
    "pooling",
    "random",
    "recurrent",
    "reduction",
    "resizing",
    "shape",
    "shape_nd",
    "slicing",
    "unary",
]
