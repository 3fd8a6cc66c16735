"""``keras.ops`` nodes that compute element by element, as they stand in a functional graph."""

import numpy as np

from ....mil.blocks import builder
from . import activation as functions
from .values import FLOAT, TRUTH, WHOLE, axes_of, cast, kind, together
from .walk import operation, refuse

_PAIRS = {
    "Add": "add",
    "Subtract": "sub",
    "Multiply": "mul",
    "Maximum": "maximum",
    "Minimum": "minimum",
    "FloorDivide": "floor_div",
    "Mod": "mod",
}
_COMPARED = {
    "Equal": "equal",
    "NotEqual": "not_equal",
    "Greater": "greater",
    "GreaterEqual": "greater_equal",
    "Less": "less",
    "LessEqual": "less_equal",
}
_SINGLE = {
    "Exp": "exp",
    "Sqrt": "sqrt",
    "Sin": "sin",
    "Cos": "cos",
    "Tan": "tan",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Erf": "erf",
    "Relu": "relu",
    "Relu6": "relu6",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Silu": "silu",
}
_KEPT = {"Absolute": "abs", "Sign": "sign", "Square": "square"}
_WHOLE_RESULT = {"Floor": "floor", "Ceil": "ceil"}
_FORMULAS = {
    "HardSigmoid": functions.hard_sigmoid,
    "HardSilu": functions.hard_silu,
    "HardTanh": functions.hard_tanh,
    "LogSigmoid": functions.log_sigmoid,
    "Selu": functions.selu,
    "Mish": functions.mish,
    "TanhShrink": functions.tanh_shrink,
    "SparsePlus": functions.sparse_plus,
    "SparseSigmoid": functions.sparse_sigmoid,
}


def _made(name):
    return getattr(builder(), name)


@operation(*_PAIRS)
def pair(op, x1, x2):
    """Two values broadcast together, as the wider of their types."""
    x, y = together(x1, x2, least=WHOLE)
    return _made(_PAIRS[type(op).__name__])(x=x, y=y)


@operation("TrueDivide", "Divide")
def divide(op, x1, x2):
    x, y = together(x1, x2, least=FLOAT)
    return builder().real_div(x=x, y=y)


@operation("Power")
def power(op, x1, x2):
    x, y = together(x1, x2, least=FLOAT)
    if isinstance(y, np.ndarray) and y.ndim == 0 and y == 2:
        return builder().square(x=x)
    return builder().pow(x=x, y=y)


@operation(*_COMPARED)
def compared(op, x1, x2):
    x, y = together(x1, x2, least=WHOLE)
    return _made(_COMPARED[type(op).__name__])(x=x, y=y)


@operation(*_SINGLE)
def single(op, x):
    return _made(_SINGLE[type(op).__name__])(x=cast(x, FLOAT))


@operation(*_KEPT)
def kept(op, x):
    return _made(_KEPT[type(op).__name__])(x=x)


@operation(*_WHOLE_RESULT)
def to_whole(op, x):
    return _made(_WHOLE_RESULT[type(op).__name__])(x=cast(x, FLOAT))


@operation(*_FORMULAS)
def formula(op, x):
    return _FORMULAS[type(op).__name__](x)


@operation("Negative")
def negative(op, x):
    x, minus = together(x, -1)
    return builder().mul(x=x, y=minus)


@operation("Reciprocal")
def reciprocal(op, x):
    return builder().real_div(x=np.float32(1), y=x)


@operation("Log", "Log1p")
def logarithm(op, x):
    """The natural logarithm, of 1 + x for Log1p; Core ML's own adds a small number to x unless told not to."""
    mb = builder()
    x = cast(x, FLOAT)
    return mb.log(x=x if type(op).__name__ == "Log" else mb.add(x=x, y=np.float32(1)), epsilon=np.float32(0))


@operation("Expm1")
def exp_minus_one(op, x):
    """exp(x) - 1 as elu(x) below 0, which keeps the digits near 0, and as it stands above."""
    mb = builder()
    above = mb.sub(x=mb.exp(x=x), y=np.float32(1))
    return mb.select(cond=mb.greater(x=x, y=np.float32(0)), a=above, b=mb.elu(x=x, alpha=np.float32(1)))


@operation("Rsqrt")
def rsqrt(op, x):
    return builder().rsqrt(x=x, epsilon=np.float32(0))


@operation("LogicalAnd", "LogicalOr")
def both(op, x1, x2):
    x, y = (cast(each, TRUTH) for each in (x1, x2))
    return _made("logical_and" if type(op).__name__ == "LogicalAnd" else "logical_or")(x=x, y=y)


@operation("LogicalNot")
def logical_not(op, x):
    return builder().logical_not(x=cast(x, TRUTH))


@operation("Where")
def where(op, condition, x1=None, x2=None):
    if x1 is None or x2 is None:
        refuse("where without values: the number of results would depend on the data")
    mb = builder()
    a, b = together(x1, x2, least=WHOLE)
    condition = cast(condition, TRUTH)
    shapes = [np.shape(each) if isinstance(each, np.ndarray) else tuple(each.shape) for each in (a, b)]
    if tuple(condition.shape) not in shapes:
        # coremltools takes the shape of select from the values alone, so one of them is spread over the condition.
        nowhere = mb.logical_and(x=condition, y=mb.logical_not(x=condition))
        a = mb.add(x=a, y=cast(nowhere, kind(a)))
    return mb.select(cond=condition, a=a, b=b)


@operation("Clip")
def clip(op, x):
    mb = builder()
    x, low, high = together(x, op.x_min, op.x_max)
    return mb.minimum(x=mb.maximum(x=x, y=low), y=high)


@operation("Cast")
def to_type(op, x):
    name = str(op.dtype)
    wanted = {"bool": TRUTH, "float32": FLOAT, "int32": WHOLE, "int64": WHOLE}.get(name)
    if wanted is None:
        refuse(f"cast to {name}")
    return cast(x, wanted)


@operation("StopGradient", "Copy")
def unchanged(op, x):
    return x


# ---- activations with options ----------------------------------------------------------------------------------------


@operation("ReLU")
def relu(op, x):
    return functions.relu(x, op.negative_slope, op.max_value, op.threshold)


@operation("LeakyRelu")
def leaky_relu(op, x):
    return builder().leaky_relu(x=x, alpha=np.float32(op.negative_slope))


@operation("Elu")
def elu(op, x):
    return functions.elu(x, op.alpha)


@operation("Celu")
def celu(op, x):
    return functions.celu(x, op.alpha)


@operation("Gelu")
def gelu(op, x):
    return functions.gelu(x, op.approximate)


@operation("Glu")
def glu(op, x):
    return functions.glu(x, op.axis)


@operation("Softmax")
def softmax(op, x):
    return functions.softmax(x, axes_of(op.axis, x.rank) if op.axis is None else op.axis)


@operation("LogSoftmax")
def log_softmax(op, x):
    return functions.log_softmax(x, op.axis)


@operation("Squareplus")
def squareplus(op, x):
    return functions.squareplus(x, op.b)


@operation("SoftShrink")
def soft_shrink(op, x):
    return functions.soft_shrink(x, op.threshold)


@operation("HardShrink")
def hard_shrink(op, x):
    return functions.hard_shrink(x, op.threshold)


@operation("Threshold")
def threshold(op, x):
    return functions.threshold(x, op.threshold, op.default_value)
