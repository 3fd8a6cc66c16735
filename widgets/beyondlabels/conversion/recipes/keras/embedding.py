"""Looking up vectors by number."""

import keras
import numpy as np

from ....mil.blocks import builder
from .walk import layer, refuse
from .weights import numbers


@layer(keras.layers.Embedding)
def embedding(layer, x):
    """The row of the table for each number in x. With ``mask_zero`` the graph itself holds the mask, as an operation."""
    mb = builder()
    return mb.gather(x=numbers(layer.embeddings), indices=_whole(x), axis=0)


@layer(keras.layers.ReversibleEmbedding)
def reversible_embedding(layer, x, reverse=False):
    """The same, or the way back: a product with the table, turned over, or with a table of its own."""
    mb = builder()
    if layer.mask_zero:
        refuse("mask_zero=True")
    if not reverse:
        return embedding(layer, x)
    table = numbers(layer.embeddings) if layer.tie_weights else numbers(layer.reverse_embeddings).T
    scores = mb.linear(x=x, weight=np.ascontiguousarray(table))
    if layer.logit_soft_cap is None:
        return scores
    cap = np.float32(layer.logit_soft_cap)
    return mb.mul(x=mb.tanh(x=mb.real_div(x=scores, y=cap)), y=cap)


def _whole(x):
    from coremltools.converters.mil.mil import types

    return x if x.dtype == types.int32 else builder().cast(x=x, dtype="int32")


@layer(keras.layers.Masking)
def masking(layer, x):
    """x with every step set to 0 that equals the mask value throughout."""
    mb = builder()
    known = mb.cast(x=mb.not_equal(x=x, y=np.float32(layer.mask_value)), dtype="fp32")
    return mb.mul(x=x, y=mb.reduce_max(x=known, axes=[x.rank - 1], keep_dims=True))
