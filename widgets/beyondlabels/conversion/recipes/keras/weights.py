"""Reading weights, whatever backend holds them."""

import numpy as np
from keras import ops

from ....mil.blocks import constant


def numbers(variable):
    """A weight as a float32 array. Raises ``OverflowError`` where it is not finite."""
    return constant(ops.convert_to_numpy(variable))


def kernel_and_bias(layer, units):
    """(kernel, bias) of a layer as float32, the bias zeros where it has none."""
    # A dense layer with LoRA or quantisation gives the kernel that counts through its own property.
    kernel = numbers(layer.kernel)
    bias = numbers(layer.bias) if layer.bias is not None else np.zeros(units, np.float32)
    return np.ascontiguousarray(kernel), bias
