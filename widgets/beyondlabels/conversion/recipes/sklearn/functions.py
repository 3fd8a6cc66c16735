"""A function of each number by itself: the identity and NumPy's ufuncs, each by name."""

import numpy as np
from scipy import special
from sklearn.preprocessing import FunctionTransformer

from ....limits import get
from ....mil import functions
from ....mil.blocks import builder
from ...registry import recipe
from .scaling import nothing_carried, seen_once


def _op(name):
    """The MIL operation of this name."""
    return lambda x: getattr(builder(), name)(x=x)


def _times(factor, before=lambda x: x):
    """``before(x)`` times a constant."""
    return lambda x: builder().mul(x=before(x), y=np.float32(factor))


def _cbrt(x):
    mb = builder()
    root = mb.exp(x=mb.mul(x=functions.log(mb.abs(x=x)), y=np.float32(1 / 3)))
    return mb.mul(x=mb.sign(x=x), y=root)


_SAME_NAME = {
    "abs": [np.abs, np.fabs],
    "acos": [np.arccos],
    "asin": [np.arcsin],
    "atan": [np.arctan],
    "atanh": [np.arctanh],
    "ceil": [np.ceil],
    "cos": [np.cos],
    "cosh": [np.cosh],
    "erf": [special.erf],
    "exp": [np.exp],
    "exp2": [np.exp2],
    "floor": [np.floor],
    "identity": [np.positive],
    "round": [np.rint],
    "sigmoid": [special.expit],
    "sign": [np.sign],
    "sin": [np.sin],
    "sinh": [np.sinh],
    "sqrt": [np.sqrt],
    "square": [np.square],
    "tan": [np.tan],
    "tanh": [np.tanh],
}
FUNCTIONS = {function: _op(name) for name, them in _SAME_NAME.items() for function in them} | {
    None: _op("identity"),
    np.cbrt: _cbrt,
    np.deg2rad: _times(np.pi / 180),
    np.degrees: _times(180 / np.pi),
    np.expm1: functions.expm1,
    np.log: functions.log,
    np.log10: _times(1 / np.log(10), functions.log),
    np.log1p: functions.log1p,
    np.log2: _times(1 / np.log(2), functions.log),
    np.negative: _times(-1.0),
    np.rad2deg: _times(180 / np.pi),
    np.radians: _times(np.pi / 180),
    np.reciprocal: lambda x: builder().real_div(x=np.float32(1), y=x),
}


_JUMP = (np.ceil, np.floor, np.rint, np.sign)


def _known(function):
    try:
        return function in FUNCTIONS
    except TypeError:  # it has no hash
        return False


def _keeps_nan(model):
    """Where scikit-learn does not look at what it is given; the sign of NaN is 0 on a GPU."""
    return not model.validate and model.func is not np.sign


def _refuse(model):
    found = []
    if not _known(model.func):
        name = getattr(model.func, "__name__", type(model.func).__name__)
        known = ", ".join(sorted({each.__name__ for each in FUNCTIONS if each}))
        found.append(get("option-not-covered").because(f"func={name}; covered are None and {known}"))
    if model.kw_args:
        found.append(get("option-not-covered").because(f"kw_args={model.kw_args!r}"))
    return found


@recipe(
    FunctionTransformer,
    outputs={"transformed": "transform"},
    refuse=_refuse,
    edges=lambda model: model.func in _JUMP,
    keeps_nan=_keeps_nan,
    fitted=seen_once,
    carries=nothing_carried,
)
def function(model, x):
    return {"transformed": FUNCTIONS[model.func](x)}
