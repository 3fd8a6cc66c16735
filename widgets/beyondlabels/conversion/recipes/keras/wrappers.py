"""Layers around another layer."""

import keras
import numpy as np

from ....mil.blocks import builder
from .recurrent import given_states
from .walk import layer, refuse

L = keras.layers


@layer(L.TimeDistributed)
def time_distributed(layer, x, mask=None, walk=None):
    """The inner layer on every step: the steps are rows of their own for as long as it works."""
    mb = builder()
    if mask is not None and layer.layer._call_has_mask_arg:
        refuse("a mask for the inner layer")
    steps = int(x.shape[1])
    y = walk.one(layer.layer)(mb.reshape(x=x, shape=[-1, *(int(size) for size in x.shape[2:])]))
    if isinstance(y, (list, tuple)):
        refuse("an inner layer with several outputs")
    return mb.reshape(x=y, shape=[-1, steps, *(int(size) for size in y.shape[1:])])


@layer(L.SpectralNormalization)
def spectral_normalization(layer, x, walk=None):
    """The inner layer: its weights were divided by their largest singular value in training."""
    return walk.one(layer.layer)(x)


@layer(L.Bidirectional)
def bidirectional(layer, x, initial_state=None, mask=None, walk=None):
    """One layer forwards, one backwards, the results put together; steps of the second are turned round."""
    mb = builder()
    states = given_states(initial_state)
    half = len(states) // 2 if states else 0
    options = [{}, {}] if not states else [{"initial_state": states[:half]}, {"initial_state": states[half:]}]
    results, ends = [], []
    for inner, own in zip((layer.forward_layer, layer.backward_layer), options, strict=True):
        made = walk.one(inner)(x, **own, **({} if mask is None else {"mask": mask}))
        made = list(made) if layer.return_state else [made]
        results.append(made[0])
        ends += made[1:]
    forward, backward = results
    if layer.return_sequences:
        backward = mb.reverse(x=backward, axes=[1])
    if layer.merge_mode is None:
        return [forward, backward, *ends]
    result = _merged(layer.merge_mode, forward, backward)
    return [result, *ends] if layer.return_state else result


def _merged(mode, forward, backward):
    mb = builder()
    if mode == "concat":
        return mb.concat(values=[forward, backward], axis=-1)
    if mode == "mul":
        return mb.mul(x=forward, y=backward)
    total = mb.add(x=forward, y=backward)
    return mb.mul(x=total, y=np.float32(0.5)) if mode == "ave" else total
