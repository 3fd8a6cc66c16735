"""Parts cut out of tensors of any rank."""

import numpy as np

from ...ops.moving import slice_by_index
from .registry import layer, unsqueezed, whole


@layer("sliceStatic")
def slice_static(x, beginIds, beginMasks, endIds, endMasks, strides, squeezeMasks):
    """x[begin:end:stride] on every axis; a mask leaves a bound open, a squeeze mask takes one place and the axis away."""
    return _sliced(x, beginIds, endIds, strides, beginMasks, endMasks, squeezeMasks)


@layer("sliceDynamic")
def slice_dynamic(x, begin, *given, beginMasks, endIds, endMasks, strides, squeezeMasks):
    """``sliceStatic`` with begin, then end, stride and the three masks as inputs, as many as there are."""
    parameters = [endIds, strides, beginMasks, endMasks, squeezeMasks]
    parameters[: len(given)] = [whole(each) for each in given]
    return _sliced(x, whole(begin), *parameters)


@layer("sliceBySize")
def slice_by_size(x, begin, size, axis):
    """``size`` values along ``axis`` from ``begin`` on."""
    start, axis = int(whole(begin).ravel()[0]), axis % x.ndim
    start = start + x.shape[axis] if start < 0 else start
    return x[(*[slice(None)] * axis, slice(start, start + int(size)))]


def _sliced(x, begin, end, strides, begin_masks, end_masks, squeeze_masks):
    count = x.ndim
    masks = [list(mask) or [False] * count for mask in (begin_masks, end_masks, squeeze_masks)]
    strides = list(strides) if len(strides) else [1] * count
    begin_mask, end_mask, squeeze_mask = masks
    begin_mask = [held and not single for held, single in zip(begin_mask, squeeze_mask, strict=True)]
    made = slice_by_index(x, list(begin), list(end), strides, begin_mask, end_mask, squeeze_mask)
    return unsqueezed(np.asarray(made))
