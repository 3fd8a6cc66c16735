"""Random values: only their distribution can be compared with Core ML, which does not say how it draws them."""

from ...bounds import room
from ...ops import random as ops
from .registry import layer, whole


def _three(name, draw):
    """Register the layer that takes the shape of its input, of its parameter, or that its input holds."""

    def like(x, **parameters):
        return draw(x.shape, **parameters)

    def static(outputShape, **parameters):
        return draw(room(*outputShape), **parameters)

    def dynamic(shape, **parameters):
        return draw(room(*whole(shape)), **parameters)

    for ending, function in (("Like", like), ("Static", static), ("Dynamic", dynamic)):
        layer(f"{name}{ending}")(function)


_three("randomNormal", lambda shape, seed, mean, stdDev: ops.random_normal(shape, mean, stdDev, seed))
_three("randomUniform", lambda shape, seed, minVal, maxVal: ops.random_uniform(shape, minVal, maxVal, seed))
_three("randomBernoulli", lambda shape, seed, prob: ops.random_bernoulli(shape, prob, seed))


@layer("categoricalDistribution")
def categorical_distribution(x, seed, numSamples, isLogits, eps, temperature):
    """numSamples indices drawn for each row of the last axis of x, of logits divided by ``temperature`` or probabilities."""
    room(*x.shape, numSamples)
    if isLogits:
        return ops.random_categorical(x / (temperature or 1), "logits", numSamples, seed)
    return ops.random_categorical(x + (eps or 1e-10), "probs", numSamples, seed)
