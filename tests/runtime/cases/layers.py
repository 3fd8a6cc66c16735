"""Recurrent layers, compressed constants, states and lists."""

from beyondlabels.runtime.ops.keeping import State
from runtime.cases.values import b, f, i, np, u8

X = f([[[1]], [[2]]])  # two steps, one row, one feature
ONE, ZERO = f([[1]]), f([[0]])
HALF = 0.5


def bits(*values):
    """uint1 … uint6 values as the reader gives them: one to a byte."""
    return u8(values)


def linear_lstm(**options):
    """One hidden unit, every activation linear, every weight of x 1: i = f = o = z = x (+ h)."""
    given = {"x": X, "initial_h": ZERO, "initial_c": ZERO, "weight_ih": f([[1]] * 4), "weight_hh": f([[0]] * 4)}
    names = ("recurrent_activation", "cell_activation", "activation")
    return given | dict.fromkeys(names, "linear") | options


CASES = [
    (
        "rnn",
        {"x": X, "initial_h": ZERO, "weight_ih": f([[2]]), "weight_hh": f([[10]]), "activation": "linear"},
        (f([[[24]]]), f([[24]])),
    ),
    (
        "rnn",
        {
            "x": X,
            "initial_h": ONE,
            "weight_ih": f([[2]]),
            "weight_hh": f([[10]]),
            "bias": f([100]),
            "activation": "relu",
            "direction": "reverse",
            "output_sequence": b(True),
        },
        (f([[[114]], [[1242]]]), f([[1242]])),
    ),
    # i = f = o = z = x: c1 = 1, h1 = 1; c2 = 2 * 1 + 2 * 2 = 6, h2 = 2 * 6
    ("lstm", linear_lstm(), (f([[[12]]]), f([[12]]), f([[6]]))),
    ("lstm", linear_lstm(output_sequence=b(True), direction="reverse"), (f([[[8]], [[5]]]), f([[5]]), f([[5]]))),
    ("lstm", linear_lstm(clip=f(3)), (f([[[6]]]), f([[6]]), f([[3]]))),
    # peephole of the output gate only: o = x + c
    ("lstm", linear_lstm(peephole=f([0, 0, 1])), (f([[[48]]]), f([[48]]), f([[6]]))),
    ("lstm", linear_lstm(bias=f([1, 0, 0, 0]), weight_hh=f([[0], [0], [1], [0]])), (f([[[40]]]), f([[40]]), f([[10]]))),
    (
        "lstm",
        linear_lstm(
            direction="bidirectional",
            initial_h=f([[0, 0]]),
            initial_c=f([[0, 0]]),
            weight_ih_back=f([[1]] * 4),
            weight_hh_back=f([[0]] * 4),
            output_sequence=b(True),
        ),
        (f([[[1, 5]], [[12, 8]]]), f([[12, 5]]), f([[6, 5]])),
    ),
    # r = sigmoid(0) = z = 1/2, o = x: h = x / 2, then 2 / 2 + h / 2
    (
        "gru",
        {
            "x": X,
            "initial_h": ZERO,
            "weight_ih": f([[0], [1], [0]]),
            "weight_hh": f([[0], [0], [0]]),
            "activation": "linear",
        },
        (f([[[1.25]]]), f([[1.25]])),
    ),
    # the reset gate 1/2 is multiplied into h before its product: o = x + 4 (h / 2) + bias
    (
        "gru",
        {
            "x": X[:1],
            "initial_h": f([[2]]),
            "weight_ih": f([[0], [1], [0]]),
            "weight_hh": f([[0], [4], [0]]),
            "bias": f([0, 10, 0]),
            "activation": "linear",
        },
        (f([[[8.5]]]), f([[8.5]])),
    ),
    # after the product, the bias too: o = x + (4 h + 10) / 2 + 1
    (
        "gru",
        {
            "x": X[:1],
            "initial_h": f([[2]]),
            "weight_ih": f([[0], [1], [0]]),
            "weight_hh": f([[0], [4], [0]]),
            "bias": f([0, 10, 0]),
            "input_bias": f([0, 1, 0]),
            "activation": "linear",
            "reset_after": b(True),
        },
        (f([[[6.5]]]), f([[6.5]])),
    ),
    (
        "gru",
        {
            "x": X,
            "initial_h": ZERO,
            "weight_ih": f([[0], [1], [0]]),
            "weight_hh": f([[0], [0], [0]]),
            "activation": "linear",
            "direction": "reverse",
            "output_sequence": b(True),
        },
        (f([[[1]], [[1]]]), f([[1]])),
    ),
    (
        "quantize",
        {"input": f([-300, 0.5, 1.5, 7]), "scale": f(1), "output_dtype": "int8"},
        np.array([-128, 0, 2, 7], np.int8),
    ),
    (
        "quantize",
        {
            "input": f([[2, 3], [2, 3]]),
            "scale": f([1, 0.5]),
            "zero_point": u8([1, 250]),
            "axis": i(0),
            "output_dtype": "uint8",
        },
        u8([[3, 4], [254, 255]]),
    ),
    ("dequantize", {"input": u8([1, 3]), "scale": f(0.5), "zero_point": u8(2)}, f([-0.5, 0.5])),
    ("dequantize", {"input": np.array([[1, 3]], np.int8), "scale": f([2, 10]), "axis": i(1)}, f([[2, 30]])),
    (
        "constexpr_affine_dequantize",
        {"quantized_data": u8([[1, 3], [1, 3]]), "zero_point": u8(2), "scale": f([1, 10]), "axis": i(0)},
        f([[-1, 1], [-10, 10]]),
    ),
    (
        "constexpr_affine_dequantize",
        {
            "quantized_data": np.array([-128], np.int8),
            "zero_point": np.array(127, np.int8),
            "scale": f(2),
            "axis": i(0),
        },
        f([-510]),
    ),
    ("constexpr_cast", {"source_val": np.array([1.5], np.float16), "output_dtype": "fp32"}, f([1.5])),
    ("constexpr_cast", {"source_val": np.array([[65504]], np.float16), "output_dtype": "fp32"}, f([[65504]])),
    # two bits an index, least significant first: 0b11_10_01_00, then 0b..11
    (
        "constexpr_lut_to_dense",
        {"indices": u8([0b11100100, 0b11]), "lut": f([10, 20, 30, 40]), "shape": np.array([5], np.uint32)},
        f([10, 20, 30, 40, 40]),
    ),
    (
        "constexpr_lut_to_dense",
        {"indices": u8([0b10]), "lut": f([1, 2]), "shape": np.array([2, 1], np.uint32)},
        f([[1], [2]]),
    ),
    # iOS 18, Apple's own example: a table for the first three rows and one for the others
    (
        "constexpr_lut_to_dense",
        {
            "indices": bits(2, 3, 3, 0, 1, 0, 3, 0, 2, 1, 0, 3).reshape(6, 2),
            "lut": f([1, 5, 9, 13, 2, 10, 18, 26]).reshape(2, 1, 4, 1),
        },
        f([[9, 13], [13, 1], [5, 1], [26, 2], [18, 10], [2, 26]]),
    ),
    (
        "constexpr_lut_to_dense",
        {"indices": bits(0, 1).reshape(1, 2), "lut": f([1, 2, 10, 20]).reshape(1, 1, 2, 2), "vector_axis": i(0)},
        f([[1, 10], [2, 20]]),
    ),
    (
        "constexpr_lut_to_dense",
        {"indices": bits(0, 1).reshape(1, 2), "lut": f([1, 2, 10, 20]).reshape(1, 1, 2, 2), "vector_axis": i(-1)},
        f([[1, 2, 10, 20]]),
    ),
    (
        "constexpr_sparse_to_dense",
        {"nonzero_data": f([5, 6]), "mask": u8([0b1100]), "shape": np.array([5], np.uint32)},
        f([0, 0, 5, 6, 0]),
    ),
    (
        "constexpr_sparse_to_dense",
        {"nonzero_data": f([5, 6]), "mask": bits(1, 0, 0, 1).reshape(2, 2)},
        f([[5, 0], [0, 6]]),
    ),
    (
        "constexpr_blockwise_shift_scale",
        {"data": np.array([[1, 2, 3, 4]], np.int8), "scale": f([[1, 10]])},
        f([[1, 2, 30, 40]]),
    ),
    (
        "constexpr_blockwise_shift_scale",
        {"data": u8([[1, 2], [3, 4]]), "scale": f([[2], [1]]), "offset": u8([[4], [0]])},
        f([[-6, -4], [3, 4]]),
    ),
    (
        "constexpr_lut_to_sparse",
        {"indices_mask": bits(1, 1, 0), "indices_nonzero_data": bits(0, 1), "lut": f([2, 3]).reshape(1, 2, 1)},
        (bits(1, 1, 0), f([2, 3])),
    ),
    (
        "constexpr_lut_to_sparse",
        {
            "indices_mask": bits(1, 0),
            "indices_nonzero_data": bits(1),
            "lut": f([2, 20, 3, 30]).reshape(1, 2, 2),
            "vector_axis": i(0),
        },
        (bits(1, 1, 0, 0), f([3, 30])),
    ),
    (
        "constexpr_sparse_blockwise_shift_scale",
        {
            "data_mask": bits(1, 1, 0, 1).reshape(2, 2),
            "nonzero_data": np.array([10, 11, 3], np.int8),
            "scale": f([[1, 10]]),
            "offset": np.array([[1, 2]], np.int8),
        },
        (bits(1, 1, 0, 1).reshape(2, 2), f([9, 90, 10])),
    ),
    (
        "constexpr_sparse_blockwise_shift_scale",
        {"data_mask": bits(0, 1), "nonzero_data": u8([4]), "scale": f([HALF])},
        (bits(0, 1), f([2])),
    ),
    ("classify", {"probabilities": f([0.25, 0.75]), "classes": ["no", "yes"]}, ("yes", {"no": 0.25, "yes": 0.75})),
    ("classify", {"probabilities": f([[1, 0]]), "classes": [np.int64(7), np.int64(3)]}, (7, {7: 1.0, 3: 0.0})),
    ("read_state", {"input": State(f([1, 2]))}, f([1, 2])),
    ("read_state", {"input": State(f(3))}, f(3)),
    ("write_state", {"input": State(f([1])), "data": f([2])}, ()),
    ("write_state", {"input": State(i([[1]])), "data": i([[2]])}, ()),
    ("coreml_update_state", {"state": State(f([1])), "value": f([2])}, f([2])),
    (
        "coreml_update_state",
        {"state": State(np.array([1], np.float16)), "value": f([2049])},
        np.array([2048], np.float16),
    ),
    ("make_list", {"elem_shape": i([2]), "init_length": i(2)}, ([f([0, 0]), f([0, 0])],)),
    ("make_list", {"elem_shape": ["n"], "init_length": i(1), "dtype": "int32"}, ([None],)),
    ("list_length", {"ls": [f(1), f(2)]}, i(2)),
    ("list_length", {"ls": []}, i(0)),
    ("list_read", {"ls": [f(1), f(2)], "index": i(1)}, f(2)),
    ("list_read", {"ls": [i([3])], "index": i(0)}, i([3])),
    ("list_write", {"ls": [f(1), f(2)], "index": i(1), "value": f(9)}, ([f(1), f(9)],)),
    ("list_write", {"ls": [f(1)], "index": i(2), "value": f(9)}, ([f(1), f(0), f(9)],)),
    ("list_gather", {"ls": [f([1]), f([2]), f([3])], "indices": i([2, 0])}, f([[3], [1]])),
    ("list_gather", {"ls": [i(4)], "indices": i([0, 0])}, i([4, 4])),
    ("list_scatter", {"ls": [f(1), f(2)], "indices": i([1, 0]), "value": f([8, 9])}, ([f(9), f(8)],)),
    ("list_scatter", {"ls": [], "indices": i([0]), "value": f([[8, 9]])}, ([f([8, 9])],)),
]
