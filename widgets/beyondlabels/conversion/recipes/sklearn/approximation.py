"""Kernel approximations drawn at random or sampled: a few columns whose products stand in for a kernel."""

import numpy as np
from sklearn.kernel_approximation import (
    AdditiveChi2Sampler,
    PolynomialCountSketch,
    RBFSampler,
    SkewedChi2Sampler,
)

from ....mil.blocks import builder, constant, with_constant
from ....mil.functions import log
from ...registry import recipe
from ...verdict import Carries

_SMALLEST = np.float32(2.0**-126)
_GRID = np.float32(1024)
_BLOCK = 1 << 16  # numbers a row may take at once


def _drawn(what):
    return lambda model: Carries("none", f"{what}. Nothing of your rows.")


def _waves(model, x):
    """cos(x W + b) sqrt(2 / components), the angle taken in turns.

    Whole turns do not count, so they are taken off before float32 loses the digits behind them. x is scaled by a power of two
    so that W / 2 pi is of size 1, and cut into whole numbers and fractions, W / 2 pi into multiples of 1/1024 and a rest.
    Whole numbers times multiples of 1/1024 are exact, and of a whole number only the remainder by 1024 matters.
    """
    mb = builder()
    turns = np.asarray(model.random_weights_, np.float64) / (2 * np.pi)
    size = 2.0 ** np.round(np.log2(max(4 * np.sqrt(np.square(turns).mean()), 2.0**-60)))
    x, turns = mb.mul(x=x, y=np.float32(size)), turns / size
    coarse = np.round(turns * _GRID) / _GRID
    whole = mb.round(x=x)
    fraction = mb.sub(x=x, y=whole)
    remainder = mb.sub(x=whole, y=mb.mul(x=mb.round(x=mb.mul(x=whole, y=1 / _GRID)), y=_GRID))
    large = mb.matmul(x=remainder, y=constant(coarse))
    angle = mb.sub(x=large, y=mb.round(x=large))
    angle = mb.add(x=angle, y=mb.matmul(x=fraction, y=constant(coarse)))
    angle = mb.add(x=angle, y=mb.matmul(x=x, y=constant(turns - coarse)))
    angle = mb.add(x=angle, y=constant(np.asarray(model.random_offset_, np.float64) / (2 * np.pi)))
    wave = mb.cos(x=mb.mul(x=angle, y=np.float32(2 * np.pi)))
    return {"transformed": mb.mul(x=wave, y=np.float32(np.sqrt(2 / model.n_components)))}


@recipe(RBFSampler, outputs={"transformed": "transform"}, carries=_drawn("random directions and offsets"))
def random_fourier(model, x):
    """Random Fourier features (Rahimi and Recht 2007)."""
    return _waves(model, x)


@recipe(SkewedChi2Sampler, outputs={"transformed": "transform"}, carries=_drawn("random directions and offsets"))
def skewed_chi_squared(model, x):
    """The same of log(x + skewedness) (Li, Ionescu and Sminchisescu 2010)."""
    mb = builder()
    return _waves(model, log(mb.add(x=x, y=np.float32(model.skewedness))))


@recipe(
    AdditiveChi2Sampler,
    outputs={"transformed": "transform"},
    fitted=lambda model: hasattr(model, "n_features_in_"),
    carries=_drawn("a sampling interval"),
)
def additive_chi_squared(model, x):
    """sqrt(x s), then cos and sin of (j s log x) times sqrt(2 x s / cosh(pi j s)) (Vedaldi and Zisserman 2012)."""
    mb = builder()
    step = {1: 0.8, 2: 0.5, 3: 0.4}[model.sample_steps] if model.sample_interval is None else model.sample_interval
    root = mb.sqrt(x=x)
    logarithm = log(mb.maximum(x=x, y=_SMALLEST))
    parts = [mb.mul(x=root, y=np.float32(np.sqrt(step)))]
    for j in range(1, model.sample_steps):
        size = mb.mul(x=root, y=np.float32(np.sqrt(2 * step / np.cosh(np.pi * j * step))))
        angle = mb.mul(x=logarithm, y=np.float32(j * step))
        parts += [mb.mul(x=size, y=mb.cos(x=angle)), mb.mul(x=size, y=mb.sin(x=angle))]
    return {"transformed": mb.concat(values=parts, axis=1) if len(parts) > 1 else parts[0]}


@recipe(PolynomialCountSketch, outputs={"transformed": "transform"}, carries=_drawn("random signs and places"))
def tensor_sketch(model, x):
    """Count sketches, one for each degree, convolved in a circle (Pham and Pagh 2013).

    scikit-learn convolves by Fourier transforms. A sketch has one number for each feature, so the sum of what was made so
    far, turned by each feature's place and times its value, is the same, costs no more, and keeps empty places empty.
    """
    mb = builder()
    scaled = mb.mul(x=x, y=np.float32(np.sqrt(model.gamma)))
    if model.coef0 != 0:
        scaled = with_constant(scaled, np.sqrt(model.coef0))
    count, (features, *others) = model.n_components, np.asarray(model.indexHash_)
    made = np.zeros((len(features), count))
    made[np.arange(len(features)), features] = model.bitHash_[0]
    sketch = mb.matmul(x=scaled, y=constant(made))
    for places, signs in zip(others, model.bitHash_[1:], strict=True):
        sketch = _turned(sketch, mb.mul(x=scaled, y=constant(signs)), places, count)
    return {"transformed": sketch}


def _turned(sketch, values, places, count):
    """The sum over the features of ``values`` (rows, features) times ``sketch`` (rows, count) turned by ``places``."""
    mb = builder()
    total, step = None, max(1, _BLOCK // count)
    for start in range(0, len(places), step):
        block = np.arange(start, min(start + step, len(places)))
        source = (np.arange(count) - places[block, None]) % count
        turned = mb.gather(x=sketch, indices=source.astype(np.int32), axis=1)
        own = mb.expand_dims(x=mb.gather(x=values, indices=block.astype(np.int32), axis=1), axes=[1])
        part = mb.squeeze(x=mb.matmul(x=own, y=turned), axes=[1])
        total = part if total is None else mb.add(x=total, y=part)
    return total
