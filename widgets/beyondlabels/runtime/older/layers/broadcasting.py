"""Two tensors of any rank, place by place, with NumPy's broadcasting; comparisons are in ``comparing.py``."""

import numpy as np

from ...bounds import room
from .registry import layer, whole

add_broadcastable = layer("addBroadcastable")(np.add)
subtract_broadcastable = layer("subtractBroadcastable")(np.subtract)
multiply_broadcastable = layer("multiplyBroadcastable")(np.multiply)
divide_broadcastable = layer("divideBroadcastable")(np.divide)
floor_div_broadcastable = layer("floorDivBroadcastable")(np.floor_divide)
mod_broadcastable = layer("modBroadcastable")(np.mod)
pow_broadcastable = layer("powBroadcastable")(np.power)
max_broadcastable = layer("maxBroadcastable")(np.maximum)
min_broadcastable = layer("minBroadcastable")(np.minimum)


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
