"""Random operations: shape, type, range and distribution; the same seed gives the same values."""

import numpy as np
import pytest

from beyondlabels.runtime.ops import OPS
from runtime.cases.values import f, i

SHAPE = i([200, 100])
CASES = [
    ("random_uniform", {"low": f(-1), "high": f(3)}, 1, 4 / np.sqrt(12)),
    ("random_normal", {"mean": f(5), "stddev": f(2)}, 5, 2),
    ("random_bernoulli", {"prob": f(0.25)}, 0.25, np.sqrt(0.1875)),
]


@pytest.mark.parametrize(("kind", "inputs", "mean", "spread"), CASES, ids=[case[0] for case in CASES])
def test_the_distribution_is_the_one_asked_for(kind, inputs, mean, spread):
    """20,000 values: mean and spread lie within four standard errors."""
    values = OPS[kind](shape=SHAPE, seed=i(3), **inputs)
    assert values.shape == (200, 100)
    assert abs(values.mean() - mean) < 4 * spread / np.sqrt(20_000)
    assert abs(values.std() - spread) < 0.02 * spread
    if kind == "random_uniform":
        assert values.min() >= -1
        assert values.max() < 3
    if kind == "random_bernoulli":
        assert set(np.unique(values)) == {0, 1}


@pytest.mark.parametrize(("mode", "given"), [("probs", [0.5, 0, 0.25, 0.25]), ("logits", [np.log(2), -np.inf, 0, 0])])
def test_categories_come_as_often_as_their_chance(mode, given):
    drawn = OPS["random_categorical"](x=f([given, given]), mode=mode, size=i(10_000), seed=i(1))
    assert drawn.shape == (2, 10_000)
    share = np.bincount(drawn.ravel().astype(int), minlength=4) / 20_000
    np.testing.assert_allclose(share, [0.5, 0, 0.25, 0.25], atol=4 * np.sqrt(0.25 / 20_000))


@pytest.mark.parametrize("kind", [case[0] for case in CASES])
def test_a_seed_makes_it_repeatable(kind):
    draw = [OPS[kind](shape=SHAPE, seed=i(seed)) for seed in (7, 7, 8, -1, -1)]
    np.testing.assert_array_equal(draw[0], draw[1])
    assert (draw[0] != draw[2]).any()
    assert (draw[3] != draw[4]).any()
