"""Linear maps, two tables at once and drawn features: worked out by hand, and fits that the general cases do not reach."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.cross_decomposition import CCA, PLSSVD, PLSCanonical, PLSRegression
from sklearn.kernel_approximation import AdditiveChi2Sampler, PolynomialCountSketch, RBFSampler, SkewedChi2Sampler
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.neural_network import BernoulliRBM
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

import beyondlabels as bl
from conversion.by_hand import agrees


def by_hand(model, features=2, **attributes):
    """The model with fitted attributes set by hand."""
    vars(model).update({"n_features_in_": features} | attributes)
    return model


def partial(cls, one_target=False):
    """Mean (1, 2), deviation (2, 4), one direction, one target with slopes 3 and 0.5."""
    return by_hand(
        cls(1),
        _x_mean=np.array([1.0, 2.0]),
        _x_std=np.array([2.0, 4.0]),
        x_weights_=np.array([[1.0], [2.0]]),
        x_rotations_=np.array([[1.0], [2.0]]),
        coef_=np.array([[3.0, 0.5]]),
        intercept_=np.array([7.0]),
        _predict_1d=one_target,
    )


def waves(cls, weight, offset=0.0, **options):
    return by_hand(
        cls(n_components=1, **options), 1, random_weights_=np.array([[weight]]), random_offset_=np.array([offset])
    )


def sketch(**options):
    """Two features; the first degree puts them at 0 and 1, the second with its sign turned, the next both at 1."""
    return by_hand(
        PolynomialCountSketch(n_components=3, **options),
        indexHash_=np.array([[0, 1, 2], [1, 1, 0]])[:, : 2 + ("coef0" in options)],
        bitHash_=np.array([[1, -1, 1], [1, 1, 1]])[:, : 2 + ("coef0" in options)],
    )


W = np.array([[1.0, 2.0], [0.0, -1.0]])
SIZE, FIRST = np.sqrt(0.5), np.sqrt(1 / np.cosh(np.pi / 2))

CASES = {
    "GaussianRandomProjection": (
        by_hand(GaussianRandomProjection(2), components_=W),
        [[3, 4]],
        {"transformed": [[11, -4]]},
    ),
    "SparseRandomProjection": (
        by_hand(SparseRandomProjection(2), components_=csr_matrix(W)),
        [[3, 4], [0, 1]],
        {"transformed": [[11, -4], [2, -1]]},
    ),
    "NeighborhoodComponentsAnalysis": (
        by_hand(NeighborhoodComponentsAnalysis(2), components_=W),
        [[3, 4]],
        {"transformed": [[11, -4]]},
    ),
    # the inner values are 0.5 + 1 - 1 and 0.5 + 1
    "BernoulliRBM": (
        by_hand(BernoulliRBM(1), components_=np.array([[1.0, -1.0]]), intercept_hidden_=np.array([0.5])),
        [[1, 1], [1, 0]],
        {"transformed": [[1 / (1 + np.exp(-0.5))], [1 / (1 + np.exp(-1.5))]]},
    ),
    # (3, 6) is (1, 1) in deviations: 1 + 2; and 2 * 3 + 4 * 0.5 + 7
    "PLSRegression": (partial(PLSRegression), [[3, 6], [1, 2]], {"transformed": [[3], [0]], "predicted": [[15], [7]]}),
    "PLSRegression of one target": (partial(PLSRegression, True), [[3, 6]], {"transformed": [[3]], "predicted": [15]}),
    "PLSCanonical": (partial(PLSCanonical), [[3, 6]], {"transformed": [[3]], "predicted": [[15]]}),
    "CCA": (partial(CCA), [[3, 6]], {"transformed": [[3]], "predicted": [[15]]}),
    "PLSSVD": (partial(PLSSVD), [[3, 6], [3, 2]], {"transformed": [[3], [1]]}),
    # a quarter turn for each 1, however many
    "RBFSampler": (
        waves(RBFSampler, np.pi / 2),
        [[0], [1], [2], [1_000_000], [999_998]],
        {"transformed": [[np.sqrt(2)], [0], [-np.sqrt(2)], [np.sqrt(2)], [-np.sqrt(2)]]},
    ),
    "RBFSampler with an offset": (waves(RBFSampler, 0.0, np.pi), [[5]], {"transformed": [[-np.sqrt(2)]]}),
    # ln(x + 1) is 0 and ln 2
    "SkewedChi2Sampler": (
        waves(SkewedChi2Sampler, np.pi / np.log(2)),
        [[0], [1]],
        {"transformed": [[np.sqrt(2)], [-np.sqrt(2)]]},
    ),
    "SkewedChi2Sampler of 0.5": (
        waves(SkewedChi2Sampler, np.pi, skewedness=0.5),
        [[0.5]],
        {"transformed": [[np.sqrt(2)]]},
    ),
    # steps of 0.5; ln 1 is 0, so the cosine is 1 and the sine 0; 0 stays 0
    "AdditiveChi2Sampler": (
        by_hand(AdditiveChi2Sampler(), 1),
        [[1], [0], [np.exp(2 * np.pi)]],
        {
            "transformed": [
                [SIZE, FIRST, 0],
                [0, 0, 0],
                [SIZE * np.exp(np.pi), -FIRST * np.exp(np.pi), 0],
            ]
        },
    ),
    "AdditiveChi2Sampler of one step": (by_hand(AdditiveChi2Sampler(sample_steps=1), 1), [[5]], {"transformed": [[2]]}),
    # (2, -3, 0) convolved with (0, 5, 0)
    "PolynomialCountSketch": (sketch(), [[2, 3]], {"transformed": [[0, 10, -15]]}),
    "PolynomialCountSketch with gamma": (sketch(gamma=4.0), [[2, 3]], {"transformed": [[0, 40, -60]]}),
    # (2, -3, 3) with (3, 5, 0): 2 * 3 + 3 * 5, 2 * 5 - 3 * 3, -3 * 5 + 3 * 3
    "PolynomialCountSketch with coef0": (sketch(coef0=9.0), [[2, 3]], {"transformed": [[21, 1, -6]]}),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, rtol=1e-5, atol=2e-6)


def rows(count=80, features=5, seed=0):
    return np.random.default_rng(seed).normal(0, 1, (count, features))


@pytest.mark.parametrize("components", [1, 2, 7, 64, 99])
@pytest.mark.parametrize("degree", [1, 2, 5])
def test_a_sketch_of_any_size(components, degree, tmp_path):
    model = PolynomialCountSketch(degree=degree, n_components=components, coef0=0.5, random_state=0).fit(rows())
    assert bl.export(model, tmp_path / "model.mlpackage", sample=rows()).parity.passed


def test_a_sketch_in_several_blocks(tmp_path):
    X = rows(20, 100)
    model = PolynomialCountSketch(n_components=1_000, random_state=0).fit(X)
    assert bl.export(model, tmp_path / "model.mlpackage", sample=X).parity["transformed"].worst_relative < 2e-6


@pytest.mark.parametrize("size", [1e-6, 1.0, 100.0, 3e3])
def test_waves_keep_their_digits_however_far_they_run(size, tmp_path):
    model = RBFSampler(n_components=50, random_state=0).fit(rows())
    assert bl.export(model, tmp_path / "model.mlpackage", sample=rows() * size).parity.passed


def test_what_is_drawn_at_random_carries_nothing(tmp_path):
    for index, cls in enumerate((GaussianRandomProjection, SparseRandomProjection, RBFSampler, PolynomialCountSketch)):
        model = cls(n_components=3, random_state=0).fit(rows())
        assert bl.export(model, tmp_path / f"{index}.mlpackage", sample=rows()).carries.kind == "none"


def test_an_unfitted_sampler_is_refused_though_scikit_learn_would_run_it(tmp_path):
    with pytest.raises(bl.NotExportable, match="not-fitted"):
        bl.export(AdditiveChi2Sampler(), tmp_path / "model.mlpackage", sample=np.abs(rows()))
