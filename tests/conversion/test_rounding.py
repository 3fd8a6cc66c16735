"""Models that refuse numbers beyond the range they were fitted on, where rounding to float32 has moved one out of it; and
models that give no columns at all."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import NMF, PCA, KernelPCA, LatentDirichletAllocation
from sklearn.impute import SimpleImputer
from sklearn.kernel_approximation import Nystroem
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, PowerTransformer, SplineTransformer

import beyondlabels as bl
from beyondlabels.conversion import sample as samples
from beyondlabels.mil.blocks import builder

X = np.random.default_rng(1).normal(30, 1, (300, 4))
NARROW = X.astype(np.float32).astype(float)


def nmf():
    return NMF(2, init="random", random_state=0, tol=1e-2)


AT_THE_EDGE = {
    "factors": lambda: make_pipeline(MinMaxScaler(), nmf()),
    "factors, handed on": lambda: make_pipeline(MinMaxScaler(), nmf(), PCA(1)),
    "factors in a union": lambda: make_pipeline(MinMaxScaler(), make_union(nmf(), PCA(1))),
    "topics": lambda: make_pipeline(MinMaxScaler(), LatentDirichletAllocation(2, max_iter=2, random_state=0)),
    "a kernel of shares": lambda: make_pipeline(
        MinMaxScaler(), Nystroem(kernel="chi2", n_components=4, random_state=0)
    ),
    "splines": lambda: SplineTransformer(extrapolation="error"),
}


@pytest.mark.parametrize("make", AT_THE_EDGE.values(), ids=AT_THE_EDGE)
def test_the_outermost_numbers_are_rounded_inwards(make, tmp_path):
    model = make().fit(X)
    with pytest.raises(ValueError, match=r"(?i)negative values|beyond the limits"):
        model.transform(NARROW)  # or this would test nothing
    result = bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert bl.runtime.check(result.path).passed
    found = bl.runtime.load(result.path).predict({"x": X})["transformed"]
    np.testing.assert_allclose(found, model.transform(X), rtol=1e-3, atol=1e-4)


def test_what_is_really_out_of_range_is_said():
    """By the model, as before: it is no matter of rounding."""
    model = make_pipeline(MinMaxScaler(), nmf()).fit(X)
    with pytest.raises(bl.BadInput, match="step 'nmf': Negative values in data"):
        bl.export(model, "a.mlpackage", sample=X - 1)


def test_nothing_else_is_moved(tmp_path):
    """A model that takes the rounded numbers is compared on those."""
    result = bl.export(PCA(1).fit(X), tmp_path / "a.mlpackage", sample=X)
    change = np.abs(NARROW - X).max()
    assert any(f"no value by more than {change:.1e}" in limit.detail for limit in result.limits)


def test_rounding_inwards():
    given = np.array([[0.1, 0.6, 7.3, np.nan], [0.5, 0.25, 7.3, np.nan], [0.2, 0.3, 7.3, 1.0]])
    made = samples.checked(given, PCA(), 4, nan=True)
    inner = made.rounded_inwards()
    assert inner.rounded_inwards() is inner
    moved = inner.rows != made.rows
    moved[np.isnan(given)] = False
    assert np.argwhere(moved).tolist() == [[0, 1]]  # 0.1 and 0.6 are rounded upwards; 7.3 has no room
    assert inner.rows[0, 1] == np.nextafter(np.float32(0.6), np.float32(0))
    assert np.isnan(inner.rows[:2, 3]).all()
    whole = samples.checked(NARROW, PCA(), 4)
    assert whole.rounded_inwards() is whole


NOTHING_LEFT = {
    "no variance": (PCA("mle").fit(np.full((30, 3), 2.0)), "no component is left"),
    "no component": (PCA(0).fit(X), "no component is left"),
    "a kernel without variance": (
        KernelPCA(kernel="linear", remove_zero_eig=True).fit(np.full((30, 4), 2.0)),
        "no component is left",
    ),
}


@pytest.mark.parametrize(("model", "detail"), NOTHING_LEFT.values(), ids=NOTHING_LEFT)
def test_no_columns(model, detail, tmp_path):
    rows = np.full((30, model.n_features_in_), 2.0)
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model, tmp_path / "a.mlpackage", sample=rows)
    assert [each.detail for each in error.value.verdict.refused] == [detail]
    assert not list(tmp_path.iterdir())


class Nothing(FunctionTransformer):
    def transform(self, X):
        return np.asarray(X)[:, :0]


def test_no_columns_of_a_class_of_ones_own(tmp_path):
    bl.recipe(Nothing, outputs={"transformed": "transform"})(lambda model, x: {"transformed": builder().identity(x=x)})
    with pytest.raises(bl.NotExportable, match="transform gives no columns"):
        bl.export(Nothing().fit(X), tmp_path / "a.mlpackage", sample=X)


def test_box_cox_of_the_smallest_number(tmp_path):
    model = make_pipeline(MinMaxScaler((1e-3, 1)), PowerTransformer("box-cox")).fit(X)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=X).parity.passed


def test_pandas_own_missing_value(tmp_path):
    frame = pd.DataFrame(X, columns=list("abcd")).astype("Float64")
    frame.iloc[3, 1] = pd.NA
    model = SimpleImputer().fit(frame.to_numpy(np.float64, na_value=np.nan))
    result = bl.export(model, tmp_path / "a.mlpackage", sample=frame)
    assert result.parity.passed


@pytest.mark.parametrize("name", AT_THE_EDGE)
def test_step_by_step_too(name, tmp_path):
    """What the model computes inside, and the glass box beside it, on the same rows as the export."""
    model = AT_THE_EDGE[name]().fit(X)
    inside = bl.intermediate_values(model, X)
    if name == "splines":  # its recipe knows the function at the edge by itself
        assert inside.moved is None
    else:
        assert (inside.moved != NARROW).any()
        np.testing.assert_allclose(inside.moved, X, rtol=1e-6)
        np.testing.assert_array_equal(inside.outputs["transformed"], model.transform(inside.moved))
    path = bl.export(model, tmp_path / "a.mlpackage", sample=X).path
    box = bl.GlassBox(path, X, model=model)
    assert box.against_model
    assert all(each.passed for each in box.against_model)


def test_rows_that_the_model_takes_are_not_moved_step_by_step():
    assert bl.intermediate_values(PCA(1).fit(X), X).moved is None
    with pytest.raises(bl.BadInput, match="Negative values in data"):
        bl.intermediate_values(make_pipeline(MinMaxScaler(), nmf()).fit(X), X - 1)
