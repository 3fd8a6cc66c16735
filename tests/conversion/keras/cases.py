"""One-layer models, by name: every option that changes what a layer computes. Weights and rows are drawn from a seed."""

import zlib
from importlib import import_module

import numpy as np

from conversion.keras import graphs, more


def randomised(model, seed=0):
    """Weights that hide nothing: no zeros for biases, no ones for scales."""
    random = np.random.default_rng(seed)
    for each in model.weights:
        values = random.normal(0, 0.5, each.shape)
        if "variance" in each.path:
            values = 0.5 + np.abs(values)
        if "float" in each.dtype:
            each.assign(values.astype(np.float32))
    return model


def start_without_drawing(patch):
    """Let Keras's initialisers give zeros: drawing compiles a program for every shape, and ``randomised`` draws anyway."""
    from keras import initializers, ops

    def zeros(self, shape, dtype=None):
        return ops.convert_to_tensor(np.zeros(shape, dtype or "float32"))

    for each in (initializers.VarianceScaling, initializers.Orthogonal, initializers.RandomUniform):
        patch.setattr(each, "__call__", zeros)


def rows_for(model, name, count=5):
    """Rows that fit the model's inputs: whole numbers from 0 to 8 where it takes some, normal ones elsewhere."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    found = []
    for tensor in model.inputs:
        shape = (count, *tensor.shape[1:])
        whole = "int" in tensor.dtype
        found.append(random.integers(0, 9, shape) if whole else random.normal(0, 1.5, shape).astype(np.float32))
    return found


class Late:
    """A module that is imported when the first of its names is used, so that collecting the tests does not load Keras."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        return getattr(import_module(self._module), name)


def layer_cases():
    """Name -> function that makes the model."""
    keras, L, K = Late("keras"), Late("keras.layers"), Late("keras.ops")
    cases = {}

    def one(name, shape, *layers, dtype="float32"):
        """A Sequential model of layers, each made when the case is run."""
        assert name not in cases, name
        cases[name] = lambda: keras.Sequential(
            [keras.Input(shape, dtype=dtype, name="x"), *(make() for make in layers)]
        )

    def graph(name, build, *shapes, dtypes=None):
        assert name not in cases, name

        def make():
            kinds = dtypes or ["float32"] * len(shapes)
            inputs = [
                keras.Input(shape, dtype=kind, name=f"x{index}")
                for index, (shape, kind) in enumerate(zip(shapes, kinds, strict=True))
            ]
            return keras.Model(inputs, build(*inputs))

        cases[name] = make

    _dense(L, one)
    _activations(L, one)
    _convolutions(L, one)
    _transposed(L, one)
    _pooling(L, one)
    _shapes(L, one)
    _normalisation(L, one)
    graphs.merges(L, graph)
    graphs.embeddings(L, one, graph)
    graphs.recurrent(L, one, graph)
    graphs.attention(L, graph)
    graphs.operations(K, graph)
    graphs.structures(keras, L, graph)
    more.layers(L, one, graph)
    more.operations(K, Late("keras.activations"), graph)
    return cases


def _dense(L, one):
    one("Dense", (7,), lambda: L.Dense(5))
    one("Dense, three axes", (4, 7), lambda: L.Dense(5, activation="relu"))
    one("Dense, four axes", (3, 2, 7), lambda: L.Dense(5))
    one("Dense without bias", (7,), lambda: L.Dense(5, use_bias=False))
    one("Dense, softmax", (7,), lambda: L.Dense(5, activation="softmax"))
    one("Dense with a layer as activation", (7,), lambda: L.Dense(5, activation=L.LeakyReLU(0.3)))
    for equation, output, bias in (
        ("ab,bc->ac", 5, "c"),
        ("abc,cd->abd", (4, 5), "d"),
        ("abc,cde->abde", (4, 2, 5), "de"),
        ("abc,bd->acd", (3, 5), None),
        ("abc,bcd->ad", 5, "d"),
        ("...x,xy->...y", 5, "y"),
        ("abc,bcd->abd", (4, 5), None),
        ("abc,cd->adb", (5, 4), "d"),
    ):
        shape = (7,) if equation.startswith("ab,") else (4, 3)
        one(
            f"EinsumDense {equation}",
            shape,
            lambda equation=equation, output=output, bias=bias: L.EinsumDense(equation, output, bias_axes=bias),
        )


def _activations(L, one):
    names = (
        "linear relu sigmoid tanh softmax gelu silu elu selu leaky_relu softplus softsign exponential relu6 hard_sigmoid "
        "hard_silu mish log_softmax celu glu log_sigmoid hard_tanh tanh_shrink soft_shrink hard_shrink squareplus "
        "sparse_plus sparse_sigmoid"
    )
    for name in names.split():
        one(f"Activation {name}", (6,), lambda name=name: L.Activation(name))
    one("Activation on an image", (3, 4, 6), lambda: L.Activation("softmax"))
    one("ReLU", (4, 3), lambda: L.ReLU())
    one("ReLU held", (4, 3), lambda: L.ReLU(max_value=0.4))
    one("ReLU six", (4, 3), lambda: L.ReLU(max_value=6))
    one("ReLU with a slope", (4, 3), lambda: L.ReLU(negative_slope=0.2))
    one("ReLU with a threshold", (4, 3), lambda: L.ReLU(threshold=0.5))
    one("ReLU with everything", (4, 3), lambda: L.ReLU(max_value=0.8, negative_slope=0.1, threshold=0.3))
    one("LeakyReLU", (4, 3), lambda: L.LeakyReLU(0.1))
    one("ELU", (4, 3), lambda: L.ELU(0.7))
    one("PReLU", (4, 3), lambda: L.PReLU())
    one("PReLU shared", (4, 5, 3), lambda: L.PReLU(shared_axes=[1, 2]))
    one("Softmax, axis 1", (4, 3), lambda: L.Softmax(axis=1))
    one("Softmax, two axes", (4, 3), lambda: L.Softmax(axis=(1, 2)))


def _convolutions(L, one):
    for padding in ("valid", "same"):
        for stride in (1, 2, 3):
            one(
                f"Conv1D {padding} stride {stride}",
                (11, 3),
                lambda padding=padding, stride=stride: L.Conv1D(4, 3, strides=stride, padding=padding),
            )
            one(
                f"Conv2D {padding} stride {stride}",
                (11, 9, 3),
                lambda padding=padding, stride=stride: L.Conv2D(4, (3, 2), strides=stride, padding=padding),
            )
            one(
                f"DepthwiseConv2D {padding} stride {stride}",
                (11, 9, 3),
                lambda padding=padding, stride=stride: L.DepthwiseConv2D(
                    3, strides=stride, padding=padding, depth_multiplier=2
                ),
            )
        for stride in (1, 2):
            one(
                f"Conv3D {padding} stride {stride}",
                (5, 4, 6, 2),
                lambda padding=padding, stride=stride: L.Conv3D(3, (2, 3, 2), strides=stride, padding=padding),
            )
            one(
                f"DepthwiseConv1D {padding} stride {stride}",
                (9, 3),
                lambda padding=padding, stride=stride: L.DepthwiseConv1D(4, strides=stride, padding=padding),
            )
            one(
                f"SeparableConv2D {padding} stride {stride}",
                (8, 7, 3),
                lambda padding=padding, stride=stride: L.SeparableConv2D(
                    4, 3, strides=stride, padding=padding, depth_multiplier=2
                ),
            )
            one(
                f"SeparableConv1D {padding} stride {stride}",
                (9, 3),
                lambda padding=padding, stride=stride: L.SeparableConv1D(4, 3, strides=stride, padding=padding),
            )
        for dilation in (2, 3):
            one(
                f"Conv2D {padding} dilation {dilation}",
                (11, 9, 3),
                lambda padding=padding, dilation=dilation: L.Conv2D(4, 3, dilation_rate=dilation, padding=padding),
            )
    one("Conv2D dilation uneven", (11, 9, 3), lambda: L.Conv2D(4, 3, dilation_rate=(1, 3), padding="same"))
    one("Conv2D strides uneven", (11, 9, 3), lambda: L.Conv2D(4, 4, strides=(2, 3), padding="same"))
    one("Conv1D causal", (11, 3), lambda: L.Conv1D(4, 3, padding="causal"))
    one("Conv1D causal dilated", (11, 3), lambda: L.Conv1D(4, 3, padding="causal", dilation_rate=2))
    one("DepthwiseConv2D dilated", (11, 9, 3), lambda: L.DepthwiseConv2D(3, dilation_rate=2))
    one("SeparableConv2D dilated", (11, 9, 3), lambda: L.SeparableConv2D(4, 3, dilation_rate=2))
    one("Conv2D groups", (11, 9, 4), lambda: L.Conv2D(6, 3, groups=2))
    one("Conv1D groups", (11, 4), lambda: L.Conv1D(8, 3, groups=4))
    one("Conv2D without bias", (6, 5, 3), lambda: L.Conv2D(4, 3, use_bias=False))
    one("Conv2D relu", (6, 5, 3), lambda: L.Conv2D(4, 3, activation="relu"))
    one("Conv2D softmax", (6, 5, 3), lambda: L.Conv2D(4, 3, activation="softmax"))
    one("Conv2D glu", (6, 5, 3), lambda: L.Conv2D(4, 3, activation="glu"))
    one("Conv2D with a PReLU", (6, 5, 3), lambda: L.Conv2D(4, 3), lambda: L.PReLU(shared_axes=[1, 2]))
    one("DepthwiseConv2D without bias", (6, 5, 3), lambda: L.DepthwiseConv2D(3, use_bias=False, activation="tanh"))


def _transposed(L, one):
    for padding in ("valid", "same"):
        for stride in (1, 2, 3):
            for size in (2, 3, 4, 5):
                one(
                    f"Conv2DTranspose {padding} stride {stride} kernel {size}",
                    (5, 4, 3),
                    lambda padding=padding, stride=stride, size=size: L.Conv2DTranspose(
                        4, size, strides=stride, padding=padding
                    ),
                )
        one(
            f"Conv1DTranspose {padding}",
            (5, 3),
            lambda padding=padding: L.Conv1DTranspose(4, 3, strides=2, padding=padding, activation="relu"),
        )
        one(
            f"Conv3DTranspose {padding}",
            (3, 2, 4, 2),
            lambda padding=padding: L.Conv3DTranspose(3, 3, strides=2, padding=padding),
        )
        one(
            f"Conv2DTranspose {padding} dilated",
            (5, 4, 3),
            lambda padding=padding: L.Conv2DTranspose(4, 3, dilation_rate=2, padding=padding),
        )
        one(
            f"Conv2DTranspose {padding} output padding",
            (5, 4, 3),
            lambda padding=padding: L.Conv2DTranspose(4, 3, strides=2, padding=padding, output_padding=1),
        )
    one("Conv2DTranspose kernel 1 stride 2", (5, 4, 3), lambda: L.Conv2DTranspose(4, 1, strides=2, use_bias=False))
    one("Conv2DTranspose uneven", (5, 4, 3), lambda: L.Conv2DTranspose(4, (2, 5), strides=(3, 2), padding="same"))


def _pooling(L, one):
    for padding in ("valid", "same"):
        for stride in (1, 2, 3):
            for kind in ("Max", "Average"):
                one(
                    f"{kind}Pooling2D {padding} stride {stride}",
                    (11, 9, 3),
                    lambda kind=kind, padding=padding, stride=stride: getattr(L, f"{kind}Pooling2D")(
                        3, stride, padding
                    ),
                )
        for kind in ("Max", "Average"):
            one(
                f"{kind}Pooling1D {padding}",
                (9, 3),
                lambda kind=kind, padding=padding: getattr(L, f"{kind}Pooling1D")(2, padding=padding),
            )
            one(
                f"{kind}Pooling3D {padding}",
                (5, 4, 6, 2),
                lambda kind=kind, padding=padding: getattr(L, f"{kind}Pooling3D")(2, padding=padding),
            )
    for kind in ("Max", "Average"):
        for rank, shape in ((1, (5, 3)), (2, (4, 5, 3)), (3, (2, 4, 3, 2))):
            name = f"Global{kind}Pooling{rank}D"
            one(name, shape, lambda name=name: getattr(L, name)())
        one(
            f"Global{kind}Pooling2D kept",
            (4, 5, 3),
            lambda kind=kind: getattr(L, f"Global{kind}Pooling2D")(keepdims=True),
        )
    one("GlobalAveragePooling1D channels first", (5, 3), lambda: L.GlobalAveragePooling1D(data_format="channels_first"))
    one("MaxPooling2D channels first", (3, 6, 4), lambda: L.MaxPooling2D(2, data_format="channels_first"))
    one("AdaptiveAveragePooling2D", (7, 6, 3), lambda: L.AdaptiveAveragePooling2D((3, 4)))
    one("AdaptiveAveragePooling1D", (7, 3), lambda: L.AdaptiveAveragePooling1D(2))


def _shapes(L, one):
    for size in (2, (3, 2)):
        for kind in ("nearest", "bilinear"):
            one(
                f"UpSampling2D {size} {kind}",
                (4, 5, 3),
                lambda size=size, kind=kind: L.UpSampling2D(size, interpolation=kind),
            )
    one("UpSampling1D", (4, 3), lambda: L.UpSampling1D(3))
    one("UpSampling3D", (2, 3, 2, 2), lambda: L.UpSampling3D((1, 2, 3)))
    one("ZeroPadding1D", (4, 3), lambda: L.ZeroPadding1D((1, 2)))
    one("ZeroPadding2D", (4, 3, 2), lambda: L.ZeroPadding2D(((1, 2), (0, 1))))
    one("ZeroPadding2D channels first", (2, 4, 3), lambda: L.ZeroPadding2D(1, data_format="channels_first"))
    one("ZeroPadding3D", (2, 3, 2, 2), lambda: L.ZeroPadding3D(1))
    one("Cropping1D", (6, 3), lambda: L.Cropping1D((1, 2)))
    one("Cropping2D", (6, 6, 2), lambda: L.Cropping2D(((1, 2), (0, 1))))
    one("Cropping2D channels first", (2, 6, 6), lambda: L.Cropping2D(1, data_format="channels_first"))
    one("Cropping3D", (4, 3, 5, 2), lambda: L.Cropping3D(((1, 0), (0, 1), (2, 1))))
    one("Flatten", (4, 5, 3), lambda: L.Conv2D(2, 2), lambda: L.Flatten(), lambda: L.Dense(3))
    one("Flatten channels first", (3, 4, 5), lambda: L.Flatten(data_format="channels_first"), lambda: L.Dense(3))
    one("Flatten what is flat", (4,), lambda: L.Flatten(), lambda: L.Dense(3))
    one("Reshape", (12,), lambda: L.Reshape((2, 2, 3)), lambda: L.Conv2D(2, 2))
    one("Reshape with a rest", (12,), lambda: L.Reshape((-1, 3)))
    one("Permute", (4, 3), lambda: L.Permute((2, 1)))
    one("Permute three", (4, 3, 2), lambda: L.Permute((3, 1, 2)))
    one("RepeatVector", (5,), lambda: L.RepeatVector(4))
    one("Dropout", (6,), lambda: L.Dropout(0.3), lambda: L.Dense(2))
    for name in ("GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"):
        one(name, (6,), lambda name=name: getattr(L, name)(0.3), lambda: L.Dense(2))
    one("SpatialDropout1D", (5, 4), lambda: L.SpatialDropout1D(0.3), lambda: L.Dense(2))
    one("SpatialDropout2D", (5, 4, 3), lambda: L.SpatialDropout2D(0.3), lambda: L.Dense(2))
    one("Identity alone", (6,), lambda: L.Identity())
    one("Dropout as the output", (6,), lambda: L.Dense(3), lambda: L.Dropout(0.5))


def _normalisation(L, one):
    for rank, shape in ((2, (6,)), (3, (5, 6)), (4, (4, 5, 3)), (5, (2, 3, 2, 4))):
        one(f"BatchNormalization, {rank} axes", shape, lambda: L.BatchNormalization())
    one("BatchNormalization, axis 1", (4, 5, 3), lambda: L.BatchNormalization(axis=1))
    one("BatchNormalization without scale", (4, 3), lambda: L.BatchNormalization(scale=False))
    one("BatchNormalization without centre", (4, 3), lambda: L.BatchNormalization(center=False, epsilon=0.1))
    one(
        "BatchNormalization after Conv2D",
        (6, 5, 3),
        lambda: L.Conv2D(4, 3, use_bias=False),
        lambda: L.BatchNormalization(),
    )
    one("LayerNormalization", (4, 6), lambda: L.LayerNormalization())
    one("LayerNormalization, two axes", (4, 6), lambda: L.LayerNormalization(axis=(1, 2)))
    one("LayerNormalization, axis 1", (4, 6), lambda: L.LayerNormalization(axis=1))
    one("LayerNormalization bare", (4, 6), lambda: L.LayerNormalization(scale=False, center=False))
    one("RMSNormalization", (4, 6), lambda: L.RMSNormalization())
    for groups in (1, 2, 6, -1):
        one(f"GroupNormalization {groups}", (4, 5, 6), lambda groups=groups: L.GroupNormalization(groups))
    one("GroupNormalization, axis 1", (6, 4, 5), lambda: L.GroupNormalization(3, axis=1))
    one("GroupNormalization on features", (6,), lambda: L.GroupNormalization(2, scale=False))
    one("UnitNormalization", (4, 6), lambda: L.UnitNormalization())
    one("UnitNormalization, axis 1", (4, 6), lambda: L.UnitNormalization(axis=1))
    one("Normalization given", (3,), lambda: L.Normalization(mean=[1.0, 2.0, -3.0], variance=[2.0, 0.5, 9.0]))
    one(
        "Normalization inverted",
        (3,),
        lambda: L.Normalization(mean=[1.0, 2.0, 3.0], variance=[2.0, 0.5, 9.0], invert=True),
    )
    one("Normalization adapted", (3,), lambda: _adapted(L))
    one("Normalization by axis 1", (4, 3), lambda: _adapted(L, (4, 3), axis=1))
    one("Normalization of one number", (4, 3), lambda: L.Normalization(axis=None, mean=2.0, variance=4.0))
    one("Rescaling", (6,), lambda: L.Rescaling(2.0, -1.0))
    one("Rescaling channels", (4, 3), lambda: L.Rescaling([1 / 255, 2.0, 3.0], [0.0, 1.0, 2.0]))


def _adapted(L, shape=(3,), **options):
    layer = L.Normalization(**options)
    layer.adapt(np.random.default_rng(1).normal(5, 2, (50, *shape)).astype(np.float32))
    return layer
