"""One-layer models, the third part: layers that prepare data, convolutional LSTMs, and the rest of ``keras.ops``."""

import numpy as np

AUGMENTATIONS = {
    "RandomBrightness": (0.5,),
    "RandomColorDegeneration": (0.5,),
    "RandomContrast": (0.5,),
    "RandomCrop": (4, 5),
    "RandomHue": (0.5,),
    "RandomPosterization": (4,),
    "RandomRotation": (0.5,),
    "RandomSaturation": (0.5,),
    "RandomSharpness": (0.5,),
    "RandomTranslation": (0.5, 0.5),
    "RandomZoom": (0.5,),
} | dict.fromkeys(
    [
        "AugMix",
        "CutMix",
        "MixUp",
        "RandAugment",
        "RandomColorJitter",
        "RandomElasticTransform",
        "RandomErasing",
        "RandomFlip",
        "RandomGaussianBlur",
        "RandomGrayscale",
        "RandomInvert",
        "RandomPerspective",
        "RandomShear",
        "Solarization",
    ],
    (),
)


def layers(L, one, graph):
    for name, options in AUGMENTATIONS.items():
        one(name, (6, 7, 3), lambda name=name, options=options: getattr(L, name)(*options))
    one("Pipeline", (6, 7, 3), lambda: L.Pipeline([L.Rescaling(1 / 255), L.RandomFlip(), L.CenterCrop(4, 3)]))
    one("CenterCrop", (7, 6, 2), lambda: L.CenterCrop(4, 3))
    one("CenterCrop channels first", (2, 7, 6), lambda: L.CenterCrop(4, 3, data_format="channels_first"))
    for kind in ("bilinear", "nearest"):
        for size in ((3, 4), (14, 9), (7, 5)):
            one(
                f"Resizing {kind} {size}", (7, 6, 2), lambda kind=kind, size=size: L.Resizing(*size, interpolation=kind)
            )
    for mode in ("one_hot", "multi_hot", "count"):
        one(f"CategoryEncoding {mode}", (4,), lambda mode=mode: L.CategoryEncoding(9, output_mode=mode), dtype="int32")
        one(f"Discretization {mode}", (4,), lambda mode=mode: L.Discretization([-1.0, 0.2, 1.5], output_mode=mode))
    one("CategoryEncoding of one number", (1,), lambda: L.CategoryEncoding(9, output_mode="one_hot"), dtype="int32")
    one("Discretization", (4, 3), lambda: L.Discretization([-1.0, 0.2, 1.5]))
    for mode in ("log", "magnitude", "psd", "real", "imag", "stft"):
        one(
            f"STFTSpectrogram {mode}",
            (40, 2),
            lambda mode=mode: L.STFTSpectrogram(mode, frame_length=8, frame_step=5, padding="same"),
        )
    one("STFTSpectrogram apart", (40, 2), lambda: L.STFTSpectrogram("real", 8, 8, fft_length=16, expand_dims=True))
    for rank, shape in ((1, (10, 3)), (2, (10, 7, 3)), (3, (5, 4, 6, 2))):
        for kind in ("Max", "Average"):
            name = f"Adaptive{kind}Pooling{rank}D"
            one(f"{name} to three", shape, lambda name=name: getattr(L, name)(3))
    one("AdaptiveMaxPooling2D uneven", (10, 7, 3), lambda: L.AdaptiveMaxPooling2D((7, 4)))
    one(
        "AdaptiveMaxPooling2D channels first",
        (3, 10, 7),
        lambda: L.AdaptiveMaxPooling2D((4, 5), data_format="channels_first"),
    )
    for rank, shape in ((1, (4, 7, 2)), (2, (3, 6, 5, 2))):
        for options in (
            {},
            {"padding": "same", "return_sequences": True},
            {"strides": 2, "padding": "same", "use_bias": False},
            {"dilation_rate": 2, "go_backwards": True},
            {"activation": "relu", "recurrent_activation": "hard_sigmoid", "kernel_size": 2},
        ):
            label = ", ".join(f"{key}={value}" for key, value in options.items())
            given = {"filters": 3, "kernel_size": 3} | options
            one(
                f"ConvLSTM{rank}D {label}".strip(),
                shape,
                lambda rank=rank, given=given: getattr(L, f"ConvLSTM{rank}D")(**given),
            )
    one(
        "ConvLSTM2D channels first",
        (3, 2, 6, 5),
        lambda: L.ConvLSTM2D(3, 2, data_format="channels_first", return_sequences=True),
    )
    graph("ConvLSTM1D with its state", lambda x: L.ConvLSTM1D(3, 2, padding="same", return_state=True)(x), (4, 7, 2))
    one("Bidirectional ConvLSTM1D", (4, 7, 2), lambda: L.Bidirectional(L.ConvLSTM1D(3, 2, return_sequences=True)))
    one("SpectralNormalization", (5, 4, 3), lambda: L.SpectralNormalization(L.Conv2D(2, 3)))
    one("SpatialDropout3D", (3, 4, 3, 2), lambda: L.SpatialDropout3D(0.3))
    one("ReversibleEmbedding", (5,), lambda: L.ReversibleEmbedding(9, 4), dtype="int32")
    for tied in (True, False):

        def there_and_back(ids, tied=tied):
            table = L.ReversibleEmbedding(9, 4, tie_weights=tied, logit_soft_cap=None if tied else 3.0)
            return table(table(ids), reverse=True)

        graph(f"ReversibleEmbedding and back, tied {tied}", there_and_back, (5,), dtypes=["int32"])
    one("Activation sparsemax", (6,), lambda: L.Activation("sparsemax"))
    one("Conv2D sparsemax", (6, 5, 3), lambda: L.Conv2D(4, 3, activation="sparsemax"))


def operations(K, activations, graph):
    both = ((4, 3), (4, 3))
    positive = ["log2", "log10", "arccosh"]
    between = ["arccos", "arcsin", "arctanh"]
    plain = (
        "abs absolute arctan arcsinh cbrt conj conjugate copy cosh deg2rad exp2 fabs rad2deg real round sinc sinh tan tanh trunc "
        "stop_gradient relu relu6 silu softsign softplus sigmoid hard_sigmoid hard_silu hard_tanh log_sigmoid selu sparsemax "
        "sparse_plus sparse_sigmoid tanh_shrink celu glu hard_shrink soft_shrink squareplus elu leaky_relu gelu"
    )
    for name in (*plain.split(), *positive, *between):

        def build(a, name=name):
            a = K.square(a) + 1.0 if name in positive else K.tanh(a) * 0.9 if name in between else a
            return getattr(K, name)(a)

        graph(f"ops.{name}", build, (4, 6))
    graph("ops.threshold", lambda a: K.threshold(a, 0.3, -1.0), (4, 6))
    graph("activations.relu in the graph", lambda a: activations.relu(a, 0.1, 2.0, 0.3), (4,))
    for name in [
        "fmax",
        "fmin",
        "hypot",
        "logaddexp",
        "logaddexp2",
        "divide_no_nan",
        "heaviside",
        "mod",
        "floor_divide",
        "true_divide",
        "divide",
    ]:
        graph(f"ops.{name}", lambda a, b, name=name: getattr(K, name)(a, b), *both)
    graph("ops.divide_no_nan by zero", lambda a: K.divide_no_nan(a, K.relu(a)), (4, 3))
    graph("ops.ldexp", lambda a, b: K.ldexp(a, b), (4,), (4,), dtypes=["float32", "int32"])
    for name in ["equal", "not_equal", "greater", "greater_equal", "less", "less_equal"]:
        graph(
            f"ops.{name}",
            lambda a, b, name=name: K.cast(getattr(K, name)(a, b), "float32"),
            *both,
            dtypes=["int32", "int32"],
        )
    graph("ops.logical_xor", lambda a, b: K.cast(K.logical_xor(a > 0.0, b > 0.0), "float32"), *both)
    graph("ops.signbit", lambda a: K.cast(K.signbit(a), "float32"), (4,))
    graph("ops.reciprocal", lambda a: K.reciprocal(K.square(a) + 1.0), (4,))
    graph("ops.power", lambda a: K.power(K.abs(a), 0.7), (4,))
    for name in ["amax", "amin", "ptp"]:
        graph(f"ops.{name}", lambda a, name=name: getattr(K, name)(a, axis=1), (4, 3))
    graph("ops.count_nonzero", lambda a: K.cast(K.count_nonzero(K.relu(a), axis=1), "float32"), (4, 3))
    graph("ops.count_nonzero of truth", lambda a: K.cast(K.count_nonzero(a > 0, axis=1), "float32"), (4, 3))
    graph("ops.average", lambda a: K.average(a, axis=1) + K.average(a, axis=1, weights=np.arange(1.0, 5.0)), (4, 3))
    for order in (None, 1, 2, np.inf):
        graph(f"ops.norm {order}", lambda a, order=order: K.norm(a, ord=order, axis=(1,), keepdims=True), (4, 3))
    graph("ops.sort", lambda a: K.sort(a, axis=1), (4, 3))
    graph("ops.argsort", lambda a: K.cast(K.argsort(a), "float32"), (6,))
    graph("ops.argmin", lambda a: K.cast(K.argmin(a, axis=1), "float32"), (6,))
    graph("ops.top_k", lambda a: K.top_k(a, 3)[0], (6,))
    for size in (5, 6):
        graph(f"ops.median of {size}", lambda a: K.median(a, axis=1), (size, 3))
    graph("ops.diff", lambda a: K.diff(a, n=2, axis=1), (6, 3))
    graph("ops.unstack", lambda a: K.unstack(a, axis=1), (3, 4))
    graph("ops.array_split", lambda a: K.array_split(a, 3, axis=1), (7, 2))
    graph("ops.hsplit, hstack", lambda a: K.hstack(K.hsplit(a, 2)[::-1]), (6, 2))
    graph("ops.dsplit, dstack", lambda a: K.dstack(K.dsplit(a, 2)[::-1]), (3, 6))
    graph("ops.append", lambda a, b: K.append(a, b, axis=1), *both)
    graph("ops.fliplr", lambda a: K.fliplr(a), (4, 3))
    graph("ops.tril, triu", lambda a: K.tril(a, -1) + 2.0 * K.triu(a, 1), (4, 3))
    graph("ops.pad", lambda a: K.pad(a, ((0, 0), (1, 2), (0, 1)), constant_values=3.0), (4, 3))
    graph("ops.pad reflect", lambda a: K.pad(a, ((0, 0), (1, 2), (0, 1)), mode="reflect"), (4, 3))
    graph("ops.pad edge", lambda a: K.pad(a, ((0, 0), (0, 0), (2, 1)), mode="edge"), (4, 3))
    graph("ops.full_like", lambda a: a * K.full_like(a, 2.0), (1, 3))
    graph(
        "ops.take_along_axis",
        lambda a, i: K.take_along_axis(a, i % 3, axis=2),
        *both,
        dtypes=["float32", "int32"],
    )
    graph("ops.digitize", lambda a: K.cast(K.digitize(a, np.array([-1.0, 0.0, 1.0])), "float32"), (4, 3))
    graph("ops.multi_hot", lambda a: K.multi_hot(a, 9), (4,), dtypes=["int32"])
    graph("ops.depth_to_space", lambda a: K.depth_to_space(a, 2), (3, 4, 8))
    graph("ops.space_to_depth", lambda a: K.space_to_depth(a, 2), (4, 6, 3))
    graph("ops.image.resize", lambda a: K.image.resize(a, (5, 9)), (4, 6, 3))
    graph("ops.image.rgb_to_grayscale", lambda a: K.image.rgb_to_grayscale(a), (4, 6, 3))
    graph("ops.image.pad_images", lambda a: K.image.pad_images(a, 1, 2, target_height=8, target_width=9), (4, 6, 3))
    graph("ops.image.crop_images", lambda a: K.image.crop_images(a, 1, 2, target_height=2, target_width=3), (4, 6, 3))
    graph(
        "ops.max_pool, average_pool",
        lambda a: K.max_pool(a, (2, 2), (2, 2)) + K.average_pool(a, (2, 2), (2, 2)),
        (4, 6, 3),
    )
    graph(
        "ops.adaptive pools",
        lambda a: K.adaptive_max_pool(a, (2, 3)) + K.adaptive_average_pool(a, (2, 3)),
        (5, 6, 3),
    )
    graph("ops.matmul and dot", lambda a: K.dot(a, np.arange(6, dtype=np.float32).reshape(3, 2)), (4, 3))
    graph("ops.zeros_like, ones_like", lambda a: K.zeros_like(a) + a * K.ones_like(a), (4,))
    graph("ops.logarithms", lambda a: K.log1p(K.square(a)), (4,))
