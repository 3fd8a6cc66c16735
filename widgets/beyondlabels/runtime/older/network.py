"""The walk over a network's layers, with branches and loops; every value (a blob) is float32 and has a name."""

import numpy as np

from ...errors import BadPackage
from ..bounds import STEPS, spend
from .layers import LAYERS
from .layers.registry import flag

_RECURRENT = ("simpleRecurrent", "gru", "uniDirectionalLSTM", "biDirectionalLSTM")  # a state that is not given is 0


def walk(layers, blobs):
    """Run ``layers`` in order on ``blobs`` (name -> float32 array) and put what they make in there.

    Raises ``BadPackage`` naming the layer that refuses its inputs. Returns "break" or "continue" when a layer of that
    kind ended the walk, else ``None``.
    """
    for layer in layers:
        if layer.kind in ("loopBreak", "loopContinue"):
            return layer.kind.removeprefix("loop").lower()
        if layer.kind == "branch":
            signal = _branch(layer, blobs)
            if signal:
                return signal
        elif layer.kind == "loop":
            _loop(layer, blobs)
        else:
            blobs.update(zip(layer.outputs, step(layer, blobs), strict=False))
    return None


def step(layer, blobs):
    """What one layer makes, as a tuple of float32 arrays."""
    inputs = [_read(layer, name, blobs) for name in layer.inputs]
    if layer.kind == "copy":
        return tuple(inputs)
    try:
        with np.errstate(all="ignore"):
            made = LAYERS[layer.kind](*inputs, **layer.parameters)
    except MemoryError:
        raise BadPackage(f"{_title(layer)} needs more memory than there is; use fewer rows") from None
    except Exception as error:
        shapes = [getattr(each, "shape", each) for each in inputs]
        raise BadPackage(f"{_title(layer)} cannot run on {shapes}: {error}") from error
    made = made if isinstance(made, tuple) else (made,)
    if len(made) < len(layer.outputs):
        raise BadPackage(f"{_title(layer)} makes {len(made)} values, the network names {len(layer.outputs)}")
    return tuple(np.asarray(each, np.float32) for each in made)


def _read(layer, name, blobs):
    if name in blobs:
        return blobs[name]
    if layer.kind in _RECURRENT and name != layer.inputs[0]:
        return None
    raise BadPackage(f"{_title(layer)} reads {name!r} before anything has made it")


def _branch(layer, blobs):
    taken = layer.parameters["ifBranch" if flag(_read(layer, layer.inputs[0], blobs)) else "elseBranch"]
    return walk(taken, blobs) if taken else None


def _loop(layer, blobs):
    known = layer.parameters
    most = known["maxLoopIterations"]
    if layer.inputs:
        most = int(np.ravel(_read(layer, layer.inputs[0], blobs))[0])
    bounded = bool(layer.inputs or most)
    done = 0
    while True:
        if known["conditionNetwork"]:
            walk(known["conditionNetwork"], blobs)
            if not flag(_read(layer, known["conditionVar"], blobs)):
                return
        if done >= most and (bounded or not known["conditionNetwork"]):
            return
        if walk(known["bodyNetwork"] or (), blobs) == "break":
            return
        done += 1
        _spend(layer, blobs)


def _spend(layer, blobs):
    """Count one round of a loop. Raises ``BadPackage`` where a prediction has run too many."""
    parts = [known for known in (layer.parameters["conditionNetwork"], layer.parameters["bodyNetwork"]) if known]
    made = sum(getattr(blobs.get(name), "size", 1) for part in parts for each in part for name in each.outputs)
    if spend(1 + sum(map(len, parts)), made):
        raise BadPackage(
            f"{_title(layer)} has not ended after {STEPS:,} layers in its rounds, or as much work on large values: let the loop "
            "end sooner, or predict fewer rows"
        )


def _title(layer):
    return f"layer {layer.kind!r} ({layer.name})"
