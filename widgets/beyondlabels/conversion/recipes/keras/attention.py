"""Attention: weights over the steps of a sequence, by a softmax of products (Vaswani et al., Attention Is All You Need,
2017), and the older kinds."""

from functools import reduce

import keras
import numpy as np

from ....mil.blocks import HALF, builder, lowest
from .activation import masked
from .dense import linear
from .values import TRUTH, cast, is_var, plain
from .walk import layer, refuse
from .weights import numbers

L = keras.layers


@layer(L.MultiHeadAttention)
def multi_head(layer, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, **options):
    """Each head: softmax(q k / sqrt(key size)) v, for q, k and v of shape (rows, heads, steps, size).

    A masked query weighs all keys alike, as in Keras.
    """
    key = value if key is None else key
    _only_sequences(layer, query, key, value)
    q, k, v = (
        _heads(each, x) for each, x in ((layer.query_dense, query), (layer.key_dense, key), (layer.value_dense, value))
    )
    masks = _queries(query_mask), _keys(value_mask), _keys(key_mask)
    return _attended(layer, q, k, v, masks, layer.key_dim, layer.output_dense, **options)


@layer(L.GroupQueryAttention)
def grouped_query(layer, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, **options):
    """The same with several query heads to each head of keys and values (Ainslie et al., GQA, 2023)."""
    mb = builder()
    key = value if key is None else key
    if any(each is not None for each in (query_mask, value_mask, key_mask)):
        refuse("a mask")
    _only_sequences(layer, query, key, value)
    q = _heads(layer._query_dense, query)
    k, v = (_heads(each, x) for each, x in ((layer._key_dense, key), (layer._value_dense, value)))
    places = np.repeat(np.arange(layer.num_key_value_heads), layer.num_query_heads // layer.num_key_value_heads)
    k, v = (mb.gather(x=each, indices=places.astype(np.int32), axis=1) for each in (k, v))
    return _attended(layer, q, k, v, (), layer.head_dim, layer._output_dense, **options)


def _only_sequences(layer, *values):
    if any(each.rank != 3 for each in values):
        refuse("attention over more than one axis")
    if getattr(layer, "_sliding_window", None) is not None or getattr(layer, "sliding_window", None) is not None:
        refuse("sliding_window")
    if getattr(layer, "_use_gate", False) or getattr(layer, "use_gate", False):
        refuse("use_gate=True")


def _attended(
    layer,
    q,
    k,
    v,
    masks,
    size,
    output,
    attention_mask=None,
    return_attention_scores=False,
    use_causal_mask=False,
):
    """What both kinds share, and the options of a call that both know."""
    mb = builder()
    scores = mb.matmul(x=mb.mul(x=q, y=np.float32(1 / np.sqrt(float(size)))), y=k, transpose_y=True)
    steps = int(q.shape[2]), int(k.shape[2])
    mask = _all_of(*masks, attention_mask, _causal(steps) if use_causal_mask else None)
    if mask is not None:
        scores = masked(scores, mask)
    weights = mb.softmax(x=scores, axis=-1)
    mixed = mb.transpose(x=mb.matmul(x=weights, y=v), perm=[0, 2, 1, 3])
    kernel = numbers(output.kernel)
    flat = mb.reshape(x=mixed, shape=[-1, int(mixed.shape[1]), int(mixed.shape[2] * mixed.shape[3])])
    kernel = kernel.reshape(-1, *kernel.shape[2:])
    if kernel.ndim != 2:
        refuse("output_shape of several axes")
    made = linear(flat, kernel, _bias(output, kernel.shape[-1]))
    return (made, weights) if return_attention_scores else made


def _heads(dense, x):
    """x through a projection whose kernel has the shape (in, heads, size): (rows, heads, steps, size)."""
    mb = builder()
    kernel = numbers(dense.kernel)
    _, heads, size = kernel.shape
    y = linear(x, kernel.reshape(kernel.shape[0], -1), _bias(dense, heads * size))
    return mb.transpose(x=mb.reshape(x=y, shape=[-1, int(x.shape[1]), heads, size]), perm=[0, 2, 1, 3])


def _bias(dense, size):
    return numbers(dense.bias).reshape(-1) if dense.bias is not None else np.zeros(size, np.float32)


def _keys(mask):
    """A mask of keys (rows, keys) as (rows, 1, keys)."""
    return None if mask is None else builder().expand_dims(x=cast(mask, TRUTH), axes=[1])


def _queries(mask):
    """A mask of queries (rows, queries) as (rows, queries, 1)."""
    return None if mask is None else builder().expand_dims(x=cast(mask, TRUTH), axes=[2])


def _causal(steps):
    """True where a query may look: at its own place and before it."""
    return np.tril(np.ones((1, 1, *steps), bool))


def _all_of(*masks):
    """The masks together, of shape (rows or 1, heads or 1, queries or 1, keys); ``None`` when there is none."""
    mb = builder()
    found = [_for_heads(plain(mask)) for mask in masks if mask is not None]
    constants = [mask for mask in found if not is_var(mask)]
    values = [mask for mask in found if is_var(mask)]
    if constants:
        values.append(reduce(np.logical_and, constants))
    return reduce(lambda x, y: mb.logical_and(x=x, y=y), values) if values else None


def _for_heads(mask):
    """A mask (rows, queries, keys) with an axis for the heads."""
    if not is_var(mask):
        return np.asarray(mask, bool).reshape(1, 1, *np.shape(mask)[-2:])
    mask = cast(mask, TRUTH)
    return builder().expand_dims(x=mask, axes=[1]) if mask.rank == 3 else mask


@layer(L.Attention)
def attention(layer, inputs, mask=None, return_attention_scores=False, use_causal_mask=False):
    """softmax(q k) v, or with ``score_mode="concat"`` a softmax of the sum of tanh(q + k)."""
    mb = builder()
    query, value, key = _three(inputs)
    if layer.score_mode == "dot":
        scores = mb.matmul(x=query, y=key, transpose_y=True)
        if layer.scale is not None:
            scores = mb.mul(x=scores, y=numbers(layer.scale))
    else:
        added = _every_pair(query, key)
        added = added if layer.scale is None else mb.mul(x=added, y=numbers(layer.scale))
        scores = mb.reduce_sum(x=mb.tanh(x=added), axes=[3], keep_dims=False)
        scores = mb.mul(x=scores, y=numbers(layer.concat_score_weight))
    return _weighed(scores, value, mask, return_attention_scores, use_causal_mask)


@layer(L.AdditiveAttention)
def additive(layer, inputs, mask=None, return_attention_scores=False, use_causal_mask=False):
    """A softmax of the sum of scale tanh(q + k) (Bahdanau, Cho and Bengio, 2014)."""
    mb = builder()
    query, value, key = _three(inputs)
    added = mb.tanh(x=_every_pair(query, key))
    added = mb.mul(x=added, y=numbers(layer.scale)) if layer.use_scale else added
    scores = mb.reduce_sum(x=added, axes=[3], keep_dims=False)
    return _weighed(scores, value, mask, return_attention_scores, use_causal_mask)


def _three(inputs):
    query, value, *rest = inputs
    return query, value, rest[0] if rest else value


def _every_pair(query, key):
    """q + k for every pair of steps: (rows, queries, keys, size)."""
    mb = builder()
    return mb.add(x=mb.expand_dims(x=query, axes=[2]), y=mb.expand_dims(x=key, axes=[1]))


def _weighed(scores, value, mask, with_scores, causal):
    """Keras subtracts 1e9 where a value must not count, and so does this; half precision cannot, and holds them low instead."""
    mb = builder()
    of_query, of_value = mask[:2] if mask else (None, None)
    steps = int(scores.shape[1]), int(scores.shape[2])
    if HALF.get() and (of_value is not None or causal):
        allowed = [] if of_value is None else [mb.expand_dims(x=of_value, axes=[1])]
        allowed += [_causal(steps)[0]] if causal else []
        scores = masked(scores, reduce(lambda x, y: mb.logical_and(x=x, y=y), allowed))
    elif of_value is not None:
        off = mb.cast(x=mb.logical_not(x=mb.expand_dims(x=of_value, axes=[1])), dtype="fp32")
        if causal:
            off = mb.maximum(x=off, y=(~_causal(steps)[0]).astype(np.float32))
        scores = mb.add(x=scores, y=mb.mul(x=off, y=lowest()))
    elif causal:
        scores = mb.add(x=scores, y=(~_causal(steps)[0]).astype(np.float32) * lowest())
    weights = mb.softmax(x=scores, axis=-1)
    made = mb.matmul(x=weights, y=value)
    if of_query is not None:
        made = mb.mul(x=made, y=mb.expand_dims(x=mb.cast(x=of_query, dtype="fp32"), axes=[2]))
    return (made, weights) if with_scores else made
