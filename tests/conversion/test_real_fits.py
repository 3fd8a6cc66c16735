"""Parity on small real fits: every recipe on every kind of data that breaks a careless one.

``export`` compares on its own and raises; here scikit-learn's answers are computed once more and compared with what
the file gives, so that a fault in the comparison cannot hide one in the recipe.
"""

import warnings
from copy import deepcopy

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

import beyondlabels as bl
from beyondlabels.conversion.surrogates.nearest_core import NearestCorePoint

MODELS = {
    "kmeans": KMeans(3, n_init=2, random_state=0),
    "one group": KMeans(1, n_init=1, random_state=0),
    "mini batch": MiniBatchKMeans(3, n_init=2, random_state=0),
    "pca": PCA(),
    "one direction": PCA(1),
    "whitened": PCA(1, whiten=True),
    "standard": StandardScaler(),
    "mean only": StandardScaler(with_std=False),
    "std only": StandardScaler(with_mean=False),
    "min max": MinMaxScaler(),
    "min max clipped": MinMaxScaler((-3, 5), clip=True),
    "votes": KNeighborsClassifier(4),
    "votes by distance": KNeighborsClassifier(4, weights="distance"),
    "one neighbour": KNeighborsClassifier(1),
    "nearest core": NearestCorePoint(0.5),
    "scaled groups": make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)),
    "scaled directions": make_pipeline(MinMaxScaler(), StandardScaler(), PCA(1)),
    "projected groups": make_pipeline(StandardScaler(), PCA(1), MiniBatchKMeans(2, n_init=2, random_state=0)),
    "scaled votes": make_pipeline(StandardScaler(), KNeighborsClassifier(3)),
}


def groups(rows=60, features=3, seed=0):
    chance = np.random.default_rng(seed)
    return chance.normal(size=(rows, features)) + 5 * chance.integers(0, 3, (rows, 1))


def far():
    return groups() + 1e6


DATA = {
    "plain": groups,
    "one feature": lambda: groups(features=1),
    "many features": lambda: groups(features=60),
    "few rows": lambda: groups(rows=4),
    "float32": lambda: groups().astype(np.float32),
    "integers": lambda: np.round(groups() * 10).astype(np.int64),
    "bytes": lambda: np.clip(np.round(groups() * 10), 0, 255).astype(np.uint8),
    "truth values": lambda: groups() > 2,
    "a constant column": lambda: np.column_stack([groups(features=2), np.full(60, 7.25)]),
    "columns that are the same": lambda: np.repeat(groups(features=1), 3, axis=1),
    "duplicates": lambda: np.repeat(groups(rows=15), 4, axis=0),
    "ties": lambda: np.array([[x, y] for x in range(6) for y in range(6)], float),
    "far from 0": far,
    "far from 0, float32": lambda: far().astype(np.float32),
    "very far from 0": lambda: groups() * 1e3 + 1e8,
    "huge": lambda: groups() * 1e15,
    "tiny": lambda: groups() * 1e-12,
    "scales apart": lambda: groups() * [1e-6, 1.0, 1e6],
    "Fortran order": lambda: np.asfortranarray(groups()),
    "every other row": lambda: np.repeat(groups(), 2, axis=0)[::2],
}


# the share of rows that may tie: on a grid, and where three groups are found in two distinct rows
TIES = {"ties": 0.25, "truth values": 0.75}

# float32 has not the digits for these, and the tolerance does not know it
BEYOND_FLOAT32 = {("pca", "many features")}


def fitted(name, X):
    model, labels = clone(MODELS[name]), np.arange(len(X)) % 3
    if name == "nearest core":
        model.eps = 0.5 * float(np.std(np.asarray(X, np.float64)) or 1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X, labels)


def answers(model, outputs, X):
    """scikit-learn's own, but for distances to centres: there by subtraction, which keeps its digits far from 0."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return {name: answer(model, method, X) for name, method in outputs.items()}


def answer(model, method, X):
    """One output. Parameters that were fitted on float32 are used as float64 here too: only then is there one answer."""
    model = deepcopy(model)
    *before, last = [step for _, step in model.steps] if hasattr(model, "steps") else [model]
    for step in (*before, last):
        for name, value in vars(step).items():
            if getattr(value, "dtype", None) == np.float32:
                setattr(step, name, value.astype(np.float64))
    if isinstance(last, (KMeans, MiniBatchKMeans)):
        for step in before:
            X = step.transform(X)
        distances = np.sqrt(np.square(X[:, None] - last.cluster_centers_.astype(np.float64)).sum(axis=2))
        return distances if method == "transform" else distances.argmin(axis=1)
    return model.inverse_transform(model.transform(X)) if method == "inverse_transform" else getattr(model, method)(X)


def assert_same(found, wanted, name, X, ties):
    """Numbers to 1e-5 of the value and the output's size; labels but for a share of rows that tie."""
    wanted = np.asarray(wanted)
    assert found.shape == wanted.shape
    if name == "label":
        assert (found != wanted).mean() <= ties
        return
    size = np.sqrt(np.square(wanted).mean(axis=0)).max()
    least = np.abs(np.asarray(X, np.float64)).max() * 2.0**-24
    np.testing.assert_array_less(np.abs(found - wanted), 1e-5 * (np.abs(wanted) + max(size, least)) + 1e-300)


def pairs():
    for name in MODELS:
        for data in DATA:
            beyond = pytest.mark.xfail(
                (name, data) in BEYOND_FLOAT32, raises=bl.ParityFailed, strict=True, reason="float32"
            )
            yield pytest.param(name, data, marks=beyond, id=f"{name}-{data}")


@pytest.mark.parametrize(("name", "data"), list(pairs()))
def test_the_file_computes_what_the_model_computes(name, data, tmp_path):
    X = DATA[data]()
    model = fitted(name, X)
    result = bl.export(model, tmp_path / "real.mlpackage", sample=X)
    assert result.parity.passed
    found = bl.runtime.load(result.path).predict({"x": X})
    seen = X.astype(np.float32).astype(np.float64)
    for output, wanted in answers(model, result.outputs, seen).items():
        assert_same(found[output], wanted, output, X, TIES.get(data, 0.02))
    assert bl.runtime.check(result.path).passed


@pytest.mark.parametrize("name", ["kmeans", "pca", "scaled groups", "min max clipped", "scaled votes"])
def test_one_row_is_enough_of_a_sample(name, tmp_path):
    result = bl.export(fitted(name, groups()), tmp_path / "a.mlpackage", sample=groups()[:1])
    assert {part.rows for part in result.parity.values()} == {1}
    assert result.proof_rows >= 2
    assert bl.runtime.check(result.path).passed


@pytest.mark.parametrize("name", ["kmeans", "scaled directions", "scaled groups"])
def test_of_many_rows_10_000_are_compared_and_the_extreme_ones_always(name, tmp_path, monkeypatch):
    from beyondlabels.conversion import sample

    X = groups(rows=20_000)
    X[12_345], X[3] = 25, -25
    chosen = []
    whole = sample.compared_rows
    monkeypatch.setattr(sample, "compared_rows", lambda *given: chosen.append(whole(*given)) or chosen[-1])
    result = bl.export(fitted(name, X[:500]), tmp_path / "a.mlpackage", sample=X)
    assert {part.rows for part in result.parity.values()} == {10_000}
    seen = X.astype(np.float32).astype(np.float64)
    for extreme in [*seen.argmin(axis=0), *seen.argmax(axis=0)]:
        assert (chosen[0] == seen[extreme]).all(axis=1).any()
    assert len(np.unique(chosen[0], axis=0)) == 10_000
    np.testing.assert_array_equal(chosen[0], whole(seen))


def test_up_to_10_000_rows_are_all_compared(tmp_path):
    result = bl.export(fitted("kmeans", groups()), tmp_path / "a.mlpackage", sample=groups(rows=2_345))
    assert result.parity["label"].rows == 2_345


@pytest.mark.parametrize("target", ["iOS15", "iOS16", "iOS17", "iOS18"])
@pytest.mark.parametrize("name", ["kmeans", "scaled directions", "votes by distance", "nearest core"])
def test_every_target(name, target, tmp_path):
    X = groups()
    result = bl.export(fitted(name, X), tmp_path / "a.mlpackage", sample=X, target=target)
    package = bl.runtime.load(result.path)
    assert package.program.specification == {"iOS15": 6, "iOS16": 7, "iOS17": 8, "iOS18": 9}[target]
    assert result.smallest_os.startswith(target.replace("iOS", "iOS "))
    assert bl.runtime.check(result.path).passed


COLUMNS = ["длина", "Höhe 'x'", 'say "hi"']


def test_a_frame_with_names_of_other_scripts(tmp_path):
    frame = pd.DataFrame(groups(), columns=COLUMNS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the model is asked with the names it was fitted on
        result = bl.export(StandardScaler().fit(frame), tmp_path / "a.mlpackage", sample=frame)
    assert result.features == tuple(COLUMNS)
    assert bl.runtime.describe(bl.runtime.load(result.path))["features"] == COLUMNS
    found = bl.runtime.load(result.path).predict({"x": frame})["transformed"]
    np.testing.assert_allclose(found, StandardScaler().fit_transform(groups()), atol=1e-5)


@pytest.mark.parametrize(
    "form", [pd.DataFrame, lambda X: X.tolist(), lambda X: X.astype(object), lambda X: X.astype(">f8")]
)
def test_other_forms_of_a_sample(form, tmp_path):
    result = bl.export(fitted("kmeans", groups()), tmp_path / "a.mlpackage", sample=form(groups()))
    assert result.parity.passed


def test_a_read_only_sample_is_left_alone(tmp_path):
    X = groups()
    X.flags.writeable = False
    before = X.copy()
    bl.export(fitted("scaled directions", X), tmp_path / "a.mlpackage", sample=X)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("copy", [False, True])
def test_a_model_that_works_in_place_does_not_spoil_the_comparison(copy, tmp_path):
    X = groups()
    result = bl.export(StandardScaler(copy=copy).fit(X.copy()), tmp_path / "a.mlpackage", sample=X)
    np.testing.assert_array_equal(X, groups())
    found = bl.runtime.load(result.path).predict({"x": X})["transformed"]
    np.testing.assert_allclose(found, StandardScaler().fit_transform(X), atol=1e-5)


# ---- half precision --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["standard", "pca", "scaled directions", "min max"])
def test_half_precision_states_its_loss(name, tmp_path):
    X = groups()
    model = fitted(name, X)
    whole = bl.export(model, tmp_path / "whole.mlpackage", sample=X)
    half = bl.export(model, tmp_path / "half.mlpackage", sample=X, precision="float16")
    assert half.precision == "float16"
    worst = half.parity["transformed"]
    assert 1e-5 < worst.worst_relative <= 1e-2
    assert worst.worst_relative > 30 * whole.parity["transformed"].worst_relative
    touched = {limit.id: limit.detail for limit in half.limits}
    assert touched["float16-precision"] == half.parity.sentence()
    assert "float16" in bl.runtime.load(half.path).program.listing()
    assert bl.runtime.check(half.path).passed
    found = bl.runtime.load(half.path).predict({"x": X})["transformed"]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, model.transform(X), atol=0.05)


def test_half_precision_that_overflows_is_refused(penguins, tmp_path):
    """Squared distances between body masses in grams pass 65,504."""
    model = KMeans(3, n_init=2, random_state=0).fit(penguins)
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model, tmp_path / "a.mlpackage", sample=penguins, precision="float16")
    assert error.value.verdict.refused[-1].id == "float16-overflow"
    assert "first on row" in str(error.value)
    assert not list(tmp_path.iterdir())


def test_half_precision_that_overflows_where_no_output_shows_it(tmp_path):
    """The label alone would come out right: the infinite squared distance is never the smallest."""
    model = NearestCorePoint(1.0).fit([[0.0], [300.0]], [0, 1])
    sample = np.array([[0.0], [0.25], [0.5]])
    with pytest.raises(bl.NotExportable, match="overflows, first on row 0"):
        bl.export(model, tmp_path / "a.mlpackage", sample=sample, precision="float16")
    assert bl.export(model, tmp_path / "a.mlpackage", sample=sample).parity.passed


def test_half_precision_that_loses_too_much_fails_parity(tmp_path):
    """1000.3 cannot be told from 1000.5 in half precision, and the spread is 0.3."""
    X = groups() * 0.1 + 1000
    with pytest.raises(
        bl.ParityFailed, match=r"half precision loses too much: .*Export with precision='float32'"
    ) as error:
        bl.export(StandardScaler().fit(X), tmp_path / "a.mlpackage", sample=X, precision="float16")
    assert not error.value.parity.passed
    assert not list(tmp_path.iterdir())
