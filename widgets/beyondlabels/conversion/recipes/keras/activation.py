"""Activation functions, by the function itself, and the layers that are nothing else.

Formulas: Keras 3 API reference, Layer activations (2026), and the functions' own source.
"""

import keras
import numpy as np
from keras import activations

from ....mil.blocks import builder, lowest
from .walk import layer, refuse
from .weights import numbers


def _scaled(x, factor):
    return builder().mul(x=x, y=np.float32(factor))


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """x above the threshold, ``negative_slope`` times what it lies below it, at most ``max_value``."""
    mb = builder()
    if not negative_slope and not threshold:
        if max_value is None:
            return mb.relu(x=x)
        return mb.relu6(x=x) if max_value == 6 else mb.clip(x=x, alpha=np.float32(0), beta=np.float32(max_value))
    if not threshold and max_value is None:
        return leaky_relu(x, negative_slope)
    y = mb.select(cond=mb.greater(x=x, y=np.float32(threshold)), a=x, b=np.float32(0)) if threshold else mb.relu(x=x)
    if max_value is not None:
        y = mb.clip(x=y, alpha=np.float32(0), beta=np.float32(max_value))
    if negative_slope:
        below = mb.relu(x=mb.sub(x=np.float32(threshold), y=x))
        y = mb.sub(x=y, y=_scaled(below, negative_slope))
    return y


def leaky_relu(x, negative_slope=0.2):
    """x, or ``negative_slope`` times x below 0."""
    return builder().leaky_relu(x=x, alpha=np.float32(negative_slope))


def elu(x, alpha=1.0):
    """x, or alpha (exp(x) - 1) below 0."""
    return builder().elu(x=x, alpha=np.float32(alpha))


def gelu(x, approximate=False):
    """x times the normal distribution function, exact or by tanh."""
    return builder().gelu(x=x, mode="TANH_APPROXIMATION" if approximate else "EXACT")


def celu(x, alpha=1.0):
    """x, or alpha (exp(x / alpha) - 1) below 0."""
    mb = builder()
    below = mb.elu(x=mb.minimum(x=_scaled(x, 1 / alpha), y=np.float32(0)), alpha=np.float32(1))
    return mb.add(x=mb.relu(x=x), y=_scaled(below, alpha))


def selu(x):
    """1.0507 x, or 1.0507 * 1.6733 (exp(x) - 1) below 0 (Klambauer et al., Self-Normalizing Neural Networks, 2017)."""
    return _scaled(elu(x, 1.6732632423543772), 1.0507009873554805)


def mish(x):
    """x tanh(softplus(x))."""
    mb = builder()
    return mb.mul(x=x, y=mb.tanh(x=mb.softplus(x=x)))


def log_softmax(x, axis=-1):
    """x - log sum exp x, with the largest taken off first so that nothing overflows."""
    mb = builder()
    centred = mb.sub(x=x, y=mb.reduce_max(x=x, axes=[axis], keep_dims=True))
    total = mb.reduce_sum(x=mb.exp(x=centred), axes=[axis], keep_dims=True)
    return mb.sub(x=centred, y=mb.log(x=total, epsilon=np.float32(0)))


def softmax(x, axis=-1):
    """exp x over its sum along the axis, or along several axes."""
    mb = builder()
    if isinstance(axis, int):
        return mb.softmax(x=x, axis=axis)
    axes = [int(each) for each in axis]
    made = mb.exp(x=mb.sub(x=x, y=mb.reduce_max(x=x, axes=axes, keep_dims=True)))
    return mb.real_div(x=made, y=mb.reduce_sum(x=made, axes=axes, keep_dims=True))


def log_sigmoid(x):
    """-softplus(-x)."""
    return _scaled(builder().softplus(x=_scaled(x, -1)), -1)


def squareplus(x, b=4):
    """(x + sqrt(x² + b)) / 2."""
    mb = builder()
    return _scaled(mb.add(x=x, y=mb.sqrt(x=mb.add(x=mb.mul(x=x, y=x), y=np.float32(b)))), 0.5)


def sparse_plus(x):
    """0 up to -1, x from 1 on, (x + 1)² / 4 between."""
    mb = builder()
    between = mb.add(x=mb.clip(x=x, alpha=np.float32(-1), beta=np.float32(1)), y=np.float32(1))
    return mb.select(cond=mb.less(x=x, y=np.float32(1)), a=_scaled(mb.mul(x=between, y=between), 0.25), b=x)


def sparse_sigmoid(x):
    """(x held between -1 and 1, + 1) / 2."""
    mb = builder()
    return _scaled(mb.add(x=mb.clip(x=x, alpha=np.float32(-1), beta=np.float32(1)), y=np.float32(1)), 0.5)


def hard_sigmoid(x):
    """x / 6 + 0.5 held between 0 and 1."""
    return builder().sigmoid_hard(x=x, alpha=np.float32(1 / 6), beta=np.float32(0.5))


def hard_silu(x):
    """x hard_sigmoid(x)."""
    return builder().mul(x=x, y=hard_sigmoid(x))


def hard_tanh(x):
    """x held between -1 and 1."""
    return builder().clip(x=x, alpha=np.float32(-1), beta=np.float32(1))


def hard_shrink(x, threshold=0.5):
    """x where it is further than the threshold from 0, else 0."""
    mb = builder()
    far = mb.greater(x=mb.abs(x=x), y=np.float32(threshold))
    return mb.select(cond=far, a=x, b=np.float32(0))


def soft_shrink(x, threshold=0.5):
    """x moved by the threshold towards 0, and 0 where it would pass it."""
    mb = builder()
    above = mb.relu(x=mb.sub(x=x, y=np.float32(threshold)))
    return mb.sub(x=above, y=mb.relu(x=mb.sub(x=np.float32(-threshold), y=x)))


def tanh_shrink(x):
    """x - tanh(x)."""
    mb = builder()
    return mb.sub(x=x, y=mb.tanh(x=x))


def sparsemax(x, axis=-1):
    """What of x lies above a threshold, found from the sorted values (Martins and Astudillo, From Softmax to Sparsemax, 2016).

    The threshold is Keras's own: 3.15 adds up the running sums of all values above it, where the paper takes the last of
    them, so the results need not sum to 1. A package computes what the model computes.
    """
    mb = builder()
    axis %= x.rank
    size = int(x.shape[axis])
    shape = [size if each == axis else 1 for each in range(x.rank)]
    ordered, _ = mb.topk(x=x, k=size, axis=axis, ascending=False)
    running = mb.cumsum(x=ordered, axis=axis, exclusive=False, reverse=False)
    summed = mb.sub(x=running, y=np.float32(1))
    place = np.arange(1, size + 1, dtype=np.float32).reshape(shape)
    inside = mb.cast(x=mb.greater(x=ordered, y=mb.real_div(x=summed, y=place)), dtype="fp32")
    count = mb.reduce_sum(x=inside, axes=[axis], keep_dims=True)
    total = mb.reduce_sum(x=mb.mul(x=running, y=inside), axes=[axis], keep_dims=True)
    return mb.relu(x=mb.sub(x=x, y=mb.real_div(x=mb.sub(x=total, y=np.float32(1)), y=count)))


def threshold(x, threshold, default_value):
    """x above the threshold, else the default value."""
    mb = builder()
    return mb.select(cond=mb.greater(x=x, y=np.float32(threshold)), a=x, b=np.float32(default_value))


def glu(x, axis=-1):
    """The first half along the axis times the sigmoid of the second."""
    mb = builder()
    first, second = mb.split(x=x, num_splits=2, axis=axis)
    return mb.mul(x=first, y=mb.sigmoid(x=second))


FUNCTIONS = {
    activations.linear: lambda x: x,
    activations.relu: relu,
    activations.leaky_relu: leaky_relu,
    activations.relu6: lambda x: builder().relu6(x=x),
    activations.softmax: softmax,
    activations.log_softmax: log_softmax,
    activations.sigmoid: lambda x: builder().sigmoid(x=x),
    activations.log_sigmoid: log_sigmoid,
    activations.hard_sigmoid: hard_sigmoid,
    activations.sparse_sigmoid: sparse_sigmoid,
    activations.tanh: lambda x: builder().tanh(x=x),
    activations.hard_tanh: hard_tanh,
    activations.tanh_shrink: tanh_shrink,
    activations.softplus: lambda x: builder().softplus(x=x),
    activations.squareplus: squareplus,
    activations.sparse_plus: sparse_plus,
    activations.softsign: lambda x: builder().softsign(x=x),
    activations.silu: lambda x: builder().silu(x=x),
    activations.hard_silu: hard_silu,
    activations.elu: elu,
    activations.selu: selu,
    activations.celu: celu,
    activations.gelu: gelu,
    activations.mish: mish,
    activations.exponential: lambda x: builder().exp(x=x),
    activations.hard_shrink: hard_shrink,
    activations.soft_shrink: soft_shrink,
    activations.threshold: threshold,
    activations.glu: glu,
    activations.sparsemax: sparsemax,
}
ALONG_AN_AXIS = (activations.softmax, activations.log_softmax, activations.glu, activations.sparsemax)


def activate(activation, x):
    """``x`` through a layer's ``activation``: one of Keras's functions, a layer, or ``None``."""
    if activation is None:
        return x
    if isinstance(activation, keras.layers.Layer):
        return _from_layer(activation, x)
    write = FUNCTIONS.get(activation) if callable(activation) else None
    if write is None:
        refuse(f"activation {getattr(activation, '__name__', activation)}")
    return write(x)


def _from_layer(activation, x):
    from .walk import writer

    write = writer(activation)
    if write is None:
        refuse(f"activation {type(activation).__name__}")
    return write(activation, x)


@layer(keras.layers.Activation)
def activation(layer, x):
    return activate(layer.activation, x)


@layer(keras.layers.ReLU)
def relu_layer(layer, x):
    return relu(x, float(layer.negative_slope), layer.max_value, float(layer.threshold))


@layer(keras.layers.LeakyReLU)
def leaky_relu_layer(layer, x):
    return leaky_relu(x, layer.negative_slope)


@layer(keras.layers.ELU)
def elu_layer(layer, x):
    return elu(x, layer.alpha)


@layer(keras.layers.PReLU)
def prelu_layer(layer, x):
    """relu(x) - alpha relu(-x), alpha of the shape of one row or 1 along shared axes."""
    mb = builder()
    below = mb.relu(x=_scaled(x, -1))
    return mb.sub(x=mb.relu(x=x), y=mb.mul(x=below, y=numbers(layer.alpha)[None]))


@layer(keras.layers.Softmax)
def softmax_layer(layer, x, mask=None):
    """Masked positions are set far below the others first, as Keras does."""
    if mask is not None:
        x = masked(x, mask)
    axis = layer.axis
    if not isinstance(axis, int):
        axis = [int(each) for each in axis]
        axis = axis[0] if len(axis) == 1 else axis
    return softmax(x, axis)


def masked(x, mask):
    """x where the boolean mask holds, else far below; the mask may have axes of size one."""
    return builder().select(cond=mask, a=x, b=lowest())
