"""Draws for operations that go value by value, and for those that take axes away."""

import numpy as np

from runtime.draws.values import axis, floats, ints, numbers, one, shape, truths


def apart(low, high):
    """A draw of x, evenly spread."""
    return lambda rng: {"x": rng.uniform(low, high, shape(rng)).astype(np.float32)}


def pair(draw):
    """Two arrays whose shapes broadcast."""

    def drawn(rng):
        size = shape(rng)
        other = tuple(1 if rng.random() < 0.3 else each for each in size)[int(rng.integers(len(size))) :]
        x, y = draw(rng, size), draw(rng, other)
        return {"x": x, "y": y.astype(x.dtype)} if rng.random() < 0.5 else {"x": y.astype(x.dtype), "y": x}

    return drawn


def whole(x):
    """No zeros, for a division by integers."""
    return np.where(x == 0, 3, x).astype(x.dtype)


def divided(rng):
    drawn = pair(numbers)(rng)
    return drawn | {"y": whole(drawn["y"])}


def powered(rng):
    drawn = pair(floats)(rng)
    return drawn | {"x": np.abs(drawn["x"]) + np.float32(0.1)}


def reduced(draw=numbers, positive=False):
    def drawn(rng):
        x = draw(rng)
        axes = rng.permutation(x.ndim)[: rng.integers(1, x.ndim + 1)].astype(np.int32)
        axes = np.where(rng.random(len(axes)) < 0.3, axes - x.ndim, axes).astype(np.int32)
        x = np.abs(x) + x.dtype.type(1) if positive else x
        return {"x": x, "axes": axes, "keep_dims": bool(rng.random() < 0.5)}

    return drawn


def best(rng):
    return {"x": floats(rng, (3, 2, 4)), "axis": axis(rng, 3), "keep_dims": bool(rng.random() < 0.5)}


def distinct(rng):
    """Values of which no two are equal: coremltools does not take the first of equals."""
    size = shape(rng)
    x = rng.permutation(np.prod(size)).reshape(size).astype(np.float32)
    return {"x": x, "axis": axis(rng, len(size)), "ascending": bool(rng.random() < 0.5)}


def top(rng):
    drawn = distinct(rng)
    return drawn | {"k": np.int32(rng.integers(1, drawn["x"].shape[drawn["axis"]] + 1))}


def channels(*names):
    def drawn(rng):
        x = floats(rng, shape(rng, 4, 4))
        return {"x": x, **{name: rng.uniform(0.2, 2, x.shape[1]).astype(np.float32) for name in names}}

    return drawn


def scaled(*names, low=-2.0, high=2.0):
    return lambda rng: {"x": floats(rng), **{name: one(rng, low, high) for name in names}}


def clipped(rng):
    return {"x": floats(rng), "alpha": one(rng, -2, 0), "beta": one(rng, 0, 2)}


def quantized(rng):
    kind = str(rng.choice(["int8", "uint8"]))
    zero = np.int8(rng.integers(-5, 5)) if kind == "int8" else np.uint8(rng.integers(0, 9))
    return {"input": floats(rng), "scale": one(rng, 0.02, 0.2), "zero_point": zero, "output_dtype": kind}


def chosen(rng):
    size = shape(rng)
    a = numbers(rng, size)
    return {"cond": truths(rng, size), "a": a, "b": numbers(rng, size).astype(a.dtype)}


def cast(rng):
    return {"x": numbers(rng), "dtype": str(rng.choice(["fp32", "int32", "bool"]))}


UNARY = (
    "abs",
    "ceil",
    "cos",
    "floor",
    "identity",
    "round",
    "sign",
    "sin",
    "square",
    "tanh",
    "relu",
    "relu6",
    "softsign",
    "atan",
)
DRAWS = {
    **dict.fromkeys(UNARY, lambda rng: {"x": floats(rng)}),
    **dict.fromkeys(("cosh", "sinh", "exp", "exp2", "erf", "sigmoid", "softplus"), apart(-4, 4)),
    **dict.fromkeys(("acos", "asin", "atanh"), apart(-0.99, 0.99)),
    **dict.fromkeys(("log", "inverse", "rsqrt", "sqrt"), apart(0.1, 9)),
    "tan": apart(-1.4, 1.4),
    **dict.fromkeys(("add", "sub", "mul", "maximum", "minimum"), pair(numbers)),
    **dict.fromkeys(("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"), pair(ints)),
    **dict.fromkeys(("logical_and", "logical_or", "logical_xor"), pair(truths)),
    **dict.fromkeys(("floor_div", "mod"), divided),
    "real_div": lambda rng: {name: floats(rng, (2, 3)) for name in ("x", "y")},
    "pow": powered,
    "logical_not": lambda rng: {"x": truths(rng)},
    **dict.fromkeys(("reduce_max", "reduce_min", "reduce_sum", "reduce_l1_norm", "reduce_sum_square"), reduced()),
    **dict.fromkeys(("reduce_mean", "reduce_l2_norm", "reduce_prod", "reduce_log_sum_exp"), reduced(floats)),
    "reduce_log_sum": reduced(floats, positive=True),
    **dict.fromkeys(("reduce_argmax", "reduce_argmin"), best),
    "softmax": lambda rng: {"x": floats(rng, (2, 3, 4)), "axis": axis(rng, 3)},
    "cumsum": lambda rng: {"x": floats(rng, (3, 2, 4)), "axis": np.int32(rng.integers(-1, 3))},
    "argsort": distinct,
    "topk": top,
    "clip": clipped,
    "clamped_relu": clipped,
    **dict.fromkeys(("elu", "leaky_relu"), scaled("alpha", low=0.0)),
    **dict.fromkeys(("threshold", "thresholded_relu"), scaled("alpha")),
    **dict.fromkeys(("linear_activation", "scaled_tanh", "sigmoid_hard"), scaled("alpha", "beta")),
    "gelu": lambda rng: {
        "x": floats(rng),
        "mode": str(rng.choice(["EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION"])),
    },
    "prelu": channels("alpha"),
    "softplus_parametric": channels("alpha", "beta"),
    "quantize": quantized,
    "select": chosen,
    "cast": cast,
}
