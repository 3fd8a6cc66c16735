"""Products with a matrix of weights, and look-ups in one."""

import numpy as np

from ...ops.linear import matmul
from .registry import layer, whole


@layer("innerProduct")
def inner_product(x, inputChannels, outputChannels, hasBias, weights, bias, int8DynamicQuantize=False):
    """x W^T + b, W (C_out, C_in). x (…, C_in) up to rank 3; of rank 4 and 5 the last three axes are C_in together and
    become (C_out, 1, 1). Weights of int8 are used as float32; Core ML rounds x to int8 as well."""
    matrix = weights.shaped(outputChannels, inputChannels)
    flat = x if x.ndim <= 3 else x.reshape(*x.shape[:-3], -1)
    made = np.matmul(flat, matrix.T)
    if hasBias:
        made = made + bias.shaped(outputChannels)
    return made if x.ndim <= 3 else made[..., None, None]


@layer("embedding")
def embedding(x, inputDim, outputChannels, hasBias, weights, bias):
    """Row x of W^T, W (C_out, inputDim): (…, 1, 1, 1) to (…, C_out, 1, 1)."""
    if x.ndim < 4 or x.shape[-3:] != (1, 1, 1):
        raise ValueError("an embedding reads indices of shape (…, 1, 1, 1)")
    made = _rows(x[..., 0, 0, 0], weights.shaped(outputChannels, inputDim))
    return (made + bias.shaped(outputChannels) if hasBias else made)[..., None, None]


@layer("embeddingND")
def embedding_nd(x, vocabSize, embeddingSize, hasBias, weights, bias):
    """Row x of W^T, W (embeddingSize, vocabSize): (…, 1) to (…, embeddingSize)."""
    if x.shape[-1] != 1:
        raise ValueError("the last axis of an embedding's indices has length 1")
    made = _rows(x[..., 0], weights.shaped(embeddingSize, vocabSize))
    return made + bias.shaped(embeddingSize) if hasBias else made


@layer("batchedMatmul")
def batched_matmul(
    a,
    b=None,
    transposeA=False,
    transposeB=False,
    weightMatrixFirstDimension=0,
    weightMatrixSecondDimension=0,
    hasBias=False,
    weights=None,
    bias=None,
    int8DynamicQuantize=False,
):
    """a b over the last two axes, or a W + bias with W (X1, X2), which is stored column by column."""
    if b is None:
        matrix = weights.shaped(weightMatrixSecondDimension, weightMatrixFirstDimension)
        made = np.matmul(a, matrix.T)
        return made + bias.shaped(weightMatrixSecondDimension) if hasBias else made
    a = a[None] if a.ndim == 1 else a
    b = b[:, None] if b.ndim == 1 else b
    return matmul(a, b, transposeA, transposeB)


def _rows(indices, matrix):
    indices = whole(indices)
    if indices.size and not (indices.min() >= 0 and indices.max() < matrix.shape[1]):
        raise ValueError(f"an index lies outside 0 to {matrix.shape[1] - 1}")
    return matrix.T[indices]
