"""One-class machines whose score is small beside the offset it is the difference to: float32 keeps the digits of the offset."""

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

import beyondlabels as bl
from beyondlabels.conversion.registry import find_recipe
from beyondlabels.mil.blocks import builder

RANDOM = np.random.default_rng(0)
WIDE = RANDOM.normal(size=(40, 60))

SMALL_SCORES = {
    "more features than rows": WIDE,
    "whole numbers": np.round(RANDOM.normal(size=(90, 4)) * 100),
    "true or false": (RANDOM.normal(size=(90, 4)) > 0).astype(float),
    "few rows": RANDOM.normal(size=(6, 4)),
    "a column far from 0": np.c_[RANDOM.normal(size=(90, 3)), np.full(90, 7.25)],
}


@pytest.mark.parametrize("nu", [0.1, 0.5])
@pytest.mark.parametrize("kernel", ["rbf", "linear"])
@pytest.mark.parametrize("X", SMALL_SCORES.values(), ids=SMALL_SCORES)
def test_small_scores(X, kernel, nu, tmp_path):
    model = OneClassSVM(kernel=kernel, gamma="auto", nu=nu).fit(X)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=X)
    found = bl.runtime.load(result.path).predict({"x": X})
    score, offset = model.decision_function(X), abs(model.offset_[0])
    assert np.abs(found["score"] - score).max() <= 1e-5 * (
        np.abs(score).max() + max(np.sqrt(np.mean(score**2)), offset / 32)
    )
    clear = np.abs(score) > 1e-5 * offset
    np.testing.assert_array_equal(found["inlier"][clear], model.predict(X)[clear])
    assert bl.runtime.check(result.path).passed


def test_a_fault_of_the_offset_is_not_excused(monkeypatch, tmp_path):
    """It may be off by five roundings, not by twenty."""
    model = OneClassSVM(gamma="auto", nu=0.1).fit(WIDE)
    real = find_recipe(model).write

    def off(model, x):
        from copy import copy

        wrong = copy(model)
        wrong.offset_ = model.offset_ * (1 + 20 * 2.0**-24)
        return real(wrong, x)

    monkeypatch.setitem(vars(find_recipe(model)), "write", off)
    with pytest.raises(bl.ParityFailed, match="output 'score'"):
        bl.export(model, tmp_path / "a.mlpackage", sample=WIDE)


@pytest.mark.parametrize(
    "around", [make_pipeline, lambda model: GridSearchCV(model, {"nu": [0.2]}, scoring=lambda *_: 0.0)]
)
def test_what_lies_around_it_asks_it(around):
    model = OneClassSVM(gamma="auto", nu=0.2)
    alone, inside = model.fit(WIDE), around(OneClassSVM(gamma="auto", nu=0.2)).fit(WIDE)
    least = bl.intermediate_values(alone, WIDE).floor
    assert least == pytest.approx(alone.offset_[0] / 32)
    assert bl.intermediate_values(inside, WIDE).floor == least
    scaler = make_pipeline(StandardScaler()).fit(WIDE)
    assert bl.intermediate_values(scaler, WIDE).floor == pytest.approx(np.abs(WIDE).max() * 2.0**-24)


@pytest.mark.parametrize("size", [1e12, 1e18])
def test_a_score_is_not_judged_by_the_unit_of_the_rows(size, monkeypatch, tmp_path):
    """Half a unit of rows of 1e18 is 6e10: a score of size 1 may not be off by as much."""
    X = WIDE[:, :4] * size
    model = OneClassSVM(gamma="scale", nu=0.3).fit(X)
    assert bl.intermediate_values(model, X).floor < 1
    real = find_recipe(model).write

    def off(model, x):
        written = real(model, x)
        return written | {"score": builder().mul(x=written["score"], y=np.float32(1.001))}

    assert bl.export(model, tmp_path / "right.mlpackage", sample=X).parity.passed
    monkeypatch.setitem(vars(find_recipe(model)), "write", off)
    with pytest.raises(bl.ParityFailed, match="output 'score'"):
        bl.export(model, tmp_path / "wrong.mlpackage", sample=X)
