"""Draws for products of matrices and what is made of them."""

import numpy as np

from runtime.draws.values import floats, shape


def multiplied(rng):
    batch, (m, k, n) = shape(rng, 0, 2), (int(each) for each in rng.integers(1, 6, 3))
    turned = [bool(rng.random() < 0.5) for _ in range(2)]
    x = floats(rng, (*batch, *((k, m) if turned[0] else (m, k))))
    y = floats(rng, (*batch, *((n, k) if turned[1] else (k, n))))
    return {"x": x, "y": y, "transpose_x": turned[0], "transpose_y": turned[1]}


def linear(rng):
    into, out = (int(each) for each in rng.integers(1, 6, 2))
    return {"x": floats(rng, (*shape(rng, 1, 2), into)), "weight": floats(rng, (out, into)), "bias": floats(rng, out)}


def summed_products(rng):
    size = dict(zip("nchwu", (int(each) for each in rng.integers(1, 5, 5)), strict=True))
    first, second, right = [("nchw", "nwhu", "nchu"), ("chw", "whu", "chu")][int(rng.integers(2))]
    values = [floats(rng, [size[label] for label in part]) for part in (first, second)]
    return {"values": values, "equation": f"{first},{second}->{right}"}


def normalised(rng):
    x = floats(rng, shape(rng, 2, 4))
    size = x.shape[-1:]
    return {
        "x": x,
        "axes": np.int32([-1]),
        "gamma": floats(rng, size),
        "beta": floats(rng, size),
        "epsilon": np.float32(1e-3),
    }


def attended(rng):
    batch, (long, short, inner, out) = shape(rng, 1, 2), (int(each) for each in rng.integers(1, 5, 4))
    sizes = {"query": (long, inner), "key": (short, inner), "value": (short, out)}
    drawn = {name: floats(rng, (*batch, *size)) for name, size in sizes.items()}
    return drawn | ({"attn_mask": floats(rng, (*batch, long, short))} if rng.random() < 0.5 else {})


DRAWS = {
    "matmul": multiplied,
    "linear": linear,
    "einsum": summed_products,
    "layer_norm": normalised,
    "l2_norm": lambda rng: {"x": floats(rng, shape(rng, 3, 4)), "epsilon": np.float32(1e-3)},
    "scaled_dot_product_attention": attended,
}
