"""Convolution, its way back, pooling and normalisation."""

from runtime.cases.values import b, f, i, np

ROW = f([[[1, 2, 3, 4]]])  # (1, 1, 4)
SQUARE = f([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]])  # (1, 1, 3, 3)
PAIR = f([[[1, 2], [10, 20]]])  # (1, 2, 2): two channels
ROOT = np.sqrt(np.float32(1.25))


def conv(x, weight, expected, **options):
    return ("conv", {"x": x, "weight": weight, **options}, expected)


def back(x, weight, expected, **options):
    return ("conv_transpose", {"x": x, "weight": weight, **options}, expected)


CASES = [
    conv(ROW, f([[[1, 10]]]), f([[[21, 32, 43]]])),
    conv(ROW, f([[[1, 10]]]), f([[[121, 143]]]), strides=i([2]), bias=f([100])),
    conv(ROW, f([[[1, 10]]]), f([[[31, 42]]]), dilations=i([2])),
    conv(ROW, f([[[1, 10]]]), f([[[10, 21, 32, 43, 4]]]), pad_type="custom", pad=i([1, 1])),
    conv(ROW, f([[[1, 10]]]), f([[[21, 32, 43, 4]]]), pad_type="same"),
    conv(ROW, f([[[1, 10]]]), f([[[10, 21, 32, 43]]]), pad_type="same_lower"),
    conv(PAIR, f([[[1], [1]], [[2], [0]]]), f([[[11, 22], [2, 4]]])),
    conv(PAIR, f([[[3]], [[5]]]), f([[[3, 6], [50, 100]]]), groups=i(2)),
    conv(PAIR, f([[[1, 1]], [[1, -1]], [[2, 0]], [[0, 2]]]), f([[[3], [-1], [20], [40]]]), groups=i(2)),
    conv(f(np.ones((1, 4, 1))), f([[[1], [2]], [[3], [4]]]), f([[[3], [7]]]), groups=i(2)),
    conv(SQUARE, f([[[[1, 0], [0, 1]]]]), f([[[[6, 8], [12, 14]]]])),
    conv(SQUARE, f([[[[1, 1, 1]] * 3]]), f([[[[12, 16], [24, 28]]]]), strides=i([2, 2]), pad_type="same"),
    conv(f(np.ones((2, 1, 2, 2, 2))), f(np.ones((1, 1, 2, 2, 2))), f([[[[[8]]]], [[[[8]]]]])),
    (
        "conv_quantized",
        {
            "x": ROW,
            "weight": f([[[1, 2]]]),
            "quantization_type": "linear",
            "quant_scale": f([2]),
            "quant_bias": f([1]),
        },
        f([[[13, 21, 29]]]),
    ),
    (
        "conv_quantized",
        {
            "x": ROW,
            "weight": f([[[1]], [[2]]]),
            "quantization_type": "linear",
            "quant_scale": f([1, 10]),
            "quant_bias": f([0, 0]),
            "strides": i([2]),
        },
        f([[[1, 3], [20, 60]]]),
    ),
    back(f([[[1, 2]]]), f([[[1, 10]]]), f([[[1, 12, 20]]])),
    back(f([[[1, 2]]]), f([[[1, 10]]]), f([[[1, 10, 2, 20]]]), strides=i([2])),
    back(f([[[1, 2]]]), f([[[1, 10]]]), f([[[101, 102, 110, 120]]]), dilations=i([2]), bias=f([100])),
    back(f([[[1, 2]]]), f([[[1, 10]]]), f([[[12]]]), pad_type="custom", pad=i([1, 1])),
    back(f([[[1, 2]]]), f([[[1, 10, 100]]]), f([[[1, 10, 102, 20]]]), pad_type="same", strides=i([2])),
    back(
        f([[[1, 2]]]),
        f([[[1, 10]]]),
        f([[[10, 2, 20, 0]]]),
        pad_type="custom",
        pad=i([1, 0]),
        strides=i([2]),
        output_shape=i([1, 1, 4]),
    ),
    back(PAIR, f([[[3]], [[5]]]), f([[[3, 6], [50, 100]]]), groups=i(2)),
    back(PAIR, f([[[1], [2]], [[0], [1]]]), f([[[1, 2], [12, 24]]])),
    back(f([[[[1, 2]]]]), f([[[[1, 1], [1, 1]]]]), f([[[[1, 3, 2], [1, 3, 2]]]])),
    ("max_pool", {"x": ROW, "kernel_sizes": i([2]), "pad_type": "valid"}, f([[[2, 3, 4]]])),
    (
        "max_pool",
        {"x": -ROW, "kernel_sizes": i([2]), "strides": i([2]), "pad_type": "custom", "pad": i([1, 1])},
        f([[[-1, -2, -4]]]),
    ),
    (
        "max_pool",
        {"x": SQUARE, "kernel_sizes": i([2, 2]), "strides": i([2, 2]), "pad_type": "valid", "ceil_mode": b(True)},
        f([[[[5, 6], [8, 9]]]]),
    ),
    (
        "max_pool",
        {"x": SQUARE, "kernel_sizes": i([2, 2]), "strides": i([2, 2]), "pad_type": "same"},
        f([[[[5, 6], [8, 9]]]]),
    ),
    ("avg_pool", {"x": ROW, "kernel_sizes": i([2]), "pad_type": "valid"}, f([[[1.5, 2.5, 3.5]]])),
    (
        "avg_pool",
        {"x": ROW, "kernel_sizes": i([2]), "strides": i([2]), "pad_type": "custom", "pad": i([1, 1])},
        f([[[0.5, 2.5, 2]]]),
    ),
    (
        "avg_pool",
        {
            "x": ROW,
            "kernel_sizes": i([2]),
            "strides": i([2]),
            "pad_type": "custom",
            "pad": i([1, 1]),
            "exclude_padding_from_average": b(True),
        },
        f([[[1, 2.5, 4]]]),
    ),
    ("avg_pool", {"x": SQUARE, "kernel_sizes": i([3, 3]), "pad_type": "valid"}, f([[[[5]]]])),
    ("l2_pool", {"x": f([[[3, 4, 0]]]), "kernel_sizes": i([2]), "pad_type": "valid"}, f([[[5, 4]]])),
    ("l2_pool", {"x": SQUARE[..., :1, :1] * 2, "kernel_sizes": i([1, 1]), "pad_type": "valid"}, f([[[[2]]]])),
    ("batch_norm", {"x": PAIR, "mean": f([1, 10]), "variance": f([4, 25]), "epsilon": f(0)}, f([[[0, 0.5], [0, 2]]])),
    (
        "batch_norm",
        {"x": PAIR, "mean": f([0, 0]), "variance": f([0, 0]), "gamma": f([2, 1]), "beta": f([1, 0]), "epsilon": f(1)},
        f([[[3, 5], [10, 20]]]),
    ),
    ("instance_norm", {"x": PAIR, "epsilon": f(0)}, f([[[-1, 1], [-1, 1]]])),
    ("instance_norm", {"x": PAIR[:, :1], "gamma": f([3]), "beta": f([1]), "epsilon": f(0.75)}, f([[[-0.5, 2.5]]])),
    ("layer_norm", {"x": f([[1, 3], [5, 5]]), "axes": i([-1]), "epsilon": f(1e-30)}, f([[-1, 1], [0, 0]])),
    (
        "layer_norm",
        {
            "x": f([[1, 2], [3, 4]]),
            "axes": i([0, 1]),
            "gamma": f([[2, 2], [2, 2]]),
            "beta": f([[1, 1], [1, 1]]),
            "epsilon": f(0),
        },
        f([[1 - 3 / ROOT, 1 - 1 / ROOT], [1 + 1 / ROOT, 1 + 3 / ROOT]]),
    ),
    ("l2_norm", {"x": f([[[3, -4]]]), "epsilon": f(0)}, f([[[0.6, -0.8]]])),
    ("l2_norm", {"x": f([[[[0]]], [[[3]]]]), "epsilon": f(16)}, f([[[[0]]], [[[0.6]]]])),
    (
        "local_response_norm",
        {"x": f([[[[1]], [[2]], [[3]]]]), "size": i(3), "alpha": f(3), "beta": f(1), "k": f(0)},
        f([[[[1 / 5]], [[2 / 14]], [[3 / 13]]]]),
    ),
    (
        "local_response_norm",
        {"x": f([[[[1]], [[2]], [[3]]]]), "size": i(2), "alpha": f(2), "beta": f(1), "k": f(1)},
        f([[[[1 / 2]], [[2 / 6]], [[3 / 14]]]]),
    ),
    (
        "local_response_norm",
        {"x": f([[[1, 2]], [[3, 4]]]), "size": i(3), "alpha": f(3), "beta": f(1), "k": f(0)},
        f([[[1 / 10, 2 / 20]], [[3 / 10, 4 / 20]]]),
    ),
    (
        "scaled_dot_product_attention",
        {"query": f([[[0, 0]]]), "key": f([[[1, 0], [0, 1]]]), "value": f([[[2], [4]]])},
        f([[[3]]]),
    ),
    (
        "scaled_dot_product_attention",
        {
            "query": f([[[0, 0]]]),
            "key": f([[[1, 0], [0, 1]]]),
            "value": f([[[2], [4]]]),
            "attn_mask": b([[[False, True]]]),
        },
        f([[[4]]]),
    ),
    (
        "scaled_dot_product_attention",
        {"query": f([[[2]]]), "key": f([[[0], [0]]]), "value": f([[[2], [6]]]), "attn_mask": f([[[0, np.log(3)]]])},
        f([[[5]]]),
    ),
    (
        "non_maximum_suppression",
        {
            "boxes": f([[[0, 0, 2, 2], [0, 0.5, 2, 2], [9, 9, 1, 1]]]),
            "scores": f([[[1], [2], [0.5]]]),
            "iou_threshold": f(0.3),
            "score_threshold": f(0),
            "max_boxes": i(3),
        },
        (f([[[0, 0.5, 2, 2], [9, 9, 1, 1], [0, 0, 0, 0]]]), f([[[2], [0.5], [0]]]), i([[1, 2, -1]]), i([2])),
    ),
    (
        "non_maximum_suppression",
        {
            "boxes": f([[[0, 0], [0, 0], [2, 2], [2, 2]]]),
            "scores": f([[[1, 2]]]),
            "iou_threshold": f(0.3),
            "max_boxes": i(1),
        },
        (f([[[0], [0], [2], [2]]]), f([[[2]]]), i([[1]])),
    ),
    (
        "non_maximum_suppression",
        {
            "boxes": f([[[0, 0], [0, 0], [2, 2], [2, 2]]]),
            "scores": f([[[1, 0], [0, 2]]]),
            "iou_threshold": f(0.3),
            "max_boxes": i(2),
            "per_class_suppression": b(True),
        },
        (f([[[0, 0], [0, 0], [2, 2], [2, 2]]]), f([[[0, 1], [2, 0]]]), i([[1, 0]])),
    ),
]
