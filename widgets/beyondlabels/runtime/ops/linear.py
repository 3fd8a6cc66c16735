"""Products of matrices."""

import numpy as np

from ..bounds import products, room
from .layout import in_order


def matmul(x, y, transpose_x=False, transpose_y=False):
    """x @ y over the last two axes, with either transposed first; leading axes broadcast."""
    x, y = in_order(x), in_order(y)
    x = np.swapaxes(x, -1, -2) if transpose_x and x.ndim > 1 else x
    y = np.swapaxes(y, -1, -2) if transpose_y and y.ndim > 1 else y
    return _product(x, y)


def linear(x, weight, bias=None):
    """x @ weight.T + bias: x of shape (..., in), weight (out, in), bias (out,)."""
    product = _product(in_order(x), weight.T)
    return product if bias is None else product + bias


def einsum(values, equation):
    """The sum of products that ``equation`` spells, such as ``nchw,nwhu->nchu``; axes of size one broadcast."""
    left, right = (part.strip() for part in equation.split("->"))
    first, second = (part.strip() for part in left.split(","))
    x, y = values
    if "." in equation:
        products(x.size * y.size)
    else:
        _insist_room(x, first, y, second, right)
    if "." in equation or any(len(set(part)) < len(part) for part in (first, second, right)):
        return np.einsum(equation, x, y)
    summed = [label for label in first if label in second and label not in right]
    both = [label for label in right if label in first and label in second]
    only_x = [label for label in first if label not in second and label in right]
    only_y = [label for label in second if label not in first and label in right]
    if set(first + second) - set(summed + both + only_x + only_y) or not set(right) <= set(first + second):
        return np.einsum(equation, x, y)
    x, y = _same_sizes(x, first, y, second, summed)
    x, y = _order(x, first, [both, only_x, summed]), _order(y, second, [both, summed, only_y])
    batch = np.broadcast_shapes(x.shape[: len(both)], y.shape[: len(both)])
    sizes_x, sizes_y = x.shape[len(both) : len(both) + len(only_x)], y.shape[y.ndim - len(only_y) :]
    inner = x.shape[len(both) + len(only_x) :]
    depth = int(np.prod(inner, dtype=np.int64))
    x = x.reshape(*x.shape[: len(both)], -1 if x.size else int(np.prod(sizes_x)), depth)
    y = y.reshape(*y.shape[: len(both)], depth, -1 if y.size else int(np.prod(sizes_y)))
    made = np.matmul(x, y).reshape(*batch, *sizes_x, *sizes_y)
    labels = both + only_x + only_y
    return made.transpose([labels.index(label) for label in right])


def _product(x, y):
    """``np.matmul``, but one large product instead of many small ones where y is the same matrix for all."""
    if x.ndim and y.ndim:
        columns = y.shape[-1] if y.ndim > 1 else 1
        products(x.size * columns)
        room(x.size // max(x.shape[-1], 1), columns)
    if y.ndim > 2 and x.ndim >= y.ndim and all(size == 1 for size in y.shape[:-2]):
        y = y.reshape(y.shape[-2:])
    if x.ndim > 2 and y.ndim == 2:
        return np.matmul(x.reshape(-1, x.shape[-1]), y).reshape(*x.shape[:-1], y.shape[-1])
    return np.matmul(x, y)


def _insist_room(x, first, y, second, right):
    """Where every axis has a letter: whether the result and the products have room."""
    sizes = {}
    for labels, array in ((first, x), (second, y)):
        for label, size in zip(labels, array.shape, strict=False):
            sizes[label] = max(size, sizes.get(label, 1))
    room(*(sizes.get(label, 1) for label in right))
    products(int(np.prod(list(sizes.values()), dtype=object)))


def _same_sizes(x, first, y, second, summed):
    """x and y with the summed axes widened where the other has more than one."""
    wide = {label: max(x.shape[first.index(label)], y.shape[second.index(label)]) for label in summed}
    x = np.broadcast_to(x, [wide.get(label, size) for label, size in zip(first, x.shape, strict=True)])
    y = np.broadcast_to(y, [wide.get(label, size) for label, size in zip(second, y.shape, strict=True)])
    return x, y


def _order(array, labels, groups):
    return array.transpose([labels.index(label) for group in groups for label in group])
