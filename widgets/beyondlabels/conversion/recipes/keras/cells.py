"""One step of Keras's recurrent cells: (x, states) -> (output, states)."""

import keras
import numpy as np

from ....mil.blocks import builder
from .activation import activate
from .walk import refuse
from .weights import numbers

L = keras.layers


def cell_step(cell):
    """(the function of one step, the sizes of its states) of a cell, looked up by its exact class."""
    make = CELLS.get(type(cell))
    if make is None:
        refuse(f"cell {type(cell).__module__}.{type(cell).__qualname__}")
    return make(cell)


def _const(values):
    return builder().const(val=np.ascontiguousarray(values))


def _products(cell, count):
    """The two weight matrices and the bias as constants that all steps share."""
    bias = numbers(cell.bias) if cell.bias is not None else np.zeros(count * cell.units, np.float32)
    return _const(numbers(cell.kernel).T), _const(numbers(cell.recurrent_kernel).T), bias


def _simple(cell):
    mb = builder()
    weight, recurrent, bias = _products(cell, 1)
    bias, nothing = _const(bias), _const(np.zeros_like(bias))

    def step(x, states):
        made = mb.add(
            x=mb.linear(x=x, weight=weight, bias=bias), y=mb.linear(x=states[0], weight=recurrent, bias=nothing)
        )
        output = activate(cell.activation, made)
        return output, [output]

    return step, [cell.units]


def _lstm(cell):
    mb = builder()
    weight, recurrent, bias = _products(cell, 4)
    bias, nothing = _const(bias), _const(np.zeros_like(bias))

    def step(x, states):
        h, c = states
        gates = mb.add(x=mb.linear(x=x, weight=weight, bias=bias), y=mb.linear(x=h, weight=recurrent, bias=nothing))
        into, forget, new, out = mb.split(x=gates, num_splits=4, axis=1)
        into, forget, out = (activate(cell.recurrent_activation, each) for each in (into, forget, out))
        c = mb.add(x=mb.mul(x=forget, y=c), y=mb.mul(x=into, y=activate(cell.activation, new)))
        h = mb.mul(x=out, y=activate(cell.activation, c))
        return h, [h, c]

    return step, [cell.units, cell.units]


def _gru(cell):
    """Reset after the product with the state (Keras's default) or before it (Cho et al., 2014)."""
    mb = builder()
    units = cell.units
    weight, recurrent, bias = _products(cell, 3)
    own, theirs = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
    own, theirs_c = _const(own), _const(theirs)
    gates = _const(numbers(cell.recurrent_kernel).T[: 2 * units]), _const(theirs[: 2 * units])
    last = _const(numbers(cell.recurrent_kernel).T[2 * units :]), _const(theirs[2 * units :])

    def step(x, states):
        h = states[0]
        x_update, x_reset, x_new = mb.split(x=mb.linear(x=x, weight=weight, bias=own), num_splits=3, axis=1)
        if cell.reset_after:
            made = mb.linear(x=h, weight=recurrent, bias=theirs_c)
            h_update, h_reset, h_new = mb.split(x=made, num_splits=3, axis=1)
        else:
            made = mb.linear(x=h, weight=gates[0], bias=gates[1])
            h_update, h_reset = mb.split(x=made, num_splits=2, axis=1)
            h_new = None
        update = activate(cell.recurrent_activation, mb.add(x=x_update, y=h_update))
        reset = activate(cell.recurrent_activation, mb.add(x=x_reset, y=h_reset))
        kept = (
            mb.linear(x=mb.mul(x=reset, y=h), weight=last[0], bias=last[1])
            if h_new is None
            else mb.mul(x=reset, y=h_new)
        )
        new = activate(cell.activation, mb.add(x=x_new, y=kept))
        rest = mb.sub(x=np.float32(1), y=update)
        h = mb.add(x=mb.mul(x=update, y=h), y=mb.mul(x=rest, y=new))
        return h, [h]

    return step, [units]


def _stacked(cell):
    steps, sizes = zip(*(cell_step(each) for each in cell.cells), strict=True)

    def step(x, states):
        made, left = [], list(states)
        for one, own in zip(steps, sizes, strict=True):
            x, new = one(x, left[: len(own)])
            made, left = made + new, left[len(own) :]
        return x, made

    return step, [size for own in sizes for size in own]


CELLS = {L.SimpleRNNCell: _simple, L.LSTMCell: _lstm, L.GRUCell: _gru, L.StackedRNNCells: _stacked}
