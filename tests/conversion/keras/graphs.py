"""One-layer models that take several inputs, or need a graph: merges, embeddings, recurrent layers, attention, operations."""

import numpy as np


def merges(L, graph):
    for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"):
        graph(name, lambda a, b, name=name: getattr(L, name)()([a, b]), (4, 3), (4, 3))
    for name in ("Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"):
        graph(f"{name} of three", lambda a, b, c, name=name: getattr(L, name)()([a, b, c]), (5,), (5,), (5,))
    graph("Concatenate, axis 1", lambda a, b: L.Concatenate(axis=1)([a, b]), (4, 3), (2, 3))
    graph("Add spread out", lambda a, b: L.Add()([a, b]), (4, 3), (1, 3))
    graph("Multiply of other ranks", lambda a, b: L.Multiply()([a, b]), (4, 3), (3,))
    graph("Dot", lambda a, b: L.Dot(axes=1)([a, b]), (5,), (5,))
    graph("Dot, cosine", lambda a, b: L.Dot(axes=-1, normalize=True)([a, b]), (5,), (5,))
    graph("Dot of sequences", lambda a, b: L.Dot(axes=(2, 2))([a, b]), (4, 3), (5, 3))
    graph("Dot of sequences, other axes", lambda a, b: L.Dot(axes=(1, 2))([a, b]), (3, 4), (5, 3))
    graph("Dot of a sequence and a vector", lambda a, b: L.Dot(axes=(2, 1))([a, b]), (4, 3), (3,))


def embeddings(L, one, graph):
    one("Embedding", (5,), lambda: L.Embedding(9, 4), dtype="int32")
    one("Embedding of a grid", (5, 2), lambda: L.Embedding(9, 4), dtype="int32")
    one("Embedding then LSTM", (5,), lambda: L.Embedding(9, 4), lambda: L.LSTM(3), dtype="int32")
    for name in ("LSTM", "GRU", "SimpleRNN"):
        for sequences in (False, True):
            one(
                f"Embedding that masks then {name}, sequences {sequences}",
                (6,),
                lambda: L.Embedding(9, 4, mask_zero=True),
                lambda name=name, sequences=sequences: getattr(L, name)(3, return_sequences=sequences),
                dtype="int32",
            )

    def masks():
        return L.Embedding(9, 4, mask_zero=True)

    one(
        "mask, zero output",
        (6,),
        masks,
        lambda: L.RNN(L.LSTMCell(3), return_sequences=True, zero_output_for_mask=True),
        dtype="int32",
    )
    one("mask, backwards", (6,), masks, lambda: L.GRU(3, go_backwards=True, return_sequences=True), dtype="int32")
    one("mask, Bidirectional", (6,), masks, lambda: L.Bidirectional(L.LSTM(3, return_sequences=True)), dtype="int32")
    one("mask, averaged", (6,), masks, lambda: L.GlobalAveragePooling1D(), dtype="int32")
    one("mask that passes Dropout", (6,), masks, lambda: L.Dropout(0.3), lambda: L.LSTM(3), dtype="int32")
    one(
        "mask through two layers",
        (6,),
        masks,
        lambda: L.LSTM(3, return_sequences=True),
        lambda: L.GRU(2),
        dtype="int32",
    )
    graph(
        "Masking then LSTM",
        lambda x, ids: L.LSTM(3)(L.Masking(0.0)(L.Multiply()([x, L.Embedding(9, 3)(ids)]))),
        (6, 3),
        (6,),
        dtypes=["float32", "int32"],
    )


def recurrent(L, one, graph):
    kinds = {
        "LSTM": lambda **options: L.LSTM(4, **options),
        "GRU": lambda **options: L.GRU(4, **options),
        "GRU that resets before": lambda **options: L.GRU(4, reset_after=False, **options),
        "SimpleRNN": lambda **options: L.SimpleRNN(4, **options),
    }
    for name, make in kinds.items():
        for options in (
            {},
            {"return_sequences": True},
            {"go_backwards": True},
            {"go_backwards": True, "return_sequences": True},
            {"use_bias": False},
            {"activation": "relu"},
            {"activation": "softsign", "return_sequences": True},
            {"unroll": True},
        ):
            label = ", ".join(f"{key}={value}" for key, value in options.items())
            one(f"{name} {label}".strip(), (6, 3), lambda make=make, options=options: make(**options))
        graph(f"{name} with its state", lambda x, make=make: make(return_state=True, return_sequences=True)(x), (5, 3))
        states = 2 if name == "LSTM" else 1
        graph(
            f"{name} from a state",
            lambda x, *s, make=make: make()(x, initial_state=list(s)),
            (5, 3),
            *[(4,)] * states,
        )
        for mode in ("concat", "sum", "mul", "ave"):
            one(
                f"Bidirectional {name} {mode}",
                (6, 3),
                lambda make=make, mode=mode: L.Bidirectional(make(return_sequences=mode != "sum"), merge_mode=mode),
            )
        one(f"one step of {name}", (1, 3), make)
    graph("Bidirectional apart", lambda x: L.Bidirectional(L.LSTM(3), merge_mode=None)(x), (5, 3))
    graph("Bidirectional with states", lambda x: L.Bidirectional(L.GRU(3, return_state=True))(x), (5, 3))
    one(
        "Bidirectional of two kinds",
        (6, 3),
        lambda: L.Bidirectional(L.LSTM(4), backward_layer=L.GRU(2, go_backwards=True)),
    )
    one("LSTM, hard sigmoid", (6, 3), lambda: L.LSTM(4, recurrent_activation="hard_sigmoid"))
    one("RNN of cells", (5, 3), lambda: L.RNN([L.LSTMCell(4), L.GRUCell(3), L.SimpleRNNCell(2)], return_sequences=True))
    one("RNN of a cell", (5, 3), lambda: L.RNN(L.GRUCell(3, reset_after=False)))
    one("TimeDistributed Dense", (6, 3), lambda: L.TimeDistributed(L.Dense(4, activation="tanh")))
    one("TimeDistributed Conv2D", (3, 5, 4, 2), lambda: L.TimeDistributed(L.Conv2D(3, 2)))
    one("TimeDistributed Flatten", (3, 5, 4), lambda: L.TimeDistributed(L.Flatten()))
    one(
        "an LSTM that repeats",
        (6, 3),
        lambda: L.LSTM(4),
        lambda: L.RepeatVector(6),
        lambda: L.LSTM(3, return_sequences=True),
    )


def attention(L, graph):
    graph("MultiHeadAttention", lambda a, b: L.MultiHeadAttention(2, 4)(a, b), (5, 8), (6, 8))
    graph("MultiHeadAttention to itself", lambda a: L.MultiHeadAttention(3, 4)(a, a), (5, 8))
    graph("MultiHeadAttention with keys", lambda a, b, c: L.MultiHeadAttention(2, 4)(a, b, c), (5, 8), (6, 7), (6, 8))
    graph("MultiHeadAttention, causal", lambda a: L.MultiHeadAttention(2, 4)(a, a, use_causal_mask=True), (5, 8))
    graph(
        "MultiHeadAttention without bias",
        lambda a: L.MultiHeadAttention(2, 4, use_bias=False, output_shape=3)(a, a),
        (5, 8),
    )
    graph(
        "MultiHeadAttention with scores",
        lambda a, b: L.MultiHeadAttention(2, 4)(a, b, return_attention_scores=True),
        (5, 8),
        (6, 8),
    )
    graph(
        "MultiHeadAttention with dropout, causal",
        lambda a: L.MultiHeadAttention(2, 4, dropout=0.1)(a, a, use_causal_mask=True),
        (5, 8),
    )
    graph(
        "MultiHeadAttention with a mask given",
        lambda a, m: L.MultiHeadAttention(2, 4)(a, a, attention_mask=m > 2),
        (5, 8),
        (5, 5),
        dtypes=["float32", "int32"],
    )

    def block(x):
        x = L.LayerNormalization()(L.Add()([x, L.MultiHeadAttention(2, 4)(x, x)]))
        return L.LayerNormalization()(L.Add()([x, L.Dense(8, activation="gelu")(x)]))

    def of_words(make):
        def build(ids):
            words = L.Embedding(9, 8, mask_zero=True)(ids)
            return make(words)

        return build

    for name, make in {
        "MultiHeadAttention, words masked": lambda x: L.MultiHeadAttention(2, 4)(x, x),
        "MultiHeadAttention, words masked, causal": lambda x: L.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True),
        "MultiHeadAttention, words masked twice": lambda x: L.MultiHeadAttention(2, 4)(x, L.Dense(8)(x), x),
        "Attention, words masked": lambda x: L.Attention()([x, x]),
        "Attention, words masked, causal": lambda x: L.Attention()([x, x], use_causal_mask=True),
        "AdditiveAttention, words masked": lambda x: L.AdditiveAttention()([x, x]),
        "MultiHeadAttention, words masked, then averaged": lambda x: L.GlobalAveragePooling1D()(
            L.MultiHeadAttention(2, 4)(x, x)
        ),
        "two blocks of a transformer, words masked": lambda x: L.GlobalAveragePooling1D()(block(block(x))),
    }.items():
        graph(name, of_words(make), (6,), dtypes=["int32"])
    graph("GroupQueryAttention", lambda a, b: L.GroupQueryAttention(4, 4, 2)(a, b), (5, 8), (6, 8))
    graph("GroupQueryAttention, causal", lambda a: L.GroupQueryAttention(4, 4, 2)(a, a, use_causal_mask=True), (5, 8))
    for mode in ("dot", "concat"):
        for scale in (False, True):
            graph(
                f"Attention {mode}, scale {scale}",
                lambda a, b, mode=mode, scale=scale: L.Attention(score_mode=mode, use_scale=scale)([a, b]),
                (5, 4),
                (6, 4),
            )
    graph("Attention, causal", lambda a: L.Attention()([a, a], use_causal_mask=True), (5, 4))
    graph("Attention with scores", lambda a, b: L.Attention()([a, b], return_attention_scores=True), (5, 4), (6, 4))
    graph("AdditiveAttention", lambda a, b: L.AdditiveAttention()([a, b]), (5, 4), (6, 4))
    graph(
        "AdditiveAttention, keys",
        lambda a, b, c: L.AdditiveAttention(use_scale=False)([a, b, c]),
        (5, 4),
        (6, 3),
        (6, 4),
    )


def operations(K, graph):
    both = ((4, 3), (4, 3))
    graph("operators", lambda a, b: (a + b) * 2.0 - b / 3.0, *both)
    graph("operators from the left", lambda a: 1.0 - 2.0 / (3.0 + K.square(a)), (4,))
    graph("powers", lambda a: K.power(K.abs(a) + 1.0, 1.5) + a**2, (4,))
    graph("negative, abs, sign", lambda a: K.abs(-a) + K.sign(a), (4,))
    graph("exp, log, sqrt", lambda a: K.log(K.exp(a) + 1.0) + K.sqrt(K.abs(a)) + K.log1p(K.square(a)), (4,))
    graph("expm1, rsqrt, reciprocal", lambda a: K.expm1(a) + K.rsqrt(K.square(a) + 1.0), (4,))
    graph("sin, cos, erf", lambda a: K.sin(a) + K.cos(a) * K.erf(a), (4,))
    graph("floor, ceil", lambda a: K.floor(a) + 2 * K.ceil(a), (4,))
    graph("maximum, minimum, clip", lambda a, b: K.clip(K.maximum(a, b) + K.minimum(a, 0.2), -1.0, 0.8), *both)
    graph("comparisons", lambda a, b: K.cast(K.greater(a, b), "float32") + K.cast(a <= 0.1, "float32"), *both)
    graph("where", lambda a, b: K.where(a > b, a, b * 2.0), *both)
    graph("where of constants", lambda a: K.where(a > 0.5, 1.0, -1.0), (4, 3))
    graph(
        "where, one side undefined",
        lambda a: K.where(K.max(a, axis=2, keepdims=True) > 9.0, K.log(a * 0.0), 1.0),
        (4, 3),
    )
    graph("where, spread out", lambda a, b: K.where(K.greater(K.mean(a, axis=2, keepdims=True), 0.0), a, b), *both)
    graph(
        "logic",
        lambda a: K.cast(K.logical_or(a > 1.0, K.logical_and(a < 0.0, K.logical_not(a < -1.0))), "float32"),
        (4,),
    )
    for name in ("mean", "sum", "max", "min", "var", "std", "prod", "logsumexp"):
        graph(f"ops.{name}", lambda a, name=name: getattr(K, name)(a, axis=1), (4, 3))
        graph(f"ops.{name} kept", lambda a, name=name: getattr(K, name)(a, axis=(1, 2), keepdims=True), (4, 3))
    graph(
        "any, all",
        lambda a: K.cast(K.any(a > 1.5, axis=1), "float32") + K.cast(K.all(a > -2.0, axis=1), "float32"),
        (4, 3),
    )
    graph("argmax", lambda a: K.cast(K.argmax(a, axis=-1), "float32"), (4, 3))
    graph("cumsum", lambda a: K.cumsum(a, axis=1), (4, 3))
    graph("normalize", lambda a: K.normalize(a, axis=-1), (4, 3))
    graph("softmax and friends", lambda a: K.softmax(a) + K.log_softmax(a) + K.relu(a) + K.gelu(a), (4, 3))
    graph(
        "sigmoid and friends", lambda a: K.sigmoid(a) + K.silu(a) + K.softplus(a) + K.elu(a) + K.leaky_relu(a), (4, 3)
    )
    graph("reshape", lambda a: K.reshape(a, (-1, 2, 6)), (4, 3))
    graph("transpose", lambda a: K.transpose(a, (0, 2, 1)), (4, 3))
    graph("swapaxes, moveaxis", lambda a: K.moveaxis(K.swapaxes(a, 1, 2), 3, 1), (4, 3, 2))
    graph("expand and squeeze", lambda a: K.squeeze(K.expand_dims(a, 1) * 2.0, 1), (4, 3))
    graph("concatenate, stack", lambda a, b: K.stack([K.concatenate([a, b], axis=-1)] * 2, axis=1), *both)
    graph("split", lambda a: K.split(a, 3, axis=-1), (4, 6))
    graph("split at places", lambda a: K.split(a, [1, 4], axis=-1)[1], (4, 6))
    graph("slices", lambda a: a[:, 1:, ::2] * 2.0, (4, 6))
    graph("a last step", lambda a: a[:, -1], (4, 6))
    graph("an ellipsis and a new axis", lambda a: a[..., 0, None] + 0.0, (4, 6))
    graph(
        "flip, repeat, tile, roll",
        lambda a: K.roll(K.tile(K.repeat(K.flip(a, 1), 2, axis=1), (1, 1, 2)), 1, axis=2),
        (4, 3),
    )
    graph("matmul of two", lambda a, b: K.matmul(a, K.transpose(b, (0, 2, 1))), *both)
    graph("matmul with a constant", lambda a: K.matmul(a, np.arange(6, dtype=np.float32).reshape(3, 2)), (4, 3))
    graph("one_hot", lambda a: K.one_hot(a, 9), (4,), dtypes=["int32"])
    graph("take", lambda a: K.take(a, [2, 0], axis=1), (4, 3))
    graph("whole numbers", lambda a: K.cast(a * 2 + 1, "float32") / 3, (4,), dtypes=["int32"])
    graph("moments", lambda a: list(K.moments(a, axes=[1], keepdims=True)), (4, 3))


def structures(keras, L, graph):
    graph("two outputs", lambda a: [L.Dense(2)(a), L.Dense(3)(a)], (4,))
    graph("an input as an output", lambda a: [a, L.Dense(3)(a)], (4,))
    graph("one value twice", lambda a: [y := L.Dense(3)(a), y], (4,))

    def nested(a):
        inner = keras.Sequential([keras.Input((4,)), L.Dense(3, activation="relu"), L.Dense(2)], name="inner")
        return inner(a)

    def shared(a, b):
        layer = L.Dense(3, name="shared")
        return L.Subtract()([layer(a), layer(b)])

    def twice_nested(a):
        x = keras.Input((4,))
        deep = keras.Model(x, L.Dense(4, name="same")(x), name="deep")
        y = keras.Input((4,))
        middle = keras.Model(y, [L.Dense(4, name="same")(deep(y)), deep(y)], name="middle")
        one, two = middle(a)
        return L.Add()([one, two])

    graph("nested", nested, (4,))
    graph("shared", shared, (4,), (4,))
    graph("nested twice, names alike", twice_nested, (4,))
    graph("names that Core ML cannot have", lambda a: L.Dense(3, name="1 größe-x")(a), (4,))
