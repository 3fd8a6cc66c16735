"""Compressed constants: what ``constexpr_…`` operations make of the bytes that a package stores. Each runs once, then is kept.

Types narrower than a byte arrive one value to a byte. Before iOS 18 two of them still come packed as bytes, with their
shape beside them.
"""

import numpy as np

from ..bounds import room
from ..weights import unpack_bits


def constexpr_affine_dequantize(quantized_data, zero_point, scale, axis):
    """scale * (quantized_data - zero_point); scale and zero_point are scalars or lie along ``axis``. dtype of scale."""
    zero_point, scale = (_along(each, axis, quantized_data.ndim) for each in (zero_point, scale))
    return (quantized_data.astype(np.float32) - zero_point.astype(np.float32)) * scale


def constexpr_cast(source_val, output_dtype):
    """float16 as float32."""
    return source_val.astype(np.float32)


def constexpr_lut_to_dense(indices, lut, shape=None, vector_axis=None):
    """Values looked up in ``lut`` by index.

    iOS 16: ``indices`` are bytes that hold log2(len(lut)) bits a value, row by row of ``shape``. iOS 18: ``lut`` has the
    shape (groups along each axis of indices ..., 2**bits, size of a vector); a vector is laid along ``vector_axis``.
    """
    if shape is not None:
        width = max(int(lut.size - 1).bit_length(), 1)
        kind = "uint8" if width == 8 else f"uint{width}"
        places = unpack_bits(indices, kind, int(np.prod(shape, dtype=object)))
        return lut.reshape(-1)[places].reshape(shape.astype(np.int64))
    groups = [size // tables for size, tables in zip(indices.shape, lut.shape, strict=False)]
    table = [place // size for place, size in zip(np.ogrid[tuple(map(slice, indices.shape))], groups, strict=True)]
    room(indices.size, lut.shape[-1])
    values = lut[(*table, indices.astype(np.int64))]  # (*indices.shape, size of a vector)
    return _lay(values, vector_axis)


def constexpr_sparse_to_dense(nonzero_data, mask, shape=None):
    """``nonzero_data`` at the places where ``mask`` is set, in order, and zeros elsewhere.

    iOS 16: ``mask`` is bytes of one bit a value, row by row of ``shape``. iOS 18: it has that shape itself.
    """
    if shape is not None:
        mask = unpack_bits(mask, "uint1", int(np.prod(shape, dtype=object))).reshape(shape.astype(np.int64))
    made = np.zeros(mask.shape, nonzero_data.dtype)
    made[mask != 0] = nonzero_data
    return made


def constexpr_blockwise_shift_scale(data, scale, offset=None):
    """scale * (data - offset), where one scale and one offset serve a block: data.shape / scale.shape values on each axis."""
    blocks = [size // count for size, count in zip(data.shape, scale.shape, strict=True)]
    made = data.astype(np.float32)
    if offset is not None:
        made -= _spread(offset.astype(np.float32), blocks)
    return made * _spread(scale, blocks)


def constexpr_lut_to_sparse(indices_mask, indices_nonzero_data, lut, vector_axis=None):
    """``constexpr_lut_to_dense`` of the places set in ``indices_mask`` only. Returns the mask of the values, and the values
    in order, for ``constexpr_sparse_to_dense``."""
    dense = constexpr_lut_to_dense(
        constexpr_sparse_to_dense(indices_nonzero_data, indices_mask), lut, None, vector_axis
    )
    mask = indices_mask
    if lut.shape[-1] > 1:
        mask = np.repeat(mask, lut.shape[-1], axis=int(vector_axis))
    return mask, dense[mask != 0]


def constexpr_sparse_blockwise_shift_scale(data_mask, nonzero_data, scale, offset=None):
    """``constexpr_blockwise_shift_scale`` of the places set in ``data_mask`` only. Returns that mask, and the values in
    order, for ``constexpr_sparse_to_dense``."""
    dense = constexpr_blockwise_shift_scale(constexpr_sparse_to_dense(nonzero_data, data_mask), scale, offset)
    return data_mask, dense[data_mask != 0]


def quantize(input, scale, output_dtype, zero_point=None, axis=None):
    """round(input / scale) + zero_point, held within ``output_dtype`` (int8 or uint8); a half goes to the even one."""
    low, high = np.iinfo(output_dtype).min, np.iinfo(output_dtype).max
    made = np.rint(input / _along(scale, axis, input.ndim))
    if zero_point is not None:
        made += _along(zero_point, axis, input.ndim).astype(np.float32)
    return np.clip(made, low, high).astype(output_dtype)


def dequantize(input, scale, zero_point=None, axis=None):
    """scale * (input - zero_point); scale and zero_point are scalars or lie along ``axis``. dtype of scale."""
    made = input.astype(np.float32)
    if zero_point is not None:
        made -= _along(zero_point, axis, input.ndim).astype(np.float32)
    return made * _along(scale, axis, input.ndim)


def _along(values, axis, rank):
    values = np.asarray(values)
    if values.ndim == 0 or axis is None:
        return values
    return values.reshape([-1 if place == int(axis) % rank else 1 for place in range(rank)])


def _spread(values, blocks):
    for axis, size in enumerate(blocks):
        values = np.repeat(values, size, axis=axis) if size > 1 else values
    return values


def _lay(values, axis):
    """The last axis, the vectors, laid one after the other along ``axis``."""
    if values.shape[-1] == 1 or axis is None:
        return values[..., 0]
    axis = int(axis) % (values.ndim - 1)
    laid = np.moveaxis(values, -1, axis + 1)
    return laid.reshape(*laid.shape[:axis], -1, *laid.shape[axis + 2 :])
