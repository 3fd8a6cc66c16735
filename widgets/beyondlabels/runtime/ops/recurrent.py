"""Recurrent layers over x of shape (steps, rows, features). Every step's input product is made at once, before the loop.

"reverse" reads the steps from the last to the first and gives its outputs in that order of reading. Returns all hidden
states (with ``output_sequence``, else the last alone, steps = 1), then the last: (rows, hidden).
"""

import numpy as np

from ..bounds import products, room, steps
from .activation import relu, sigmoid

_FUNCTIONS = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": relu,
    "linear": lambda x: x,
    "scaled_tanh": np.tanh,  # its alpha and beta are 1 here and cannot be set
    "hard_sigmoid": lambda x: np.clip(np.float32(0.2) * x + np.float32(0.5), 0, 1),
}
_FUNCTIONS["sigmoid_hard"] = _FUNCTIONS["hard_sigmoid"]


def rnn(x, initial_h, weight_ih, weight_hh, bias=None, direction="forward", output_sequence=False, activation="tanh"):
    """h = activation(W_ih x + W_hh h + bias); weight_ih (H, I), weight_hh (H, H), bias (H,)."""
    function, h, states = _function(activation), initial_h, []
    for given in _projected(x, weight_ih, bias, direction):
        h = function(given + h @ weight_hh.T)
        states.append(h)
    return _sequence(states, output_sequence), h


def gru(
    x,
    initial_h,
    weight_ih,
    weight_hh,
    bias=None,
    direction="forward",
    output_sequence=False,
    recurrent_activation="sigmoid",
    activation="tanh",
    reset_after=False,
    input_bias=None,
):
    """Gates in the order reset, output, update: weight_ih (3H, I), weight_hh (3H, H), biases (3H,).

    h = (1 - z) * o + z * h. The reset gate is multiplied into h *before* its product with the weights of o; with
    ``reset_after`` (iOS 18) into the product, its bias included.
    """
    size = initial_h.shape[-1]
    gate, out = _function(recurrent_activation), _function(activation)
    bias = np.zeros(3 * size, x.dtype) if bias is None else bias
    reset, new, update = (weight_hh[place * size : (place + 1) * size].T for place in range(3))
    given_bias = np.zeros(3 * size, x.dtype) if input_bias is None else input_bias.copy()
    kept = bias[size : 2 * size] if reset_after else np.zeros(size, x.dtype)
    given_bias = given_bias + bias
    given_bias[size : 2 * size] -= kept
    h, states = initial_h, []
    for given in _projected(x, weight_ih, given_bias, direction):
        r = gate(given[:, :size] + h @ reset)
        z = gate(given[:, 2 * size :] + h @ update)
        o = out(given[:, size : 2 * size] + (r * (h @ new + kept) if reset_after else (r * h) @ new))
        h = (1 - z) * o + z * h
        states.append(h)
    return _sequence(states, output_sequence), h


def lstm(
    x,
    initial_h,
    initial_c,
    weight_ih,
    weight_hh,
    bias=None,
    peephole=None,
    weight_ih_back=None,
    weight_hh_back=None,
    bias_back=None,
    peephole_back=None,
    direction="forward",
    output_sequence=False,
    recurrent_activation="sigmoid",
    cell_activation="tanh",
    activation="tanh",
    clip=None,
):
    """Gates in the order input, forget, output, cell: weight_ih (4H, I), weight_hh (4H, H), bias (4H,), peephole (3H,).

    c = f * c + i * z, held within ±clip; h = o * activation(c). "bidirectional" puts both directions side by side, the
    second read backwards but given in the order of x. Returns the cell state too: (rows, H).
    """
    functions = [_function(each) for each in (recurrent_activation, cell_activation, activation)]
    forward = (weight_ih, weight_hh, bias, peephole)
    if direction != "bidirectional":
        states, h, c = _lstm(x, initial_h, initial_c, *forward, direction, functions, clip)
        return _sequence(states, output_sequence), h, c
    size = weight_hh.shape[1]
    first, h1, c1 = _lstm(x, initial_h[:, :size], initial_c[:, :size], *forward, "forward", functions, clip)
    backward = (weight_ih_back, weight_hh_back, bias_back, peephole_back)
    second, h2, c2 = _lstm(x, initial_h[:, size:], initial_c[:, size:], *backward, "reverse", functions, clip)
    h, c = np.concatenate([h1, h2], axis=1), np.concatenate([c1, c2], axis=1)
    if not output_sequence:
        return h[None], h, c
    return np.concatenate([np.stack(first), np.stack(second[::-1])], axis=2), h, c


def _lstm(x, h, c, weight_ih, weight_hh, bias, peephole, direction, functions, clip):
    gate, cell, out = functions
    size, states = weight_hh.shape[1], []
    look = np.zeros((3, size), x.dtype) if peephole is None else peephole.reshape(3, size)
    turned = np.ascontiguousarray(weight_hh.T)
    for given in _projected(x, weight_ih, bias, direction):
        gates = given + h @ turned
        i, f, o, z = (gates[:, place * size : (place + 1) * size] for place in range(4))
        if peephole is not None:
            i, f = i + look[0] * c, f + look[1] * c
        c = gate(f) * c + gate(i) * cell(z)
        if clip is not None:
            c = np.clip(c, -clip, clip)
        if peephole is not None:
            o = o + look[2] * c
        h = gate(o) * out(c)
        states.append(h)
    return states, h, c


def _projected(x, weight_ih, bias, direction):
    """The input's part of every gate, step by step in the order of reading."""
    if direction not in ("forward", "reverse"):
        raise ValueError(f"no direction {direction!r}")
    count, rows, features = x.shape
    room(steps(count, "steps"), rows, len(weight_ih))
    products(x.size * len(weight_ih))
    made = (x.reshape(-1, features) @ weight_ih.T).reshape(count, rows, -1)
    if bias is not None:
        made += bias
    return made if direction == "forward" else made[::-1]


def _sequence(states, output_sequence):
    return np.stack(states) if output_sequence else states[-1][None]


def _function(name):
    if name.lower() not in _FUNCTIONS:
        raise ValueError(f"no activation {name!r}")
    return _FUNCTIONS[name.lower()]
