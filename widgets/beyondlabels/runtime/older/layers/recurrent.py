"""Recurrent layers over (steps, batch, size, 1, 1). What enters an activation of a gate is held within ±50."""

import numpy as np

from .activation import chosen, function
from .registry import layer

_LIMIT = 50


@layer("simpleRecurrent")
def simple_recurrent(
    x, h=None, inputVectorSize=0, outputVectorSize=0, activation=None, sequenceOutput=False, hasBiasVector=False,
    weightMatrix=None, recursionMatrix=None, biasVector=None, reverseInput=False,
):  # fmt: skip
    """y = f(W x + R y' + b), y' of the step before. Returns the outputs (all, or the last) and the last one."""
    size, f = outputVectorSize, _function(activation)
    recursion = recursionMatrix.shaped(size, size).T
    bias = biasVector.shaped(size) if hasBiasVector else 0
    given = _steps(x, reverseInput) @ weightMatrix.shaped(size, inputVectorSize).T + bias
    h, states = _start(h, x, size), []
    for step in given:
        h = f(_held(step + h @ recursion))
        states.append(h)
    return _sequence(states, sequenceOutput), _last(h)


@layer("gru")
def gru(
    x, h=None, inputVectorSize=0, outputVectorSize=0, activations=(), sequenceOutput=False, hasBiasVectors=False,
    reverseInput=False, **weights,
):  # fmt: skip
    """y = (1 - z) o + z y', o from the product of R_o with the reset state. Returns the outputs and the last one."""
    size = outputVectorSize
    f, g = (_function(each) for each in activations)
    gates = [
        (
            weights[f"{gate}GateWeightMatrix"].shaped(size, inputVectorSize).T,
            weights[f"{gate}GateRecursionMatrix"].shaped(size, size).T,
            weights[f"{gate}GateBiasVector"].shaped(size) if hasBiasVectors else 0,
        )
        for gate in ("update", "reset", "output")
    ]
    steps = _steps(x, reverseInput)
    (z_given, z_kept), (r_given, r_kept), (o_given, o_kept) = [(steps @ w + b, r) for w, r, b in gates]
    h, states = _start(h, x, size), []
    for step in range(len(steps)):
        z = f(_held(z_given[step] + h @ z_kept))
        r = f(_held(r_given[step] + h @ r_kept))
        o = g(_held(o_given[step] + (h * r) @ o_kept))
        h = (1 - z) * o + z * h
        states.append(h)
    return _sequence(states, sequenceOutput), _last(h)


@layer("uniDirectionalLSTM")
def uni_directional_lstm(
    x, h=None, c=None, inputVectorSize=0, outputVectorSize=0, activations=(), params=None, weightParams=None,
    reverseInput=False,
):  # fmt: skip
    """Returns the outputs (all, or the last), the last output and the last cell state."""
    sizes = inputVectorSize, outputVectorSize
    states, h, c = _lstm(
        _steps(x, reverseInput),
        _start(h, x, sizes[1]),
        _start(c, x, sizes[1]),
        sizes,
        activations,
        params,
        weightParams,
    )
    return _sequence(states, params.sequenceOutput), _last(h), _last(c)


@layer("biDirectionalLSTM")
def bi_directional_lstm(
    x, h=None, c=None, h_back=None, c_back=None, inputVectorSize=0, outputVectorSize=0, activationsForwardLSTM=(),
    activationsBackwardLSTM=(), params=None, weightParams=(),
):  # fmt: skip
    """Two LSTMs side by side, the second reading backwards; with all outputs, both at the same step of x."""
    sizes = inputVectorSize, outputVectorSize
    begin = [_start(each, x, outputVectorSize) for each in (h, c, h_back, c_back)]
    forward, backward = weightParams
    first, h, c = _lstm(_steps(x, False), *begin[:2], sizes, activationsForwardLSTM, params, forward)
    second, h_back, c_back = _lstm(_steps(x, True), *begin[2:], sizes, activationsBackwardLSTM, params, backward)
    if params.sequenceOutput:
        states = [np.concatenate(pair, axis=1) for pair in zip(first, second[::-1], strict=True)]
    else:
        states = [np.concatenate([h, h_back], axis=1)]
    return (_sequence(states, True), *(_last(each) for each in (h, c, h_back, c_back)))


def _lstm(steps, h, c, sizes, activations, params, weights):
    given_size, size = sizes
    f, g, out = (_function(each) for each in activations)
    gates = ("inputGate", "forgetGate", "blockInput", "outputGate")
    kernel = np.concatenate([getattr(weights, f"{gate}WeightMatrix").shaped(size, given_size) for gate in gates]).T
    recursion = np.concatenate([getattr(weights, f"{gate}RecursionMatrix").shaped(size, size) for gate in gates]).T
    given = steps @ kernel
    if params.hasBiasVectors:
        given = given + np.concatenate([getattr(weights, f"{gate}BiasVector").shaped(size) for gate in gates])
    if params.forgetBias:
        given[..., size : 2 * size] += 1
    look = np.zeros((3, size), np.float32)
    if params.hasPeepholeVectors:
        look = np.stack(
            [getattr(weights, f"{gate}GatePeepholeVector").shaped(size) for gate in ("input", "forget", "output")]
        )
    limit, states = np.float32(params.cellClipThreshold or 50), []
    for step in given:
        i, forget, z, o = np.split(step + h @ recursion, 4, axis=1)
        i = f(_held(i + look[0] * c))
        kept = 1 - i if params.coupledInputAndForgetGate else f(_held(forget + look[1] * c))
        c = np.clip(c * kept + i * g(_held(z)), -limit, limit)
        h = out(c) * f(_held(o + look[2] * c))
        states.append(h)
    return states, h, c


def _function(activation):
    kind, given = chosen(vars(activation))
    if kind == "scaledTanh":
        return lambda x: np.float32(1.7159) * np.tanh(np.float32(2 / 3) * x)
    if kind == "sigmoidHard":
        return lambda x: np.clip(np.float32(0.2) * x + np.float32(0.5), 0, 1)
    return (lambda x: x) if kind == "linear" else function({kind: given})


def _steps(x, reverse):
    if x.ndim != 5 or x.shape[-2:] != (1, 1):
        raise ValueError(f"a recurrent layer reads (steps, batch, size, 1, 1), found {x.shape}")
    steps = x[..., 0, 0]
    return steps[::-1] if reverse else steps


def _start(state, x, size):
    return (
        np.zeros((x.shape[1], size), np.float32)
        if state is None
        else np.broadcast_to(state.reshape(-1, size), (x.shape[1], size))
    )


def _held(x):
    return np.clip(x, -_LIMIT, _LIMIT)


def _sequence(states, every):
    return np.stack(states if every else states[-1:])[..., None, None]


def _last(state):
    return state[None, :, :, None, None]
