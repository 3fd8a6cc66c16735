"""Linear decompositions against outputs worked out by hand, on models whose attributes were set by hand."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import (
    PCA,
    FactorAnalysis,
    FastICA,
    IncrementalPCA,
    MiniBatchSparsePCA,
    SparsePCA,
    TruncatedSVD,
)
from sklearn.pipeline import make_pipeline

import beyondlabels as bl
from beyondlabels.conversion import convert
from beyondlabels.mil import projecting
from conversion.by_hand import agrees


def having(model, **attributes):
    for name, value in attributes.items():
        setattr(model, name, np.array(value, float) if isinstance(value, list) else value)
    return having_width(model)


def having_width(model):
    model.n_features_in_ = model.components_.shape[1]
    return model


def incremental(**options):
    """One direction (0.6, 0.8), variance 4 along it."""
    return having(
        IncrementalPCA(1, **options),
        mean_=[1.0, 2.0],
        components_=[[0.6, 0.8]],
        explained_variance_=[4.0],
        noise_variance_=0.25,
        n_components_=1,
    )


def svd():
    return having(TruncatedSVD(1), components_=[[0.6, 0.8]], singular_values_=[1.0])


def factors(noise=(1.0, 1.0)):
    """One factor with loadings 1 and 1."""
    return having(FactorAnalysis(1), mean_=[1.0, 2.0], components_=[[1.0, 1.0]], noise_variance_=np.array(noise))


def ica(**options):
    return having(
        FastICA(1, **options), mean_=[1.0, 2.0], components_=[[2.0, 0.0]], mixing_=[[0.5], [0.0]], whitening_=np.eye(2)
    )


def sparse(cls=SparsePCA, ridge=0.25):
    """Directions (1, 0) and none: (x - mean) / (1 + ridge) along the first, 0 along the second."""
    return having(cls(2, ridge_alpha=ridge), mean_=[1.0, 2.0], components_=[[1.0, 0.0], [0.0, 0.0]])


MEAN, STEP = [1.0, 2.0], [1.6, 2.8]
# covariance (2 1; 1 2), its determinant 3, its inverse (2 -1; -1 2) / 3
AT_MEAN = -np.log(2 * np.pi) - np.log(3) / 2

CASES = {
    "IncrementalPCA": (
        incremental(),
        [MEAN, STEP, [1.8, 1.4]],
        {"transformed": [[0], [1], [0]], "reconstructed": [MEAN, STEP, MEAN]},
    ),
    "IncrementalPCA that whitens": (
        incremental(whiten=True),
        [MEAN, STEP],
        {"transformed": [[0], [0.5]], "reconstructed": [MEAN, STEP]},
    ),
    # Whitening divides by scikit-learn's floor, 2^-52, where a direction has no variance; the way back multiplies by 0.
    "IncrementalPCA that whitens what does not vary": (
        having(incremental(whiten=True), explained_variance_=[0.0]),
        [MEAN, STEP],
        {"transformed": [[0], [2.0**52]], "reconstructed": [MEAN, MEAN]},
    ),
    "TruncatedSVD does not centre": (
        svd(),
        [[0.6, 0.8], [5.0, 0.0]],
        {"transformed": [[1], [3]], "reconstructed": [[0.6, 0.8], [1.8, 2.4]]},
    ),
    "FactorAnalysis": (
        factors(),
        [MEAN, [2.0, 4.0]],
        # factor (1 + 2) / (1 + 1 + 1); (1, 2) P (1, 2) = (2 - 4 + 8) / 3 = 2
        {"transformed": [[0], [1]], "score": [AT_MEAN, AT_MEAN - 1]},
    ),
    "FactorAnalysis, one feature noisier": (
        factors((1.0, 0.5)),
        [MEAN, [2.0, 4.0]],
        # (1 / 1 + 2 / 0.5) / (1 + 1 + 2); covariance (2 1; 1 1.5), determinant 2, (1, 2) P (1, 2) = (1.5 - 4 + 8) / 2
        {
            "transformed": [[0], [1.25]],
            "score": [-np.log(2 * np.pi) - np.log(2) / 2, -np.log(2 * np.pi) - np.log(2) / 2 - 1.375],
        },
    ),
    "FastICA": (ica(), [MEAN, [2.0, 9.0]], {"transformed": [[0], [2]]}),
    "FastICA of a white row": (ica(whiten=False), [MEAN, [2.0, 9.0]], {"transformed": [[2], [4]]}),
    "SparsePCA": (sparse(), [MEAN, [3.5, 7.0]], {"transformed": [[0, 0], [2, 0]]}),
    "SparsePCA without ridge": (sparse(ridge=0.0), [MEAN, [3.5, 7.0]], {"transformed": [[0, 0], [2.5, 0]]}),
    "MiniBatchSparsePCA": (sparse(MiniBatchSparsePCA), [MEAN, [3.5, 7.0]], {"transformed": [[0, 0], [2, 0]]}),
    "a reconstruction through sources": (
        make_pipeline(
            ica(), having(IncrementalPCA(1), **vars(incremental()) | {"mean_": [0.0], "components_": [[1.0]]})
        ),
        [[2.0, 2.0], MEAN],
        {"transformed": [[2], [0]], "reconstructed": [[2, 2], MEAN]},
    ),
    "a reconstruction through sparse directions": (
        make_pipeline(sparse(), having(TruncatedSVD(1), components_=[[1.0, 0.0]], singular_values_=[1.0])),
        [[3.5, 7.0], MEAN],
        {"transformed": [[2], [0]], "reconstructed": [[3, 2], MEAN]},
    ),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, atol=2e-6)


def test_a_single_row_keeps_its_axis(tmp_path):
    """scikit-learn's ridge regression drops it; the package does not."""
    result = bl.export(sparse(), tmp_path / "a.mlpackage", sample=[[3.5, 7.0]])
    assert bl.runtime.load(result.path).predict({"x": np.array([[3.5, 7.0]])})["transformed"].shape == (1, 2)


def test_a_score_made_of_roundings_is_left_out():
    """Two features that are the same leave a factor analysis hardly any noise: the inverse has no digits left."""
    rows = np.repeat(np.random.default_rng(0).normal(size=(100, 1)), 2, axis=1)
    verdict = bl.assess(FactorAnalysis(1).fit(rows))
    assert list(verdict.outputs) == ["transformed"]
    assert [limit.id for limit in verdict.limits] == ["score-undefined"]


def test_scales_far_apart_keep_their_score(penguins, tmp_path):
    rows = penguins * [1e-4, 1.0, 1e2, 1e3]
    result = bl.export(FactorAnalysis(2).fit(rows), tmp_path / "a.mlpackage", sample=rows)
    assert result.parity["score"].worst_relative < 1e-5


@pytest.mark.parametrize("model", [IncrementalPCA(2), TruncatedSVD(2), FactorAnalysis(2), FastICA(2, random_state=0)])
def test_raw_measurements(model, penguins, tmp_path):
    result = bl.export(model.fit(penguins), tmp_path / "a.mlpackage", sample=penguins)
    assert result.parity.passed
    assert result.carries.kind == "statistics"


# ---- one direction far longer than the others ------------------------------------------------------------------------


def one_long(features, gap=100, rows=300):
    """Rows that lie ``gap`` times as far along one direction as along any other."""
    random = np.random.default_rng(0)
    turned = np.linalg.qr(random.normal(size=(features, features)))[0]
    return random.normal(size=(rows, features)) * np.append(gap, np.ones(features - 1)) @ turned


@pytest.mark.parametrize(("features", "times"), [(60, 1.2), (200, 1.5)])
@pytest.mark.parametrize("model", [PCA(), PCA(whiten=True), TruncatedSVD(20), IncrementalPCA(20)])
def test_a_long_direction_does_not_cost_the_digits_of_the_others(model, features, times, tmp_path, monkeypatch):
    """The long part is found first and taken off the row; in one product the error is larger."""
    X = one_long(features)
    model = clone(model).fit(X)
    kept = bl.export(model, tmp_path / "kept.mlpackage", sample=X).parity["transformed"].worst_relative
    assert kept <= 1e-5
    monkeypatch.setattr(projecting, "_GAP", np.inf)
    monkeypatch.setattr(convert, "_insist", lambda *found: None)  # it fails parity at 200 features
    plain = bl.export(model, tmp_path / "plain.mlpackage", sample=X).parity["transformed"].worst_relative
    assert plain > times * kept


def test_the_directions_before_the_first_gap():
    assert projecting._before_gap(np.array([100.0, 2.0, 1e-9])) == 1
    assert projecting._before_gap(np.array([100.0, 90.0, 11.0, 10.0])) == 2
    assert projecting._before_gap(np.array([100.0, 20.0, 4.0, 1.0])) == 0
    assert projecting._before_gap(np.array([1.0])) == 0
