"""Recurrent layers. Without a mask LSTM, SimpleRNN and the GRU that resets first are one operation each; everything else
is written out step by step.

Running backwards means running forwards on the steps in reverse order, which is also the order Keras returns them in.
"""

import keras
import numpy as np

from ....mil.blocks import builder
from .cells import cell_step
from .walk import layer, refuse
from .weights import numbers

L = keras.layers
_IN_ONE = {
    keras.activations.tanh: "tanh",
    keras.activations.sigmoid: "sigmoid",
    keras.activations.relu: "relu",
    keras.activations.linear: "linear",
}


@layer(L.LSTM)
def lstm(layer, x, initial_state=None, mask=None):
    """Gates in, forget, cell, out in Keras; in, forget, out, cell in Core ML."""
    names = _names(layer.recurrent_activation, layer.activation)
    if mask is not None or names is None:
        return stepwise(layer, x, initial_state, mask)
    order = _blocks(layer.units, (0, 1, 3, 2))
    x = _prepared(layer, x)
    start = _states(layer, x, initial_state, 2)
    sequence, h, c = builder().lstm(
        x=x,
        initial_h=start[0],
        initial_c=start[1],
        direction="forward",
        output_sequence=bool(layer.return_sequences),
        recurrent_activation=names[0],
        cell_activation=names[1],
        activation=names[1],
        **_matrices(layer, order, 4),
    )
    return _returned(layer, sequence, h, [h, c])


@layer(L.GRU)
def gru(layer, x, initial_state=None, mask=None):
    """Gates update, reset, new in Keras; reset, new, update in Core ML, whose operation resets before the product with the
    state. Keras's default (``reset_after=True``) resets after it and has no such operation."""
    names = _names(layer.recurrent_activation, layer.activation)
    if mask is not None or layer.reset_after or names is None:
        return stepwise(layer, x, initial_state, mask)
    order = _blocks(layer.units, (1, 2, 0))
    x = _prepared(layer, x)
    sequence, h = builder().gru(
        x=x,
        initial_h=_states(layer, x, initial_state, 1)[0],
        direction="forward",
        output_sequence=bool(layer.return_sequences),
        recurrent_activation=names[0],
        activation=names[1],
        **_matrices(layer, order, 3),
    )
    return _returned(layer, sequence, h, [h])


@layer(L.SimpleRNN)
def simple_rnn(layer, x, initial_state=None, mask=None):
    names = _names(layer.activation)
    if mask is not None or names is None:
        return stepwise(layer, x, initial_state, mask)
    x = _prepared(layer, x)
    sequence, h = builder().rnn(
        x=x,
        initial_h=_states(layer, x, initial_state, 1)[0],
        direction="forward",
        output_sequence=bool(layer.return_sequences),
        activation=names[0],
        **_matrices(layer, np.arange(layer.units), 1),
    )
    return _returned(layer, sequence, h, [h])


@layer(L.RNN)
def rnn(layer, x, initial_state=None, mask=None):
    """Any of Keras's own cells, stacked ones too."""
    return stepwise(layer, x, initial_state, mask)


def stepwise(layer, x, initial_state, mask):
    """One step after the other. A masked step keeps the state and repeats it as its output, or gives zeros where the layer
    says so."""
    mb = builder()
    if layer.stateful:
        refuse("stateful=True: a program keeps nothing between two calls")
    if mask is not None and layer.unroll:
        refuse("unroll=True with a mask")
    step, sizes = cell_step(layer.cell)
    states = given_states(initial_state) or [zeros(x, size, axis=0) for size in sizes]
    inputs = _taken_apart(x)
    masks = _taken_apart(mask) if mask is not None else [None] * len(inputs)
    outputs = []
    places = range(len(inputs))
    for place in reversed(places) if layer.go_backwards else places:
        output, new = step(inputs[place], states)
        if masks[place] is not None:
            shown = mb.expand_dims(x=masks[place], axes=list(range(1, output.rank)))
            held = np.float32(0) if layer.zero_output_for_mask else _output_of(layer.cell, states)
            output = mb.select(cond=shown, a=output, b=held)
            new = [mb.select(cond=shown, a=after, b=before) for after, before in zip(new, states, strict=True)]
        states = new
        outputs.append(output)
    result = mb.stack(values=outputs, axis=1) if layer.return_sequences else outputs[-1]
    return [result, *states] if layer.return_state else result


def _output_of(cell, states):
    """The state that is the output: the first of the last cell."""
    if isinstance(cell, L.StackedRNNCells):
        return states[-(2 if isinstance(cell.cells[-1], L.LSTMCell) else 1)]
    return states[0]


def _taken_apart(x):
    """The steps of x (rows, steps, …) as a list."""
    mb = builder()
    if x.shape[1] == 1:
        return [mb.squeeze(x=x, axes=[1])]
    return [mb.squeeze(x=part, axes=[1]) for part in mb.split(x=x, num_splits=int(x.shape[1]), axis=1)]


def zeros(x, size, axis):
    """Zeros of shape (rows, size), or of rows and several sizes, the rows being those of x along ``axis``: x is less than
    itself nowhere."""
    sizes = (size,) if isinstance(size, int) else tuple(size)
    mb = builder()
    begin, end, mask = [0] * x.rank, [1] * x.rank, [False] * x.rank
    mask[axis] = True
    end[axis] = 0
    first = mb.slice_by_index(x=x, begin=begin, end=end, end_mask=mask)
    first = mb.squeeze(x=first, axes=[each for each in range(x.rank) if each != axis])
    none = mb.cast(x=mb.less(x=first, y=first), dtype="fp32")
    none = mb.expand_dims(x=none, axes=list(range(1, 1 + len(sizes))))
    return mb.add(x=none, y=np.zeros((1, *sizes), np.float32))


def given_states(initial_state):
    """The initial states as a flat list, or ``None``."""
    return None if initial_state is None else list(keras.tree.flatten(initial_state))


def _prepared(layer, x):
    """x with its steps first, in the order they are to be run."""
    mb = builder()
    if layer.stateful:
        refuse("stateful=True: a program keeps nothing between two calls")
    x = mb.transpose(x=x, perm=[1, 0, 2])
    return mb.reverse(x=x, axes=[0]) if layer.go_backwards else x


def _states(layer, x, initial_state, count):
    return given_states(initial_state) or [zeros(x, layer.units, axis=1)] * count


def _names(*functions):
    names = [_IN_ONE.get(each) if callable(each) else None for each in functions]
    return None if None in names else names


def _blocks(units, order):
    """Positions that put blocks of ``units`` into another order."""
    return np.concatenate([np.arange(units) + units * block for block in order])


def _matrices(layer, order, gates):
    cell = layer.cell
    bias = numbers(cell.bias) if cell.bias is not None else np.zeros(gates * layer.units, np.float32)
    return {
        "weight_ih": np.ascontiguousarray(numbers(cell.kernel).T[order]),
        "weight_hh": np.ascontiguousarray(numbers(cell.recurrent_kernel).T[order]),
        "bias": np.ascontiguousarray(bias.reshape(-1)[order]),
    }


def _returned(layer, sequence, last, states):
    """What Keras returns: all steps or the last, and the states where they are asked for."""
    result = builder().transpose(x=sequence, perm=[1, 0, 2]) if layer.return_sequences else last
    return [result, *states] if layer.return_state else result
