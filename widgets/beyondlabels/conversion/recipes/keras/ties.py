"""Rows on which a Keras model itself could fall either way, for outputs that are places or whole numbers."""

import keras
import numpy as np

from .models import graph, inputs_of, outputs_of, predicted

_HANDED_ON = ("Cast", "Reshape", "ExpandDims", "Squeeze", "Identity", "StopGradient")
_JITTERS = 4


def jumps(model):
    """Outputs that are floats made of a place, such as ``cast(argmax(x), "float32")``."""
    tensors = zip(outputs_of(model), graph(model).outputs, strict=True)
    return tuple(name for name, tensor in tensors if "float" in tensor.dtype and _compared(tensor) is not None)


def ties(model, name, X, near):
    """Behind argmax and argmin: the two best values lie within ``near`` of their size. Elsewhere: the answer changes when
    the inputs that are floats move by ``near`` of their size."""
    names = list(outputs_of(model))
    tensor = graph(model).outputs[names.index(name)]
    place = _compared(tensor)
    if place is not None:
        return _close(model, place, X, near)
    method, floats = outputs_of(model)[name], _float_columns(model)
    if not floats.any():
        return np.zeros(len(X), bool)
    random, here = np.random.RandomState(0), predicted(model, method, X)
    size = near * (np.abs(X) + np.sqrt(np.square(X).mean(axis=0)))
    moved = [X + floats * size * random.choice([-1.0, 1.0], X.shape) for _ in range(_JITTERS)]
    differs = [(predicted(model, method, each) != here).reshape(len(X), -1).any(axis=1) for each in moved]
    return np.any(differs, axis=0)


def _compared(tensor):
    """(the values whose places an output gives, the axis, +1 for the largest or -1 for the smallest), or ``None``."""
    while True:
        history = tensor._keras_history
        operation = history.operation
        if isinstance(operation, (keras.layers.InputLayer, keras.Model)):  # not into a model inside the model
            return None
        given = operation._inbound_nodes[history.node_index].input_tensors
        kind = type(operation).__name__
        if kind in ("Argmax", "Argmin"):
            return given[0], operation.axis, 1 if kind == "Argmax" else -1
        if kind not in _HANDED_ON:
            return None
        tensor = given[0]


def _float_columns(model):
    return np.concatenate([np.full(each.width, each.dtype == "float32") for each in inputs_of(model)])


def _close(model, place, X, near):
    tensor, axis, sign = place
    values = keras.Model(graph(model)._inputs_struct, tensor)
    scores = sign * np.asarray(predicted(values, "predict", X), np.float64)
    best = np.sort(np.moveaxis(scores, axis, -1), axis=-1)
    if best.shape[-1] < 2:
        return np.zeros(len(X), bool)
    size = np.maximum(np.abs(best[..., -1]), np.sqrt(np.square(scores).mean()))
    return (best[..., -1] - best[..., -2] <= near * size).reshape(len(X), -1).any(axis=1)
