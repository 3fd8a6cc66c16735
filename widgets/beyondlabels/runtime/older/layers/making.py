"""Values made from parameters alone."""

import numpy as np

from ...bounds import room
from .registry import layer, whole


@layer("loadConstant")
def load_constant(shape, data):
    """The stored values, (1, 1, C, H, W)."""
    return data.shaped(*shape)[None, None]


@layer("loadConstantND")
def load_constant_nd(shape, data):
    """The stored values in ``shape``."""
    return data.shaped(*shape)


@layer("fillLike")
def fill_like(x, value):
    """``value`` in the shape of x."""
    return np.full(x.shape, value, np.float32)


@layer("fillStatic")
def fill_static(value, targetShape):
    """``value`` in ``targetShape``."""
    return np.full(room(*targetShape), value, np.float32)


@layer("fillDynamic")
def fill_dynamic(shape, value):
    """``value`` in the shape that the input holds."""
    return np.full(room(*whole(shape)), value, np.float32)


@layer("rangeStatic")
def range_static(endValue, startValue, stepSizeValue):
    """Numbers from startValue to before endValue, stepSizeValue apart."""
    return _range(endValue, startValue, stepSizeValue)


@layer("rangeDynamic")
def range_dynamic(end, start=None, step=None, startValue=0.0, stepSizeValue=1.0):
    """The same with the end, and if given the start and the step, as inputs."""
    values = (end, startValue if start is None else start, stepSizeValue if step is None else step)
    return _range(*(float(np.ravel(each)[0]) for each in values))


@layer("oneHot")
def one_hot(indices, given=None, oneHotVectorSize=0, axis=-1, onValue=1.0, offValue=0.0):
    """A new axis with onValue at the index and offValue elsewhere, and only there for an index out of range."""
    size = int(oneHotVectorSize) if given is None else int(whole(given).ravel()[0])
    room(*indices.shape, size)
    hit = whole(indices)[..., None] == np.arange(size)
    return np.moveaxis(np.where(hit, np.float32(onValue), np.float32(offValue)), -1, axis)


def _range(end, start, step):
    if not (np.isfinite([end, start, step]).all() and step):
        raise ValueError(f"no range from {start} to {end} by {step}")
    room(max(0, np.ceil((end - start) / step)))
    return np.arange(start, end, step).astype(np.float32)
