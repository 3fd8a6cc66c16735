"""Two tensors of any rank, place by place, with NumPy's broadcasting; comparisons are in ``comparing.py``."""

import numpy as np

from ...bounds import room, together
from .registry import layer, whole


def _both(name, function):
    """Register a function of two tensors that broadcast."""
    return layer(name)(lambda x, y: function(*together(x, y)))


add_broadcastable = _both("addBroadcastable", np.add)
subtract_broadcastable = _both("subtractBroadcastable", np.subtract)
multiply_broadcastable = _both("multiplyBroadcastable", np.multiply)
divide_broadcastable = _both("divideBroadcastable", np.divide)
floor_div_broadcastable = _both("floorDivBroadcastable", np.floor_divide)
mod_broadcastable = _both("modBroadcastable", np.mod)
pow_broadcastable = _both("powBroadcastable", np.power)
max_broadcastable = _both("maxBroadcastable", np.maximum)
min_broadcastable = _both("minBroadcastable", np.minimum)


@layer("broadcastToLike")
def broadcast_to_like(x, like):
    """x broadcast to the shape of ``like``."""
    return np.broadcast_to(x, like.shape)


@layer("broadcastToStatic")
def broadcast_to_static(x, targetShape):
    """x broadcast to ``targetShape``."""
    return np.broadcast_to(x, room(*targetShape))


@layer("broadcastToDynamic")
def broadcast_to_dynamic(x, shape):
    """x broadcast to the shape that the second input holds."""
    return np.broadcast_to(x, room(*whole(shape)))
