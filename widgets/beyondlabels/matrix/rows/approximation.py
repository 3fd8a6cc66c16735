"""Rows for recipes/sklearn/approximation.py."""

from sklearn.kernel_approximation import (
    AdditiveChi2Sampler,
    PolynomialCountSketch,
    RBFSampler,
    SkewedChi2Sampler,
)

from .. import Ends, Row

ROWS = [
    Row(
        "RBFSampler",
        lambda: RBFSampler(n_components=20, random_state=0),
        variants={
            "gamma by scale": lambda: RBFSampler(gamma="scale", n_components=20, random_state=0),
            "one component": lambda: RBFSampler(n_components=1, random_state=0),
        },
        unlike={
            "far from 0": Ends("float32", "waves of length 4 a million away, where float32 numbers lie 0.06 apart"),
            "huge": Ends("float32", "waves of length 4 a million away, where float32 numbers lie 0.06 apart"),
        },
    ),
    Row(
        "AdditiveChi2Sampler",
        AdditiveChi2Sampler,
        data="positive",
        variants={
            "one step": lambda: AdditiveChi2Sampler(sample_steps=1),
            "three steps": lambda: AdditiveChi2Sampler(sample_steps=3),
            "interval": lambda: AdditiveChi2Sampler(sample_steps=4, sample_interval=0.3),
        },
    ),
    Row(
        "SkewedChi2Sampler",
        lambda: SkewedChi2Sampler(n_components=20, random_state=0),
        data="positive",
        variants={"skewedness": lambda: SkewedChi2Sampler(skewedness=0.1, n_components=20, random_state=0)},
    ),
    Row(
        "PolynomialCountSketch",
        lambda: PolynomialCountSketch(n_components=20, random_state=0),
        variants={
            "degree 3": lambda: PolynomialCountSketch(degree=3, n_components=21, random_state=0),
            "coef0": lambda: PolynomialCountSketch(degree=2, coef0=1.5, gamma=0.3, n_components=20, random_state=0),
            "degree 1": lambda: PolynomialCountSketch(degree=1, n_components=8, random_state=0),
            "one component": lambda: PolynomialCountSketch(n_components=1, random_state=0),
        },
    ),
]
