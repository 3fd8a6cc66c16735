"""Solvers that run in the program: non-negative factorization, topics and sparse codes, worked out by hand."""

import numpy as np
import pytest
from sklearn.decomposition import (
    NMF,
    DictionaryLearning,
    LatentDirichletAllocation,
    MiniBatchDictionaryLearning,
    MiniBatchNMF,
    SparseCoder,
)
from sklearn.pipeline import make_pipeline

import beyondlabels as bl
from beyondlabels.mil.blocks import builder
from beyondlabels.mil.solvers import repeat
from conversion.by_hand import agrees


def having(model, **attributes):
    for name, value in attributes.items():
        setattr(model, name, np.array(value, float) if isinstance(value, list) else value)
    return model


def nmf(parts, cls=NMF, **options):
    width, count = len(parts[0]), len(parts)
    model = having(cls(count, **options), components_=parts, n_components_=count, n_features_in_=width)
    model._n_components = count  # what fit keeps for itself, beside the public attributes
    model._beta_loss = {"frobenius": 2, "kullback-leibler": 1, "itakura-saito": 0}[model.beta_loss]
    model._gamma = 0.5 if model._beta_loss == 0 else 1.0
    model._transform_max_iter = getattr(model, "transform_max_iter", None) or model.max_iter
    return model


def batches(parts, **options):
    return nmf(parts, MiniBatchNMF, **options)


def topics(words, prior=0.5, **options):
    return having(
        LatentDirichletAllocation(len(words), **options),
        components_=words,
        exp_dirichlet_component_=np.array(words, float),
        doc_topic_prior_=prior,
        n_features_in_=len(words[0]),
        n_batch_iter_=1,
    )


def coder(atoms, algorithm="omp", **options):
    atoms = np.array(atoms, float)
    return SparseCoder(atoms, transform_algorithm=algorithm, **options).fit(np.zeros((1, atoms.shape[1])))


def learned(cls, atoms, **options):
    return having(cls(len(atoms), **options), components_=atoms, n_features_in_=len(atoms[0]))


APART = [[1, 0], [0, 2]]  # x = w H has the one solution w = (x1, x2 / 2)
ALONE = [[1, 3]]  # and here the losses differ: x = (2, 6) is 2 H
PAIR = [[1, 0], [0.6, 0.8]]
AXES = [[1, 0], [0, 1]]

CASES = {
    "NMF": (nmf(APART), [[3, 4], [0, 2], [0, 0]], [[3, 2], [0, 1], [0, 0]]),
    # alpha counts once for each feature: l2 = 1, so x.h / (h.h + 1)
    "NMF, L2": (nmf(APART, alpha_W=0.5), [[3, 4]], [[3 / 2, 8 / 5]]),
    # l1 = 1, taken off x.h; what falls below 0 stays 0
    "NMF, L1": (nmf(APART, alpha_W=0.5, l1_ratio=1.0), [[3, 4], [0.5, 4]], [[2, 7 / 4], [0, 7 / 4]]),
    "NMF with a part that is 0": (nmf([[1, 0], [0, 0]]), [[3, 4]], [[3, 0]]),
    # parts that overlap: at w = (0, 5/4) the first part's slope is 3/4, upwards, so it stays 0
    "NMF at the edge": (nmf([[1, 0], [1, 1]], tol=1e-9), [[0.5, 2]], [[0, 5 / 4]]),
    "mu": (nmf(ALONE, solver="mu"), [[2, 6], [4, 2]], [[2], [1]]),  # x.h / h.h
    "mu, kullback-leibler": (
        nmf(ALONE, solver="mu", beta_loss="kullback-leibler"),
        [[2, 6], [4, 2]],
        [[2], [3 / 2]],  # sum of x / sum of h
    ),
    # the mean of x / h; the square root in the update lets it come near, no more than tol
    "mu, itakura-saito": (nmf(ALONE, solver="mu", beta_loss="itakura-saito"), [[2, 6]], [[2]]),
    # l1 = 2 is added once more in every sweep, as scikit-learn does: 8 / (4 + 2), then 8 / (4 + 4)
    "mu, kullback-leibler, L1": (
        nmf(ALONE, solver="mu", beta_loss="kullback-leibler", alpha_W=1.0, l1_ratio=1.0, max_iter=2),
        [[2, 6]],
        [[1]],
    ),
    "MiniBatchNMF": (batches(ALONE), [[2, 6], [4, 2]], [[2], [1]]),
    "MiniBatchNMF, kullback-leibler, L1": (
        batches(ALONE, beta_loss="kullback-leibler", alpha_W=1.0, l1_ratio=1.0),
        [[2, 6]],
        [[8 / 6]],
    ),
    # topics that share no word: each gets its own words and the prior
    "topics": (topics([[1, 0], [0, 1]]), [[3, 1], [0, 0]], [[0.7, 0.3], [0.5, 0.5]]),
    "one topic": (topics([[0.5, 0.5]]), [[3, 1]], [[1]]),
    "topics that say the same": (topics([[0.5, 0.5], [0.5, 0.5]]), [[3, 1]], [[0.5, 0.5]]),
    "one atom": (coder(PAIR), [[0, 1], [2, 0.1], [0, 0]], [[0, 0.8], [2, 0], [0, 0]]),
    # (0, 1) = 1.25 (0.6, 0.8) - 0.75 (1, 0); a row on an atom needs no second
    "two atoms": (
        coder(PAIR, transform_n_nonzero_coefs=2),
        [[0, 1], [2, 0], [-1, -1]],
        [[-0.75, 1.25], [2, 0], [-0.25, -1.25]],
    ),
    "an atom twice": (coder([[1, 0], [1, 0]], transform_n_nonzero_coefs=2), [[2, 5]], [[2, 0]]),
    "an atom that is not of length one": (coder([[2, 0], [0, 1]]), [[3, 1]], [[1.5, 0]]),
    "signs split": (
        coder(PAIR, transform_n_nonzero_coefs=2, split_sign=True),
        [[0, 1]],
        [[0, 1.25, 0.75, 0]],
    ),
    "threshold": (
        coder(PAIR, "threshold", transform_alpha=0.5),
        [[2, 0], [-2, 0], [0.1, 0]],
        [[1.5, 0.7], [-1.5, -0.7], [0, 0]],
    ),
    "threshold of 1 by default": (coder(AXES, "threshold"), [[3, 0.5]], [[2, 0]]),
    "threshold, positive": (
        coder(AXES, "threshold", transform_alpha=0.5, positive_code=True),
        [[2, -2]],
        [[1.5, 0]],
    ),
    # on axes the lasso is the threshold
    "lasso_cd": (coder(AXES, "lasso_cd", transform_alpha=0.5), [[2, -0.75]], [[1.5, -0.25]]),
    "lasso_lars": (coder(AXES, "lasso_lars", transform_alpha=0.5), [[2, -0.75]], [[1.5, -0.25]]),
    "lasso_cd, positive": (
        coder(AXES, "lasso_cd", transform_alpha=0.5, positive_code=True),
        [[2, -0.75]],
        [[1.5, 0]],
    ),
    # G w = b - 0.2 with G = (1 0.6; 0.6 1), b = (1, 1.4): w = (0.8 - 0.72, 1.2 - 0.48) / 0.64
    "lasso on atoms that overlap": (
        coder(PAIR, "lasso_lars", transform_alpha=0.2),
        [[1, 1]],
        [[0.125, 1.125]],
    ),
    "the alpha it was fitted with": (
        learned(DictionaryLearning, AXES, alpha=0.25, transform_algorithm="threshold"),
        [[1, 0]],
        [[0.75, 0]],
    ),
    "MiniBatchDictionaryLearning": (learned(MiniBatchDictionaryLearning, PAIR), [[0, 1]], [[0, 0.8]]),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, {"transformed": expected}, tmp_path, rtol=2e-5, atol=2e-6)


def test_rows_that_stop_together(tmp_path):
    """A row that converges slowly keeps the others going; given alone, each is what the model gives for it alone."""
    rows = np.abs(np.random.default_rng(0).normal(size=(40, 6)))
    model = NMF(4, init="random", random_state=0, max_iter=300).fit(rows)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=rows)
    package = bl.runtime.load(result.path)
    for given in (rows, rows[:1], rows[7:9]):
        seen = given.astype(np.float32).astype(float)
        np.testing.assert_allclose(package.predict({"x": seen})["transformed"], model.transform(seen), atol=1e-5)
    assert next(limit.id for limit in result.limits) == "solver-stops"
    assert result.verdict.kind == "iterative"


def test_documents_stop_on_their_own(tmp_path):
    words = np.random.default_rng(0).poisson(2, size=(60, 8)).astype(float)
    model = LatentDirichletAllocation(3, random_state=0, max_iter=5, mean_change_tol=1e-6).fit(words)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=words)
    package = bl.runtime.load(result.path)
    together = package.predict({"x": words})["transformed"]
    alone = np.concatenate([package.predict({"x": row[None]})["transformed"] for row in words])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert result.parity["transformed"].worst_relative < 2e-5


def test_a_loop_ends_where_it_is_told(tmp_path):
    """Once in any case, then while told, and never more often than allowed."""

    def doubled(most, below):
        class Doubled:
            n_features_in_ = 1

            def transform(self, X):
                X = np.array(X)
                for count in range(most):
                    if count and np.abs(X).max() >= below:
                        break
                    X = 2 * X
                return X

        @bl.recipe(Doubled, outputs={"transformed": "transform"})
        def write(model, x):
            mb = builder()
            size = lambda x: mb.reduce_max(x=mb.abs(x=x), axes=[0, 1], keep_dims=False)  # noqa: E731
            start = mb.identity(x=x)
            (done,) = repeat(
                lambda count, x: (mb.mul(x=x, y=np.float32(2)),),
                (start,),
                most,
                lambda x: mb.less(x=size(x), y=np.float32(below)),
            )
            return {"transformed": done}

        return Doubled()

    for most, below in ((10, 20.0), (3, 1e9), (10, 0.0)):
        folder = tmp_path / f"{most}-{below}.mlpackage"
        assert bl.export(doubled(most, below), folder, sample=[[1.0], [3.0]]).parity.passed


REFUSED = {
    "lars": (coder(AXES, "lars"), "transform_algorithm='lars'"),
    "positive path": (coder(AXES, "lasso_lars", positive_code=True), "positive_code=True with lasso_lars"),
    "short path": (coder(AXES, "lasso_lars", transform_max_iter=7), "transform_max_iter=7"),
    "dependent atoms": (coder([[1, 0], [1, 1e-3]], "lasso_cd"), "lasso_cd over atoms that nearly depend"),
    "more atoms than features": (coder([*PAIR, [0, 1]], "lasso_lars"), "lasso_lars over 3 atoms for 2 features"),
    "shuffled": (nmf(APART, shuffle=True), "shuffle=True"),
}


@pytest.mark.parametrize(("model", "detail"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name(model, detail):
    verdict = bl.assess(model)
    assert [limit.id for limit in verdict.refused] == ["option-not-covered"]
    assert verdict.refused[0].detail.startswith(detail)


def test_a_shuffle_that_the_solver_does_not_use_is_no_reason():
    assert bl.assess(nmf(ALONE, solver="mu", shuffle=True)).exportable


def test_a_coder_is_fitted_when_it_knows_how_wide_its_rows_are():
    """scikit-learn lets it transform before fit; only up to 1.7 has it the width of its rows by then."""
    coder = SparseCoder(np.eye(2))
    wanted = [] if hasattr(coder, "n_features_in_") else ["not-fitted"]
    refused = bl.assess(coder).refused
    assert [limit.id for limit in refused] == wanted
    assert all(limit.what == "It is not known how many columns the model takes." for limit in refused)
    assert bl.assess(coder.fit(np.eye(2))).exportable


def test_negative_rows_are_refused_by_the_model(tmp_path):
    with pytest.raises(bl.BadInput, match=r"[Nn]egative"):
        bl.export(nmf(APART), tmp_path / "a.mlpackage", sample=[[1.0, -1.0]])


def test_what_is_carried():
    results = {name: model for name, (model, _, _) in CASES.items()}
    from beyondlabels.conversion.registry import find_recipe

    def carried(name):
        return find_recipe(results[name]).carries(results[name]).kind

    assert carried("one atom") == "none"
    assert carried("NMF") == carried("topics") == carried("MiniBatchDictionaryLearning") == "statistics"


def test_weights_go_back_through_a_pipeline(tmp_path):
    """NMF, then a direction in its weights: the reconstruction goes back through both."""
    from sklearn.decomposition import TruncatedSVD

    last = having(TruncatedSVD(1), components_=[[1, 0]], singular_values_=[1.0], n_features_in_=2)
    result = bl.export(make_pipeline(nmf(APART), last), tmp_path / "a.mlpackage", sample=[[3.0, 4.0]])
    found = bl.runtime.load(result.path).predict({"x": np.array([[3.0, 4.0]])})
    np.testing.assert_allclose(found["transformed"], [[3]], rtol=1e-5)
    np.testing.assert_allclose(found["reconstructed"], [[3, 0]], rtol=1e-5)
