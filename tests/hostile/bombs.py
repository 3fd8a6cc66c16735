"""Operations whose parameters ask for more memory, time or room than a machine has, by name.

Each is a list of (operation, parameters, number of outputs); a parameter is an array, a text, or the name of an earlier value
with an @. They are put in front of a program, where they run whether or not anything reads what they make.
"""

import numpy as np

_PROTO = {"float32": 11, "int32": 23, "bool": 1, "uint32": 33, "str": 2}
HUGE = 2**31 - 1


def i(*values):
    return np.array(values, np.int32)


def n(value):
    return np.int32(value)


def f(*values):
    return np.array(values, np.float32)


ONE = f(1)
IMAGE = np.ones((1, 1, 4, 4), np.float32)
KERNEL = np.ones((1, 1, 3, 3), np.float32)
GRID = np.ones((2, 3), np.float32)

BOMBS = {
    "fill": [("fill", {"shape": i(HUGE, HUGE), "value": np.float32(1)}, 1)],
    "fill of a gigabyte": [("fill", {"shape": i(2**14, 2**14), "value": np.float32(1)}, 1)],
    "fill below zero": [("fill", {"shape": i(-5, 3), "value": np.float32(1)}, 1)],
    "tile": [("tile", {"x": GRID, "reps": i(HUGE, 3)}, 1)],
    "tile twice": [("tile", {"x": GRID, "reps": i(10**4, 100)}, 1), ("tile", {"x": "@b0", "reps": i(10**4, 10**4)}, 1)],
    "range": [("range_1d", {"start": np.float32(0), "end": np.float32(1e30), "step": np.float32(1e-30)}, 1)],
    "range of ints": [("range_1d", {"start": n(0), "end": n(HUGE), "step": n(1)}, 1)],
    "range of nothing": [("range_1d", {"start": np.float32(0), "end": f(np.nan)[0], "step": np.float32(0)}, 1)],
    "pad": [("pad", {"x": GRID, "pad": i(0, HUGE, HUGE, 0), "mode": "constant", "constant_val": np.float32(0)}, 1)],
    "pad by reflection": [("pad", {"x": GRID, "pad": i(0, 10**6, 10**6, 0), "mode": "reflect"}, 1)],
    "pad below zero": [("pad", {"x": GRID, "pad": i(-1, -7), "mode": "replicate"}, 1)],
    "one_hot": [("one_hot", {"indices": i(1, 2), "one_hot_vector_size": n(HUGE)}, 1)],
    "random": [("random_normal", {"shape": i(10**5, 10**5), "mean": np.float32(0), "stddev": np.float32(1)}, 1)],
    "random categories": [("random_categorical", {"x": GRID, "mode": "logits", "size": n(HUGE), "seed": n(1)}, 1)],
    "resize": [("resize_bilinear", {"x": IMAGE, "target_size_height": n(HUGE), "target_size_width": n(HUGE)}, 1)],
    "resize to": [("resize", {"x": IMAGE, "shape": i(10**6, 10**6), "resized_dims": np.uint32(2)}, 1)],
    "resize every axis": [("resize", {"x": IMAGE, "shape": i(3, 3), "resized_dims": np.uint32(2**32 - 1)}, 1)],
    "upsample": [
        ("upsample_bilinear", {"x": IMAGE, "scale_factor_height": np.float32(1e30), "scale_factor_width": f(1e9)[0]}, 1)
    ],
    "upsample by nothing": [
        (
            "upsample_nearest_neighbor",
            {"x": IMAGE, "scale_factor_height": f(np.nan)[0], "scale_factor_width": f(-3)[0]},
            1,
        )
    ],
    "crop_resize": [
        (
            "crop_resize",
            {"x": IMAGE, "boxes": f(0, 0, 1, 1)[None], "target_height": n(10**6), "target_width": n(10**6)},
            1,
        )
    ],
    "boxes of nan": [
        (
            "crop_resize",
            {"x": IMAGE, "boxes": f(np.nan, np.inf, 1, -9)[None], "target_height": n(3), "target_width": n(3)},
            1,
        )
    ],
    "affine": [
        (
            "affine",
            {
                "x": IMAGE,
                "transform_matrix": f(1, 2, 3, 4, 5, np.inf)[None],
                "output_height": n(HUGE),
                "output_width": n(HUGE),
                "sampling_mode": "bilinear",
                "padding_mode": "constant",
                "padding_value": np.float32(0),
                "coordinates_mode": "unnormalized",
                "align_corners": np.bool_(True),
            },
            1,
        )
    ],
    "conv with dilations below zero": [
        ("conv", {"x": IMAGE, "weight": KERNEL, "pad_type": "valid", "dilations": i(-1000, -1000)}, 1)
    ],
    "conv without strides": [("conv", {"x": IMAGE, "weight": KERNEL, "pad_type": "valid", "strides": i(0, -1)}, 1)],
    "conv in padding": [
        ("conv", {"x": IMAGE, "weight": KERNEL, "pad_type": "custom", "pad": i(HUGE, HUGE, HUGE, HUGE)}, 1)
    ],
    "conv of many groups": [("conv", {"x": IMAGE, "weight": KERNEL, "pad_type": "valid", "groups": n(HUGE)}, 1)],
    "conv_transpose": [("conv_transpose", {"x": IMAGE, "weight": KERNEL, "strides": i(10**6, 10**6)}, 1)],
    "conv_transpose to": [("conv_transpose", {"x": IMAGE, "weight": KERNEL, "output_shape": i(1, 1, 10**6, 10**6)}, 1)],
    "pool": [("max_pool", {"x": IMAGE, "kernel_sizes": i(2, 2), "pad_type": "custom", "pad": i(*[10**7] * 4)}, 1)],
    "pool of a large kernel": [
        ("avg_pool", {"x": IMAGE, "kernel_sizes": i(10**5, 10**5), "pad_type": "same", "strides": i(1, 1)}, 1)
    ],
    "pool backwards": [
        ("l2_pool", {"x": IMAGE, "kernel_sizes": i(-2, 0), "pad_type": "valid", "strides": i(-1, 0)}, 1)
    ],
    "sliding_windows": [("sliding_windows", {"x": GRID, "axis": n(1), "size": n(-1), "stride": n(0)}, 1)],
    "windows of windows": [
        ("fill", {"shape": i(20_000, 1), "value": np.float32(1)}, 1),
        ("sliding_windows", {"x": "@b0", "axis": n(0), "size": n(10_000), "stride": n(1)}, 1),
        ("exp", {"x": "@b1"}, 1),
    ],
    "space_to_batch": [
        ("space_to_batch", {"x": IMAGE, "block_shape": i(1, 1), "paddings": i(*[10**6] * 4).reshape(2, 2)}, 1)
    ],
    "batch_to_space": [
        ("batch_to_space", {"x": IMAGE, "block_shape": i(0, 0), "crops": i(9, 9, 9, 9).reshape(2, 2)}, 1)
    ],
    "make_list": [("make_list", {"elem_shape": i(10**5, 10**5), "init_length": n(HUGE), "dtype": "fp32"}, 1)],
    "make_list of many": [("make_list", {"elem_shape": i(1), "init_length": n(HUGE), "dtype": "fp32"}, 1)],
    "list_write": [
        ("make_list", {"elem_shape": i(1), "init_length": n(1), "dtype": "fp32"}, 1),
        ("list_write", {"ls": "@b0", "index": n(2**24 - 1), "value": ONE}, 1),
    ],
    "boxes to keep": [
        (
            "non_maximum_suppression",
            {
                "boxes": np.ones((1, 4, 3), np.float32),
                "scores": np.ones((1, 2, 3), np.float32),
                "iou_threshold": np.float32(0.5),
                "max_boxes": n(HUGE),
            },
            3,
        )
    ],
    "doubling": [
        ("fill", {"shape": i(2**10), "value": np.float32(1)}, 1),
        *[("concat", {"values": [f"@b{step}", f"@b{step}"], "axis": n(0)}, 1) for step in range(40)],
    ],
    "stacking": [
        ("fill", {"shape": i(2**20), "value": np.float32(1)}, 1),
        ("stack", {"values": ["@b0"] * 2000, "axis": n(0)}, 1),
    ],
    "broadcasting": [
        ("fill", {"shape": i(10**5, 1), "value": np.float32(1)}, 1),
        ("fill", {"shape": i(1, 10**5), "value": np.float32(1)}, 1),
        ("add", {"x": "@b0", "y": "@b1"}, 1),
    ],
    "select": [
        ("fill", {"shape": i(10**5, 1), "value": np.float32(1)}, 1),
        ("fill", {"shape": i(1, 10**5), "value": np.float32(1)}, 1),
        ("greater", {"x": "@b0", "y": "@b1"}, 1),
        ("select", {"cond": "@b2", "a": "@b0", "b": "@b1"}, 1),
    ],
    "outer product": [
        ("fill", {"shape": i(10**5, 1), "value": np.float32(1)}, 1),
        ("matmul", {"x": "@b0", "y": "@b0", "transpose_y": np.bool_(True)}, 1),
    ],
    "einsum": [
        ("fill", {"shape": i(1000, 1000), "value": np.float32(1)}, 1),
        ("einsum", {"values": ["@b0", "@b0"], "equation": "ab,cd->abcd"}, 1),
    ],
    "gather": [
        ("fill", {"shape": i(1, 10**5), "value": np.float32(1)}, 1),
        ("fill", {"shape": i(10**5), "value": n(0)}, 1),
        ("gather", {"x": "@b0", "indices": "@b1", "axis": n(0)}, 1),
    ],
    "gather_nd": [
        ("fill", {"shape": i(1, 10**5), "value": np.float32(1)}, 1),
        ("fill", {"shape": i(10**5, 1), "value": n(0)}, 1),
        ("gather_nd", {"x": "@b0", "indices": "@b1"}, 1),
    ],
    "attention": [
        ("fill", {"shape": i(1, 10**5, 1), "value": np.float32(1)}, 1),
        ("scaled_dot_product_attention", {"query": "@b0", "key": "@b0", "value": "@b0"}, 1),
    ],
    "reshape": [("reshape", {"x": GRID, "shape": i(HUGE, -1, 0)}, 1)],
    "expand": [("expand_dims", {"x": GRID, "axes": i(*range(60))}, 1)],
    "topk": [("topk", {"x": GRID, "k": n(HUGE), "axis": n(99)}, 2)],
    "split": [("split", {"x": GRID, "axis": n(1), "num_splits": n(HUGE)}, 3)],
    "shuffle": [("pixel_shuffle", {"x": IMAGE, "upscale_factor": n(0)}, 1)],
    "depth": [("depth_to_space", {"x": IMAGE, "block_size": n(-HUGE)}, 1)],
    "slice": [("slice_by_index", {"x": GRID, "begin": i(-9, 9), "end": i(HUGE, -HUGE), "stride": i(0, 0)}, 1)],
    "band_part": [
        ("fill", {"shape": i(1, 20_000, 5_000), "value": np.float32(1)}, 1),
        ("band_part", {"x": "@b0", "lower": n(-1), "upper": n(2)}, 1),
    ],
    "endless loop": "loop",
    "endless loops": "loops",
}


def put_in(block, bomb):
    """Put the operations of a bomb in front of those of a block, behind its constants or before them."""
    kept = [operation.SerializeToString() for operation in block.operations]
    del block.operations[:]
    if isinstance(bomb, str):
        _loop(block.operations.add(), "b", 2 if bomb == "loops" else 0)
    else:
        for place, (kind, inputs, outputs) in enumerate(bomb):
            _operation(
                block.operations.add(), kind, inputs, [f"b{place}", *(f"b{place}_{more}" for more in range(1, outputs))]
            )
    for each in kept:
        block.operations.add().ParseFromString(each)


def _operation(operation, kind, inputs, outputs):
    operation.type = kind
    for key, value in inputs.items():
        for each in value if isinstance(value, list) else [value]:
            binding = operation.inputs[key].arguments.add()
            if isinstance(each, str) and each.startswith("@"):
                binding.name = each[1:]
            else:
                _constant(binding.value, each)
    for name in outputs:
        declared = operation.outputs.add(name=name)
        declared.type.tensorType.dataType = 11
        declared.type.tensorType.dimensions.add().unknown.variadic = True


def _constant(value, content):
    array = content if isinstance(content, str) else np.asarray(content)
    kind = "str" if isinstance(content, str) else str(array.dtype)
    value.type.tensorType.dataType = _PROTO[kind]
    tensor = value.immediateValue.tensor
    if kind == "str":
        tensor.strings.values.append(content)
        return
    for size in array.shape:
        value.type.tensorType.dimensions.add().constant.size = size
    if kind == "uint32":
        tensor.bytes.values = array.tobytes()
    else:
        holder = {"float32": tensor.floats, "int32": tensor.ints, "bool": tensor.bools}[kind]
        holder.values.extend(array.ravel().tolist())


def _loop(operation, name, inside):
    """A while_loop whose condition is always true; with ``inside`` loops in its body, one in the other."""
    operation.type = "while_loop"
    _constant(operation.inputs["loop_vars"].arguments.add().value, np.float32(1))
    operation.outputs.add(name=name).type.tensorType.dataType = 11
    condition, body = operation.blocks.add(), operation.blocks.add()
    for block in (condition, body):
        block.inputs.add(name=f"{name}v").type.tensorType.dataType = 11
    _operation(condition.operations.add(), "greater", {"x": f"@{name}v", "y": np.float32(-5)}, [f"{name}c"])
    condition.operations[0].outputs[0].type.tensorType.dataType = 1
    condition.outputs.append(f"{name}c")
    if inside:
        _loop(body.operations.add(), f"{name}i", inside - 1)
    _operation(body.operations.add(), "abs", {"x": f"@{name}v"}, [f"{name}n"])
    body.outputs.append(f"{name}n")
