"""Stochastic gradient descent with momentum, and Adam, on arrays by key; float32, as the weights are stored."""

import numpy as np


def make(settings):
    """The optimizer that the settings name: a function of (weights, gradients), both dicts, that changes the weights."""
    if settings.optimizer == "sgd":
        return sgd(settings["learningRate"], settings["momentum"])
    return adam(*(settings[name] for name in ("learningRate", "beta1", "beta2", "eps")))


def sgd(rate, momentum):
    """v = momentum v - rate g; w = w + v."""
    velocity = {}

    def step(weights, gradients):
        for key, gradient in gradients.items():
            velocity[key] = np.float32(momentum) * velocity.get(key, np.float32(0)) - np.float32(rate) * gradient
            weights[key] = weights[key] + velocity[key]

    return step


def adam(rate, beta1, beta2, eps):
    """m and v: running means of g and g²; w = w - rate m̂ / (sqrt(v̂) + eps), both corrected for their start at 0."""
    first, second, steps = {}, {}, 0

    def step(weights, gradients):
        nonlocal steps
        steps += 1
        for key, gradient in gradients.items():
            first[key] = np.float32(beta1) * first.get(key, np.float32(0)) + np.float32(1 - beta1) * gradient
            second[key] = np.float32(beta2) * second.get(key, np.float32(0)) + np.float32(1 - beta2) * gradient**2
            mean = first[key] / np.float32(1 - beta1**steps)
            spread = second[key] / np.float32(1 - beta2**steps)
            weights[key] = weights[key] - np.float32(rate) * mean / (np.sqrt(spread) + np.float32(eps))

    return step
