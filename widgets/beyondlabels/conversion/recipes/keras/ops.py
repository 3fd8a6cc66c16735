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
    "Fmax": "maximum",
    "Fmin": "minimum",
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
    "Arccos": "acos",
    "Arcsin": "asin",
    "Arctan": "atan",
    "Arctanh": "atanh",
    "Cosh": "cosh",
    "Sinh": "sinh",
    "Exp2": "exp2",
}
_KEPT = {"Absolute": "abs", "Fabs": "abs", "Sign": "sign", "Square": "square"}
_WHOLE_RESULT = {"Floor": "floor", "Ceil": "ceil"}
_FORMULAS = {
    "HardSigmoid": functions.hard_sigmoid,
    "HardSilu": functions.hard_silu,
    "HardTanh": functions.hard_tanh,
    "LogSigmoid": functions.log_sigmoid,
    "Selu": functions.selu,
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


_LOGIC = {"LogicalAnd": "logical_and", "LogicalOr": "logical_or", "LogicalXor": "logical_xor"}


@operation(*_LOGIC)
def both(op, x1, x2):
    x, y = (cast(each, TRUTH) for each in (x1, x2))
    return _made(_LOGIC[type(op).__name__])(x=x, y=y)


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


@operation("StopGradient", "Copy", "Real", "Conjugate")
def unchanged(op, x):
    return x


_WITH_OPTIONS = {
    "ReLU": (functions.relu, ("negative_slope", "max_value", "threshold")),
    "LeakyRelu": (functions.leaky_relu, ("negative_slope",)),
    "Elu": (functions.elu, ("alpha",)),
    "Celu": (functions.celu, ("alpha",)),
    "Gelu": (functions.gelu, ("approximate",)),
    "Glu": (functions.glu, ("axis",)),
    "LogSoftmax": (functions.log_softmax, ("axis",)),
    "Sparsemax": (functions.sparsemax, ("axis",)),
    "Squareplus": (functions.squareplus, ("b",)),
    "SoftShrink": (functions.soft_shrink, ("threshold",)),
    "HardShrink": (functions.hard_shrink, ("threshold",)),
    "Threshold": (functions.threshold, ("threshold", "default_value")),
}


@operation(*_WITH_OPTIONS)
def with_options(op, x):
    """An activation whose options the node keeps."""
    write, options = _WITH_OPTIONS[type(op).__name__]
    return write(x, *(getattr(op, name) for name in options))


@operation("Softmax")
def softmax(op, x):
    return functions.softmax(x, axes_of(op.axis, x.rank) if op.axis is None else op.axis)
