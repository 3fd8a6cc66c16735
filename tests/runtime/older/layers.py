"""Networks of one layer, made by coremltools' builder, with the outputs they must give."""
# ruff: noqa: E501 (a table: what is added, what goes in and what must come out stand side by side)

import numpy as np
from scipy.special import erf

RANDOM = np.random.default_rng(7)
X = RANDOM.normal(size=(4, 6, 5)).astype(np.float32)  # (channels, height, width)
Y = RANDOM.normal(size=(4, 6, 5)).astype(np.float32)
V = RANDOM.normal(size=8).astype(np.float32)
W = RANDOM.normal(size=(3, 8)).astype(np.float32)
B = RANDOM.normal(size=3).astype(np.float32)
C = RANDOM.uniform(0.5, 1.5, size=4).astype(np.float32)
K = RANDOM.normal(size=(3, 3, 4, 6)).astype(np.float32)  # (height, width, in, out): the builder's order


def convolved(x, kernel, stride=1, pads=(0, 0, 0, 0), dilation=1, groups=1):
    """Convolution by its definition, loop by loop, in double precision. kernel (out, in / groups, height, width)."""
    x = np.pad(x.astype(float), [(0, 0), pads[:2], pads[2:]])
    out, inner, height, width = kernel.shape
    reach = (height - 1) * dilation + 1, (width - 1) * dilation + 1
    made = np.zeros((out, (x.shape[1] - reach[0]) // stride + 1, (x.shape[2] - reach[1]) // stride + 1))
    for o, row, column in np.ndindex(*made.shape):
        first = o // (out // groups) * inner
        top, left = row * stride, column * stride
        part = x[first : first + inner, top : top + reach[0] : dilation, left : left + reach[1] : dilation]
        made[o, row, column] = (part * kernel[o]).sum()
    return made


def laid(x, kernel, stride, cut):
    """Deconvolution by its definition: every value lays the kernel over the output. kernel (in, out, height, width)."""
    height, width = ((size - 1) * stride + reach for size, reach in zip(x.shape[1:], kernel.shape[2:], strict=True))
    made = np.zeros((kernel.shape[1], height, width))
    for c, row, column in np.ndindex(*x.shape):
        top, left = row * stride, column * stride
        made[:, top : top + kernel.shape[2], left : left + kernel.shape[3]] += x[c, row, column] * kernel[c]
    return made[:, cut[0] : height - cut[1], cut[2] : width - cut[3]]


def pooled(x, size, stride, way, pads=(0, 0, 0, 0), fill=0.0):
    x = np.pad(x.astype(float), [(0, 0), pads[:2], pads[2:]], constant_values=fill)
    rows, columns = (x.shape[1] - size) // stride + 1, (x.shape[2] - size) // stride + 1
    cut = [
        [x[:, r * stride : r * stride + size, c * stride : c * stride + size] for c in range(columns)]
        for r in range(rows)
    ]
    return np.stack([np.stack([way(part.reshape(len(x), -1)) for part in row], -1) for row in cut], 1)


def mean(part):
    return part.mean(1)


def _conv(made, **options):
    known = {"kernel_channels": 4, "output_channels": 6, "height": 3, "width": 3, "stride_height": 1, "stride_width": 1}
    known |= {"border_mode": "valid", "groups": 1, "W": K, "b": None, "has_bias": False}
    made.add_convolution("one", **known | {"input_name": "x", "output_name": "y"} | options)


OUT_IN = K.transpose(3, 2, 0, 1)
SIGMOID = 1 / (1 + np.exp(-X.astype(float)))


def _pool(b, kind, **options):
    known = {"height": 2, "width": 2, "stride_height": 2, "stride_width": 2, "padding_type": "VALID"}
    b.add_pooling("one", layer_type=kind, input_name="x", output_name="y", **known | options)


def _activate(name, params=None):
    return lambda b: b.add_activation("one", name, "x", "y", params)


def _unary(mode, **options):
    return lambda b: b.add_unary("one", "x", "y", mode, **options)


def _reduce(axis, mode):
    return lambda b: b.add_reduce("one", "x", "y", axis, mode)


def _softmax(x):
    made = np.exp(x - x.max(0))
    return made / made.sum(0)


LARGE = np.abs(X) + 0.5
SMALL = np.arange(4, dtype=np.float32).reshape(1, 2, 2)

# name, what to add to the builder, inputs by name, the expected output
CASES = [
    ("innerProduct", lambda b: b.add_inner_product("one", W, B, 8, 3, True, "x", "y"), {"x": V}, W @ V + B),
    ("innerProduct bare", lambda b: b.add_inner_product("one", W, None, 8, 3, False, "x", "y"), {"x": V}, W @ V),
    ("embedding", lambda b: b.add_embedding("one", W, None, 8, 3, False, "x", "y"), {"x": np.array([5.0])}, W[:, 5]),
    ("convolution", _conv, {"x": X}, convolved(X, OUT_IN)),
    (
        "convolution bias",
        lambda b: _conv(b, b=np.arange(6.0), has_bias=True),
        {"x": X},
        convolved(X, OUT_IN) + np.arange(6.0)[:, None, None],
    ),
    ("convolution stride", lambda b: _conv(b, stride_height=2, stride_width=2), {"x": X}, convolved(X, OUT_IN, 2)),
    (
        "convolution pads",
        lambda b: _conv(b, padding_top=2, padding_bottom=1, padding_left=0, padding_right=3),
        {"x": X},
        convolved(X, OUT_IN, pads=(2, 1, 0, 3)),
    ),
    ("convolution dilated", lambda b: _conv(b, dilation_factors=[2, 2]), {"x": X}, convolved(X, OUT_IN, dilation=2)),
    (
        "convolution same",
        lambda b: _conv(b, border_mode="same", stride_height=2, stride_width=2),
        {"x": X},
        convolved(X, OUT_IN, 2, (0, 1, 1, 1)),
    ),
    (
        "convolution same, heavy first",
        lambda b: _conv(
            b, border_mode="same", stride_height=2, stride_width=2, same_padding_asymmetry_mode="TOP_LEFT_HEAVY"
        ),
        {"x": X},
        convolved(X, OUT_IN, 2, (1, 0, 1, 1)),
    ),
    (
        "convolution groups",
        lambda b: _conv(b, groups=2, kernel_channels=2, W=K[:, :, :2]),
        {"x": X},
        convolved(X, OUT_IN[:, :2], groups=2),
    ),
    (
        "deconvolution",
        lambda b: _conv(b, is_deconv=True, stride_height=2, stride_width=2, padding_top=1, padding_right=2),
        {"x": X},
        laid(X, K.transpose(2, 3, 0, 1), 2, (1, 0, 0, 2)),
    ),
    (
        "deconvolution same",
        lambda b: _conv(b, is_deconv=True, stride_height=2, stride_width=2, border_mode="same"),
        {"x": X},
        laid(X, K.transpose(2, 3, 0, 1), 2, (0, 1, 0, 1)),
    ),
    ("pooling max", lambda b: _pool(b, "MAX"), {"x": X}, pooled(X, 2, 2, lambda part: part.max(1))),
    ("pooling average", lambda b: _pool(b, "AVERAGE"), {"x": X}, pooled(X, 2, 2, mean)),
    ("pooling L2", lambda b: _pool(b, "L2"), {"x": X}, pooled(X, 2, 2, lambda part: np.sqrt((part**2).sum(1)))),
    ("pooling global", lambda b: _pool(b, "AVERAGE", is_global=True), {"x": X}, X.mean((1, 2))),
    (
        "pooling same, padding counted",
        lambda b: _pool(
            b,
            "AVERAGE",
            height=3,
            width=3,
            stride_height=1,
            stride_width=1,
            padding_type="SAME",
            exclude_pad_area=False,
        ),
        {"x": X},
        pooled(X, 3, 1, mean, (1, 1, 1, 1)),
    ),
    (
        "pooling same, padding left out",
        lambda b: _pool(
            b, "AVERAGE", height=3, width=3, stride_height=1, stride_width=1, padding_type="SAME", exclude_pad_area=True
        ),
        {"x": X},
        pooled(X, 3, 1, lambda part: np.nanmean(part, 1), (1, 1, 1, 1), np.nan),
    ),
    (
        "pooling with the last pixel",
        lambda b: _pool(b, "MAX", padding_type="INCLUDE_LAST_PIXEL", padding_top=0, padding_left=0),
        {"x": X},
        pooled(X, 2, 2, lambda part: part.max(1), (0, 0, 0, 1), -np.inf),
    ),
    ("linear", _activate("LINEAR", [2.0, -1.0]), {"x": X}, 2 * X - 1),
    ("ReLU", _activate("RELU"), {"x": X}, np.maximum(X, 0)),
    ("leakyReLU", _activate("LEAKYRELU", [0.2]), {"x": X}, np.where(X >= 0, X, 0.2 * X)),
    ("thresholdedReLU", _activate("THRESHOLDEDRELU", 0.3), {"x": X}, np.where(X >= 0.3, X, 0)),
    ("PReLU", _activate("PRELU", C), {"x": X}, np.where(X >= 0, X, C[:, None, None] * X)),
    ("tanh", _activate("TANH"), {"x": X}, np.tanh(X)),
    ("scaledTanh", _activate("SCALED_TANH", [1.5, 0.5]), {"x": X}, 1.5 * np.tanh(0.5 * X)),
    ("sigmoid", _activate("SIGMOID"), {"x": X}, SIGMOID),
    ("sigmoidHard", _activate("SIGMOID_HARD", [0.2, 0.5]), {"x": X}, np.clip(0.2 * X + 0.5, 0, 1)),
    ("ELU", _activate("ELU", 0.7), {"x": X}, np.where(X >= 0, X, 0.7 * np.expm1(X))),
    ("softsign", _activate("SOFTSIGN"), {"x": X}, X / (1 + np.abs(X))),
    ("softplus", _activate("SOFTPLUS"), {"x": X}, np.log1p(np.exp(X))),
    (
        "parametricSoftplus",
        _activate("PARAMETRICSOFTPLUS", [C, C + 1]),
        {"x": X},
        C[:, None, None] * np.log1p(np.exp((C + 1)[:, None, None] * X)),
    ),
    (
        "batchnorm",
        lambda b: b.add_batchnorm("one", 4, C, C - 1, C / 3, C + 2, "x", "y", epsilon=1e-3),
        {"x": X},
        (C * (X.transpose(1, 2, 0) - C / 3) / np.sqrt(C + 2 + 1e-3) + C - 1).transpose(2, 0, 1),
    ),
    (
        "batchnorm of the instance",
        lambda b: b.add_batchnorm(
            "one", 4, C, C - 1, None, None, "x", "y", compute_mean_var=True, instance_normalization=True, epsilon=1e-5
        ),
        {"x": X},
        C[:, None, None] * (X - X.mean((1, 2), keepdims=True)) / np.sqrt(X.var((1, 2), keepdims=True) + 1e-5)
        + (C - 1)[:, None, None],
    ),
    (
        "mvn",
        lambda b: b.add_mvn("one", "x", "y", across_channels=True, normalize_variance=True, epsilon=1e-4),
        {"x": X},
        (X - X.mean()) / np.sqrt(X.var() + 1e-4),
    ),
    (
        "l2normalize",
        lambda b: b.add_l2_normalize("one", "x", "y", epsilon=1e-3),
        {"x": X},
        X / np.sqrt((X**2).sum() + 1e-3),
    ),
    (
        "lrn",
        lambda b: b.add_lrn("one", "x", "y", alpha=0.6, beta=0.75, local_size=3, k=2.0),
        {"x": X},
        X / (2 + 0.2 * np.stack([(X[max(0, c - 1) : c + 2] ** 2).sum(0) for c in range(4)])) ** 0.75,
    ),
    ("softmax", lambda b: b.add_softmax("one", "x", "y"), {"x": X}, _softmax(X)),
    (
        "padding constant",
        lambda b: b.add_padding("one", 1, 2, 0, 1, 3.0, "x", "y"),
        {"x": X},
        np.pad(X, [(0, 0), (0, 1), (1, 2)], constant_values=3),
    ),
    (
        "padding reflection",
        lambda b: b.add_padding("one", 2, 2, 0, 0, input_name="x", output_name="y", padding_type="reflection"),
        {"x": X},
        np.pad(X, [(0, 0), (0, 0), (2, 2)], mode="reflect"),
    ),
    (
        "padding replication",
        lambda b: b.add_padding("one", 0, 0, 1, 1, input_name="x", output_name="y", padding_type="replication"),
        {"x": X},
        np.pad(X, [(0, 0), (1, 1), (0, 0)], mode="edge"),
    ),
    ("crop", lambda b: b.add_crop("one", 1, 0, 2, 1, [0, 0], ["x"], "y"), {"x": X}, X[:, 2:5, 1:]),
    (
        "crop to another",
        lambda b: b.add_crop("one", 0, 0, 0, 0, [1, 2], ["x", "z"], "y"),
        {"x": X, "z": X[:, :3, :2]},
        X[:, 1:4, 2:4],
    ),
    ("upsample nearest", lambda b: b.add_upsample("one", 2, 3, "x", "y"), {"x": X}, X.repeat(2, 1).repeat(3, 2)),
    (
        "upsample bilinear",
        lambda b: b.add_upsample("one", 2, 2, "x", "y", mode="BILINEAR"),
        {"x": SMALL},
        [[[0, 0.5, 1, 1], [1, 1.5, 2, 2], [2, 2.5, 3, 3], [2, 2.5, 3, 3]]],
    ),
    (
        "resizeBilinear",
        lambda b: b.add_resize_bilinear("one", "x", "y", 3, 3, "ALIGN_ENDPOINTS_MODE"),
        {"x": SMALL},
        [[[0, 0.5, 1], [1, 1.5, 2], [2, 2.5, 3]]],
    ),
    ("add", lambda b: b.add_elementwise("one", ["x", "z"], "y", "ADD"), {"x": X, "z": Y}, X + Y),
    ("add alpha", lambda b: b.add_elementwise("one", ["x"], "y", "ADD", 2.5), {"x": X}, X + 2.5),
    ("multiply", lambda b: b.add_elementwise("one", ["x", "z"], "y", "MULTIPLY"), {"x": X, "z": Y}, X * Y),
    ("multiply alpha", lambda b: b.add_elementwise("one", ["x"], "y", "MULTIPLY", -3.0), {"x": X}, -3 * X),
    ("average", lambda b: b.add_elementwise("one", ["x", "z"], "y", "AVE"), {"x": X, "z": Y}, (X + Y) / 2),
    ("max", lambda b: b.add_elementwise("one", ["x", "z"], "y", "MAX"), {"x": X, "z": Y}, np.maximum(X, Y)),
    ("min", lambda b: b.add_elementwise("one", ["x", "z"], "y", "MIN"), {"x": X, "z": Y}, np.minimum(X, Y)),
    ("dot", lambda b: b.add_elementwise("one", ["x", "z"], "y", "DOT"), {"x": V, "z": V[::-1].copy()}, [V @ V[::-1]]),
    (
        "cosine",
        lambda b: b.add_elementwise("one", ["x", "z"], "y", "COS"),
        {"x": V, "z": V[::-1].copy()},
        [V @ V[::-1] / (V @ V)],
    ),
    (
        "concat",
        lambda b: b.add_elementwise("one", ["x", "z"], "y", "CONCAT"),
        {"x": X, "z": Y[:2]},
        np.concatenate([X, Y[:2]]),
    ),
    ("bias", lambda b: b.add_bias("one", C, "x", "y", [4]), {"x": X}, X + C[:, None, None]),
    (
        "scale",
        lambda b: b.add_scale("one", C, X[:1], True, "x", "y", [4], [1, 6, 5]),
        {"x": X},
        X * C[:, None, None] + X[:1],
    ),
    (
        "loadConstant",
        lambda b: (b.add_load_constant("c", "k", X, [4, 6, 5]), b.add_elementwise("one", ["x", "k"], "y", "ADD")),
        {"x": Y},
        X + Y,
    ),
    ("flatten", lambda b: b.add_flatten("one", 0, "x", "y"), {"x": X}, X.ravel()),
    ("flatten channels last", lambda b: b.add_flatten("one", 1, "x", "y"), {"x": X}, X.transpose(1, 2, 0).ravel()),
    ("reshape", lambda b: b.add_reshape("one", "x", "y", (3, 8, 5), 0), {"x": X}, X.reshape(3, 8, 5)),
    (
        "reshape channels last",
        lambda b: b.add_reshape("one", "x", "y", (3, 8, 5), 1),
        {"x": X},
        X.transpose(1, 2, 0).reshape(8, 5, 3).transpose(2, 0, 1),
    ),
    ("permute", lambda b: b.add_permute("one", (0, 3, 1, 2), "x", "y"), {"x": X}, X.transpose(2, 0, 1)),
    ("slice", lambda b: b.add_slice("one", "x", "y", "height", 1, -1, 2), {"x": X}, X[:, 1:-1:2]),
    (
        "reorganizeData",
        lambda b: b.add_reorganize_data("one", "x", "y", "SPACE_TO_DEPTH", 2),
        {"x": SMALL},
        SMALL.reshape(4, 1, 1),
    ),
    ("unary sqrt", _unary("sqrt"), {"x": LARGE}, np.sqrt(LARGE)),
    ("unary rsqrt", _unary("rsqrt", epsilon=0.1), {"x": LARGE}, 1 / np.sqrt(LARGE + 0.1)),
    ("unary inverse", _unary("inverse", epsilon=0.1), {"x": LARGE}, 1 / (LARGE + 0.1)),
    ("unary power", _unary("power", alpha=3.0), {"x": X}, X**3),
    ("unary exp, moved and scaled", _unary("exp", shift=0.5, scale=0.3), {"x": X}, np.exp(0.3 * X + 0.5)),
    ("unary log", _unary("log"), {"x": LARGE}, np.log(LARGE)),
    ("unary abs", _unary("abs"), {"x": X}, np.abs(X)),
    ("unary threshold", _unary("threshold", alpha=0.2), {"x": X}, np.maximum(0.2, X)),
    ("reduce sum", _reduce("C", "sum"), {"x": X}, X.sum(0, keepdims=True)),
    ("reduce avg", _reduce("HW", "avg"), {"x": X}, X.mean((1, 2))),
    ("reduce prod", _reduce("W", "prod"), {"x": X}, X.prod(2, keepdims=True)),
    ("reduce logsum", _reduce("H", "logsum"), {"x": LARGE}, np.log(LARGE + 1e-6).sum(1, keepdims=True)),
    ("reduce sumsquare", _reduce("CHW", "sumsquare"), {"x": X}, [(X**2).sum()]),
    ("reduce L1", _reduce("CHW", "L1"), {"x": X}, [np.abs(X).sum()]),
    ("reduce L2", _reduce("CHW", "L2"), {"x": X}, [np.sqrt((X**2).sum())]),
    ("reduce max", _reduce("C", "max"), {"x": X}, X.max(0, keepdims=True)),
    ("reduce min", _reduce("C", "min"), {"x": X}, X.min(0, keepdims=True)),
    ("reduce argmax", _reduce("C", "argmax"), {"x": X}, X.argmax(0)[None]),
]

# the same for layers of any rank (exact mapping)
GELU = X * 0.5 * (1 + erf(X / np.sqrt(2)))
EXACT = [
    ("batchedMatmul", lambda b: b.add_batched_mat_mul("one", ["x", "z"], "y", transpose_b=True), {"x": X, "z": Y}, X @ Y.transpose(0, 2, 1)),
    ("batchedMatmul weights", lambda b: b.add_batched_mat_mul("one", ["x"], "y", weight_matrix_rows=8, weight_matrix_columns=3, W=W.T, bias=B), {"x": V}, V @ W.T + B),
    ("embeddingND", lambda b: b.add_embedding_nd("one", "x", "y", 8, 3, W), {"x": np.array([[5.0], [0.0]])}, W[:, [5, 0]].T),
    ("layerNormalization", lambda b: b.add_layer_normalization("one", "x", "y", [5], X[0, 0], X[0, 1], 1e-3), {"x": Y}, X[0, 0] * (Y - Y.mean(-1, keepdims=True)) / np.sqrt(Y.var(-1, keepdims=True) + 1e-3) + X[0, 1]),
    ("softmaxND", lambda b: b.add_softmax_nd("one", "x", "y", 1), {"x": X}, _softmax(X.transpose(1, 0, 2)).transpose(1, 0, 2)),
    ("gelu", lambda b: b.add_gelu("one", "x", "y", "EXACT"), {"x": X}, GELU),
    ("sequence of broadcasts", lambda b: (b.add_add_broadcastable("a", ["x", "z"], "k"), b.add_divide_broadcastable("one", ["k", "z"], "y")), {"x": X, "z": C[:, None, None]}, (X + C[:, None, None]) / C[:, None, None]),
    ("branch", lambda b: _branch(b), {"x": np.array([3.0]), "z": np.array([0.0])}, [-3.0]),
    ("branch taken", lambda b: _branch(b), {"x": np.array([3.0]), "z": np.array([1.0])}, [6.0]),
    ("loop", lambda b: _loop(b), {"x": np.array([1.0])}, [32.0]),
    ("loop with a condition", lambda b: _while(b), {"x": np.array([3.0])}, [192.0]),
]  # fmt: skip


def _inside(network):
    from coremltools.models.neural_network import NeuralNetworkBuilder

    return NeuralNetworkBuilder(nn_spec=network, disable_rank5_shape_mapping=True)


def _branch(b):
    b.add_fill_static("fill", "y", (1,), 0.0)
    layer = b.add_branch("one", "z")
    for network, by in ((layer.branch.ifBranch, 2.0), (layer.branch.elseBranch, -1.0)):
        inner = _inside(network)
        inner.add_elementwise("m", ["x"], "k", "MULTIPLY", by)
        inner.add_copy("c", "k", "y")


def _loop(b):
    b.add_copy("begin", "x", "y")
    inner = _inside(b.add_loop("one", max_iterations=5).loop.bodyNetwork)
    inner.add_elementwise("m", ["y"], "k", "MULTIPLY", 2.0)
    inner.add_copy("c", "k", "y")


def _while(b):
    b.add_copy("begin", "x", "y")
    loop = b.add_loop("one", max_iterations=0).loop
    loop.conditionVar = "more"
    _inside(loop.conditionNetwork).add_less_than("less", ["y"], "more", alpha=100.0)
    inner = _inside(loop.bodyNetwork)
    inner.add_elementwise("m", ["y"], "k", "MULTIPLY", 2.0)
    inner.add_copy("c", "k", "y")
