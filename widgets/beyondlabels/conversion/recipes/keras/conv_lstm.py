"""LSTM layers whose products are convolutions (Shi et al., Convolutional LSTM Network, 2015), step by step."""

import keras
import numpy as np
from keras.src.layers.rnn.conv_lstm import ConvLSTMCell  # it has no public name

from ....mil.blocks import builder
from .activation import activate
from .cells import CELLS
from .layout import as_keras, channels_first, pads, whole
from .recurrent import stepwise
from .walk import layer
from .weights import numbers


@layer(keras.layers.ConvLSTM1D, keras.layers.ConvLSTM2D)
def conv_lstm(layer, x, initial_state=None, mask=None):
    return stepwise(layer, x, initial_state, mask)


def _cell(cell):
    """The four gates of a step in one convolution of the input and one of the state, in the order i, f, c, o."""
    mb = builder()
    rank, last = cell.rank, cell.data_format == "channels_last"
    kernel, recurrent = (
        mb.const(val=np.ascontiguousarray(np.moveaxis(numbers(each), [-1, -2], [0, 1])))
        for each in (cell.kernel, cell.recurrent_kernel)
    )
    bias = numbers(cell.bias) if cell.bias is not None else np.zeros(4 * cell.filters, np.float32)
    bias = mb.const(val=bias)
    strides, dilations = whole(cell.strides, rank), whole(cell.dilation_rate, rank)
    state = cell.compute_output_shape((None, *cell.input_spec.shape[1:]))[0][1:]
    inner = list(state[:-1] if last else state[1:])

    def step(x, states):
        x, h = channels_first(cell, x), channels_first(cell, states[0])
        around = pads(cell, x.shape[2:], kernel.shape[2:], strides, dilations)
        x = mb.conv(x=x, weight=kernel, bias=bias, strides=strides, dilations=dilations, pad_type="custom", pad=around)
        halves = [(int(size) - 1) for size in kernel.shape[2:]]
        around = [each for total in halves for each in (total // 2, total - total // 2)]
        h = mb.conv(x=h, weight=recurrent, pad_type="custom", pad=around)
        gates = as_keras(cell, mb.add(x=x, y=h))
        into, forget, new, out = mb.split(x=gates, num_splits=4, axis=gates.rank - 1 if last else 1)
        into, forget, out = (activate(cell.recurrent_activation, each) for each in (into, forget, out))
        c = mb.add(x=mb.mul(x=forget, y=states[1]), y=mb.mul(x=into, y=activate(cell.activation, new)))
        h = mb.mul(x=out, y=activate(cell.activation, c))
        return h, [h, c]

    size = (*inner, cell.filters) if last else (cell.filters, *inner)
    return step, [size, size]


CELLS[ConvLSTMCell] = _cell
