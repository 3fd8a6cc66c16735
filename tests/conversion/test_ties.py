"""Rows that may fall either way: they are counted, never compared, and never all there is to a comparison or a proof."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA, DictionaryLearning
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import Binarizer, KBinsDiscretizer, MinMaxScaler, SplineTransformer, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

import beyondlabels as bl
from beyondlabels.conversion import diagnosis
from beyondlabels.conversion.recipes.sklearn import edges
from beyondlabels.mil.blocks import builder
from beyondlabels.runtime.parity import ONLY_TIES, agreeing, compare

RANDOM = np.random.default_rng(0)
GRID = np.repeat(np.round(RANDOM.normal(size=(20, 3))), 4, axis=0)
ROWS = RANDOM.normal(size=(60, 2))


def every(name, rows):
    """Every row is a tie."""
    return np.ones(len(rows), bool)


def centres(*places):
    model = KMeans(len(places), n_init=1, random_state=0).fit(ROWS)
    model.cluster_centers_ = np.array(places, float)
    return model


BETWEEN = [[0.1, 0.2], [0.1, 0.2 - 1e-9]]  # two centres that float32 cannot tell apart


# ---- a comparison ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [np.int32, np.float64])
def test_a_comparison_of_ties_alone_does_not_pass(kind):
    wanted, other = np.arange(4).astype(kind), 7 + np.arange(4).astype(kind)
    part = compare({"a": wanted}, {"a": other}, 1e-5, every)["a"]
    assert (part.passed, part.ties, part.note) == (False, 4, ONLY_TIES)
    one_right = np.append(other[:3], wanted[3])
    part = compare({"a": wanted}, {"a": one_right}, 1e-5, every)["a"]
    assert (part.passed, part.ties, part.note) == (True, 3, "")


def test_rows_that_agree_without_the_scale_of_the_others():
    """0.02 beside 1000 is a rounding and beside 1 is not: without the row of 1000, which is off, it does not agree."""
    wanted = {"a": np.array([1000.0, 1.0, 1.0, 1.0])}
    found = {"a": np.array([1001.0, 1.02, 1.0, 1.0])}
    assert compare(wanted, {"a": np.array([1000.0, 1.0002, 1.0, 1.0])}, 1e-5)["a"].passed
    assert agreeing(wanted, found, 1e-4).tolist() == [2, 3]
    assert agreeing({"a": np.array([1, 2])}, {"a": np.array([2, 1])}, 1e-5).tolist() == []


def test_an_export_on_ties_alone_fails_and_says_so(tmp_path):
    """On this row both centres are as good, and the package takes the other one; rows made up around it fall both ways."""
    model = centres(*BETWEEN)
    row = np.array([[30.0, 0.199]])
    assert model.predict(row.astype(np.float32).astype(float)) == [1]
    with pytest.raises(
        bl.ParityFailed, match=r"nothing could be verified: output 'label': every row is a tie"
    ) as error:
        bl.export(model, tmp_path / "a.mlpackage", sample=row)
    assert "fault of the recipe" not in str(error.value)
    assert not list(tmp_path.iterdir())


# ---- a proof ---------------------------------------------------------------------------------------------------------


def test_a_proof_of_ties_holds_the_rows_on_which_the_package_agrees_and_is_said(tmp_path):
    result = bl.export(centres(*BETWEEN), tmp_path / "a.mlpackage", sample=ROWS)
    assert 0 < result.parity["label"].ties < len(ROWS)
    assert result.proof_rows >= 2
    assert "proof-of-ties" in [limit.id for limit in result.limits]
    assert bl.runtime.check(result.path).passed
    usual = bl.export(centres([0, 0], [1, 1]), tmp_path / "b.mlpackage", sample=ROWS)
    assert "proof-of-ties" not in [limit.id for limit in usual.limits]


def test_a_proof_on_which_the_package_always_falls_the_other_way_is_refused(tmp_path):
    """Atoms that are parallel to eight digits: scikit-learn takes one and the package another, on every row there could be."""
    X = np.random.default_rng(3).normal(size=(150, 4)) + 1e6
    model = DictionaryLearning(3, random_state=0, max_iter=20, transform_n_nonzero_coefs=2).fit(X)
    with pytest.raises(bl.ParityFailed, match=r"nothing can be proven: each of .* made-up rows is a tie"):
        bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert not list(tmp_path.iterdir())


def test_a_proof_that_does_not_hold_is_noticed_by_the_export(tmp_path, monkeypatch):
    """The rows of the proof are not those of the sample: they are compared too before anything is kept."""
    from beyondlabels.conversion import proof

    whole = proof.record

    def damaged(specification, digest, rows, expected, *rest):
        whole(specification, digest, rows, {name: value + 1 for name, value in expected.items()}, *rest)

    monkeypatch.setattr(proof, "record", damaged)
    with pytest.raises(bl.ParityFailed, match=r"output 'transformed' on row \d+ of the proof"):
        bl.export(StandardScaler().fit(ROWS), tmp_path / "a.mlpackage", sample=ROWS)
    assert not list(tmp_path.iterdir())


CLASSIFIERS = {
    "LinearSVC": LinearSVC(),
    "SGDClassifier": SGDClassifier(random_state=0),
    "LogisticRegression": LogisticRegression(),
    "KNeighborsClassifier": KNeighborsClassifier(4),
}


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("X", [GRID, np.zeros((80, 3))], ids=["duplicates", "one row 80 times"])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_proof_of_a_classifier_holds_on_duplicates(name, X, classes, tmp_path):
    model = CLASSIFIERS[name].fit(X, np.arange(80) % classes)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=X)
    checked = bl.runtime.check(result.path)
    assert checked.passed, str(checked)
    assert checked.rows >= 2


@pytest.mark.parametrize("third", [0.0, 1e-12])
def test_the_proof_of_a_linear_classifier_holds_between_two_classes(third, tmp_path):
    """Two of three scores are the same, or the same to twelve digits, on every row."""
    model = LinearSVC().fit(GRID, np.arange(80) % 3)
    model.coef_ = np.array([[1 / 3, -1 / 3, 1e-9], [1 / 3, -1 / 3 - third, 1e-9], [0.0, 0.0, 0.01]])
    model.intercept_ = np.zeros(3)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=GRID)
    assert bl.runtime.check(result.path).passed


# ---- why it failed ---------------------------------------------------------------------------------------------------


def test_a_failure_of_float32_is_named_as_such_with_its_way_out(tmp_path):
    """Whitening divides by spreads a hundred thousand times smaller than the largest, which float32 has rounded away."""
    turned = np.linalg.qr(RANDOM.normal(size=(8, 8)))[0]
    X = RANDOM.normal(size=(100, 8)) * np.geomspace(1, 1e-5, 8) @ turned
    with pytest.raises(bl.ParityFailed) as error:
        bl.export(PCA(whiten=True).fit(X), tmp_path / "a.mlpackage", sample=X)
    said = str(error.value)
    assert "fault of the recipe" not in said
    assert "float32 has not the digits" in said or "the rows have not the digits" in said
    assert "StandardScaler as the first step" in said
    scales = RANDOM.normal(size=(100, 8)) * np.geomspace(1, 1e-5, 8)
    scaled = make_pipeline(StandardScaler(), PCA(whiten=True)).fit(scales)
    assert bl.export(scaled, tmp_path / "a.mlpackage", sample=scales).parity.passed  # the way out leads out


@pytest.mark.parametrize("model", [StandardScaler(), make_pipeline(StandardScaler()), MinMaxScaler()], ids=str)
def test_a_scaler_is_not_told_to_scale_first(model):
    assert "StandardScaler" not in diagnosis.advice(model)
    assert "StandardScaler as the first step" in diagnosis.advice(make_pipeline(PCA(1), model))


class Doubler:
    def fit(self, X):
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X):
        return 2 * X


def test_a_wrong_recipe_is_named_as_such(tmp_path):
    bl.recipe(Doubler, outputs={"transformed": "transform"}, fitted=lambda model: True)(
        lambda model, x: {"transformed": builder().mul(x=x, y=np.float32(2.001))}
    )
    with pytest.raises(
        bl.ParityFailed, match=r"In float64 the same program is off too: .* or this is a fault of the recipe"
    ):
        bl.export(Doubler().fit(ROWS), tmp_path / "a.mlpackage", sample=ROWS)


def test_a_failure_that_cannot_be_explained_is_raised_all_the_same():
    part = compare({"a": np.ones(3)}, {"a": np.zeros(3)}, 1e-5)["a"]

    def breaks(*given):
        raise RuntimeError("by hand")

    judge = SimpleNamespace(model=Doubler(), run=breaks, compare=breaks, answers=breaks)
    assert "a fault of the recipe" in diagnosis.cause(None, part, judge, ROWS, {"a": np.ones(3)})


def test_rows_half_a_unit_away():
    moved = diagnosis.nudge(np.full((50, 2), 3.0))
    assert set(np.abs(moved / 3 - 1).ravel()) <= {2.0**-24}
    assert (moved > 3).any()
    assert (moved < 3).any()


# ---- a step that jumps behind one that rounds ------------------------------------------------------------------------

# An option since scikit-learn 1.7.
QUANTILE = {"quantile_method": "averaged_inverted_cdf"} if "quantile_method" in KBinsDiscretizer().get_params() else {}
SPREAD = np.random.default_rng(7).normal(size=(90, 3))
JUMPING = {
    "bins": make_pipeline(PCA(2), KBinsDiscretizer(4, encode="ordinal", **QUANTILE)),
    "bins, then groups": make_pipeline(PCA(1), KBinsDiscretizer(3, encode="ordinal", **QUANTILE), KMeans(2, n_init=1)),
    "bins in a union": make_union(make_pipeline(PCA(1), KBinsDiscretizer(3, **QUANTILE)), StandardScaler()),
    "threshold": make_pipeline(PCA(1), Binarizer()),
    "tree": make_pipeline(PCA(2), DecisionTreeRegressor(random_state=0)),
}


@pytest.mark.parametrize("name", JUMPING)
def test_a_row_at_an_edge_behind_a_step_that_rounds_is_a_tie(name, tmp_path):
    """The edges of bins are training values: what float32 makes of such a row may lie on either side."""
    model = JUMPING[name].fit(SPREAD, SPREAD[:, 0])
    result = bl.export(model, tmp_path / "a.mlpackage", sample=SPREAD)
    assert all(part.ties < 20 for part in result.parity.values())
    assert bl.runtime.check(result.path).passed


def test_bins_of_the_rows_themselves_have_no_ties(tmp_path):
    """A float32 row falls into the bin that float64 edges give it: nothing is excused there."""
    model = KBinsDiscretizer(4, encode="ordinal", **QUANTILE).fit(SPREAD)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=SPREAD).parity["transformed"].ties == 0


def test_what_moves_gently_is_no_jump():
    rows = np.linspace(-1, 1, 41)[:, None]
    assert not edges.moved(np.sin, rows, 1e-5).any()
    assert edges.moved(np.sign, rows, 1e-5).nonzero()[0].tolist() == [20]
    assert not edges.moved(lambda X: 50 * X, rows, 1e-6).any()


def test_a_row_that_the_model_refuses_a_little_further_is_a_tie(tmp_path):
    """A spline of degree 0 finds no basis just beyond its last knot, and scikit-learn raises."""
    whole = np.random.default_rng(0).integers(0, 21, (400, 4)).astype(float)
    model = make_pipeline(MinMaxScaler(), SplineTransformer(degree=0, n_knots=6)).fit(whole)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=whole).parity.passed

    def up_to_one(X):
        if (X > 1).any():
            raise ValueError("beyond 1")
        return X

    rows = np.linspace(-1, 1, 41)[:, None]
    assert edges.moved(up_to_one, rows, 1e-5).nonzero()[0].tolist() == [40]


def test_a_fault_behind_bins_is_not_excused(tmp_path, monkeypatch):
    """Only rows at an edge are ties: bins that are all one too high fail."""
    from beyondlabels.conversion.recipes.sklearn import quantiles

    whole = quantiles.starts
    monkeypatch.setattr(quantiles, "starts", lambda tables: whole(tables) - 1)
    with pytest.raises(bl.ParityFailed):
        bl.export(JUMPING["bins"].fit(SPREAD), tmp_path / "a.mlpackage", sample=SPREAD)
