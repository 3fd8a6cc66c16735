"""Draws for operations that make, cut, join and move values."""

import numpy as np

from runtime.draws.values import axis, floats, ints, numbers, one, shape, truths


def expanded(rng):
    x = numbers(rng, shape(rng, 1, 3))
    return {"x": x, "axes": np.int32(sorted(rng.permutation(x.ndim + 2)[:2]))}


def squeezed(rng):
    x = numbers(rng)
    x = x[None, ..., None]
    return {"x": x} if rng.random() < 0.3 else {"x": x, "axes": np.int32([0, -1])}


def reshaped(rng):
    x = numbers(rng)
    cut = int(rng.integers(x.ndim + 1))
    sizes = [int(np.prod(x.shape[:cut])), int(np.prod(x.shape[cut:]))]
    return {"x": x, "shape": np.int32([-1, sizes[1]] if rng.random() < 0.5 else sizes)}


def transposed(rng):
    x = numbers(rng)
    return {"x": x, "perm": np.int32(rng.permutation(x.ndim))}


def reversed_(rng):
    x = numbers(rng)
    return {"x": x, "axes": np.int32(rng.permutation(x.ndim)[: rng.integers(1, x.ndim + 1)])}


def flattened(rng):
    x = numbers(rng, shape(rng, 2, 4))
    return {"x": x, "axis": np.int32(rng.integers(1, max(x.ndim, 2)))}


def joined(rng):
    size, place = list(shape(rng)), None
    place = int(rng.integers(len(size)))
    parts = [[*size[:place], int(rng.integers(1, 4)), *size[place + 1 :]] for _ in range(rng.integers(1, 4))]
    return {"values": [floats(rng, part) for part in parts], "axis": np.int32(place)}


def stacked(rng):
    size = shape(rng, 1, 3)
    return {
        "values": [floats(rng, size) for _ in range(rng.integers(1, 4))],
        "axis": np.int32(rng.integers(0, len(size))),
    }


def cut(rng):
    x = numbers(rng)
    place = int(rng.integers(x.ndim))
    x = np.repeat(x, 3, axis=place)
    sizes = np.int32([x.shape[place] - 2, 2])
    return {"x": x, "axis": np.int32(place)} | (
        {"num_splits": np.int32(3)} if rng.random() < 0.5 else {"split_sizes": sizes}
    )


def bounds(rng, size):
    begin = np.array([rng.integers(0, each) for each in size])
    end = np.array([rng.integers(low + 1, each + 1) for low, each in zip(begin, size, strict=True)])
    return begin.astype(np.int32), end.astype(np.int32)


def sliced(rng):
    x = numbers(rng)
    begin, end = bounds(rng, x.shape)
    masks = {name: truths(rng, x.ndim) for name in ("begin_mask", "end_mask")}
    squeeze = rng.random(x.ndim) < (0.3 if x.ndim > 1 else 0)
    squeeze[0] = False
    masks["begin_mask"] &= ~squeeze
    return {"x": x, "begin": begin, "end": end, "stride": ints(rng, x.ndim, 1, 3), "squeeze_mask": squeeze, **masks}


def sliced_by_size(rng):
    x = numbers(rng)
    begin, end = bounds(rng, x.shape)
    return {"x": x, "begin": begin, "size": np.where(rng.random(x.ndim) < 0.3, -1, end - begin).astype(np.int32)}


def updated(rng):
    x = floats(rng)
    begin, end = bounds(rng, x.shape)
    return {"x": x, "update": floats(rng, tuple(end - begin)), "begin": begin, "end": end}


def padded(rng):
    x = floats(rng, tuple(int(size) for size in rng.integers(3, 6, rng.integers(2, 5))))
    mode = str(rng.choice(["constant", "reflect", "replicate"]))
    drawn = {"x": x, "pad": ints(rng, 4, 0, 3), "mode": mode}
    return drawn | ({"constant_val": one(rng)} if mode == "constant" else {})


def tiled(rng):
    x = numbers(rng)
    return {"x": x, "reps": ints(rng, x.ndim, 1, 4)}


def banded(rng):
    return {
        "x": floats(rng, shape(rng, 2, 4)),
        "lower": np.int32(rng.integers(-1, 4)),
        "upper": np.int32(rng.integers(-1, 4)),
    }


def gathered(rng):
    x = numbers(rng)
    place = axis(rng, x.ndim)
    return {"x": x, "indices": ints(rng, shape(rng, 1, 2), 0, x.shape[place]), "axis": place}


def gathered_along(rng):
    x = numbers(rng)
    place = int(rng.integers(x.ndim))
    size = [*x.shape[:place], int(rng.integers(1, 6)), *x.shape[place + 1 :]]
    return {"x": x, "indices": ints(rng, size, 0, x.shape[place]), "axis": np.int32(place)}


def scattered(rng):
    data = floats(rng)
    place = int(rng.integers(data.ndim))
    order = np.argsort(rng.random(data.shape), axis=place).astype(
        np.int32
    )  # no index twice: which one stays is left open
    size = data.shape
    return {"data": data, "indices": order, "updates": floats(rng, size), "axis": np.int32(place), "mode": "update"}


def counted(rng):
    step = int(rng.choice([-3, -1, 1, 2]))
    start = int(rng.integers(-9, 9))
    end = start + step * int(rng.integers(1, 9)) + int(np.sign(step)) * int(rng.integers(0, 2))
    kind = np.int32 if rng.random() < 0.5 else np.float32
    return {"start": kind(start), "end": kind(end), "step": kind(step)}


DRAWS = {
    "expand_dims": expanded,
    "squeeze": squeezed,
    "reshape": reshaped,
    "transpose": transposed,
    "reverse": reversed_,
    "flatten2d": flattened,
    "shape": lambda rng: {"x": numbers(rng)},
    "concat": joined,
    "stack": stacked,
    "split": cut,
    "slice_by_index": sliced,
    "slice_by_size": sliced_by_size,
    "slice_update": updated,
    "pad": padded,
    "tile": tiled,
    "band_part": banded,
    "gather": gathered,
    "gather_along_axis": gathered_along,
    "scatter_along_axis": scattered,
    "non_zero": lambda rng: {"x": ints(rng, None, -1, 2)},
    "fill": lambda rng: {"shape": np.int32(shape(rng)), "value": one(rng)},
    "fill_like": lambda rng: {"ref_tensor": floats(rng), "value": one(rng)},
    "range_1d": counted,
}
