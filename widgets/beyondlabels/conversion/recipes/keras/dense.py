"""Dense layers: a product with a matrix, or the sums of products that an equation spells."""

import keras
import numpy as np

from ....mil.blocks import builder
from .activation import activate
from .walk import layer, refuse
from .weights import kernel_and_bias, numbers


@layer(keras.layers.Dense)
def dense(layer, x):
    """x @ kernel + bias along the last axis; kernel (in, units) in Keras, (units, in) in Core ML."""
    kernel, bias = kernel_and_bias(layer, layer.units)
    return activate(layer.activation, linear(x, kernel, bias))


def linear(x, kernel, bias):
    """x @ kernel + bias for a kernel of shape (in, out)."""
    return builder().linear(x=x, weight=np.ascontiguousarray(kernel.T), bias=bias)


@layer(keras.layers.EinsumDense)
def einsum_dense(layer, x):
    """The equation as one matrix product: axes of x that it keeps, axes it sums over, axes that come from the kernel.

    An axis that x, kernel and result share is a batch of products. Core ML's own einsum takes few equations.
    """
    mb = builder()
    equation = layer.equation.replace(" ", "")
    if "..." in equation:
        equation = _without_dots(equation, x.rank)
    inputs, result = equation.split("->")
    of_x, of_kernel = inputs.split(",")
    if any(len(set(part)) < len(part) for part in (of_x, of_kernel, result)):
        refuse(f"equation {layer.equation} names an axis twice")
    shared = [each for each in of_x if each in of_kernel and each in result]
    kept = [each for each in of_x if each not in of_kernel]
    summed = [each for each in of_x if each in of_kernel and each not in result]
    made = [each for each in of_kernel if each not in of_x]
    if set(result) != set(shared + kept + made):
        refuse(f"equation {layer.equation} drops an axis")
    kernel = numbers(layer.kernel)
    sizes = dict(zip(of_kernel, kernel.shape, strict=True))
    row = kept[0] if kept else None
    if row != of_x[0]:
        refuse(f"equation {layer.equation} mixes rows")
    sizes |= {each: size for each, size in zip(of_x, x.shape, strict=True) if each != row}
    depth = int(np.prod([sizes[each] for each in summed], dtype=np.int64))
    out = int(np.prod([sizes[each] for each in made], dtype=np.int64))
    matrix = kernel.transpose([of_kernel.index(each) for each in shared + summed + made])
    # (rows, shared, kept, summed) @ (shared, summed, made): every axis but the rows has a known size.
    order = [row, *shared, *kept[1:], *summed]
    x = mb.transpose(x=x, perm=[of_x.index(each) for each in order])
    inner = int(np.prod([sizes[each] for each in kept[1:]], dtype=np.int64))
    batch = [sizes[each] for each in shared]
    x = mb.reshape(x=x, shape=[-1, *batch, inner, depth])
    matrix = np.ascontiguousarray(matrix.reshape(1, *batch, depth, out) if batch else matrix.reshape(depth, out))
    y = mb.matmul(x=x, y=matrix)
    y = mb.reshape(x=y, shape=[-1, *batch, *(sizes[each] for each in kept[1:]), *(sizes[each] for each in made)])
    now = [row, *shared, *kept[1:], *made]
    y = mb.transpose(x=y, perm=[now.index(each) for each in result])
    if layer.bias is not None:
        y = mb.add(x=y, y=numbers(layer.bias))
    return activate(layer.activation, y)


def _without_dots(equation, rank):
    """The equation with letters for its dots: ``...x,xy->...y`` becomes ``abx,xy->aby`` for three axes."""
    inputs, result = equation.split("->")
    of_x, of_kernel = inputs.split(",")
    free = [each for each in "abcdefghijklmnopqrstuvwxyz" if each not in equation]
    dots = "".join(free[: rank - len(of_x.replace("...", ""))])
    return f"{of_x.replace('...', dots)},{of_kernel}->{result.replace('...', dots)}"
