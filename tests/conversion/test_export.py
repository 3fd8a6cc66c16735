"""What ``export`` takes and refuses, what it leaves on disk, and what it says of the package."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN, KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

import beyondlabels as bl
from beyondlabels.conversion import registry

X = np.random.default_rng(0).normal(size=(40, 3))
MODEL = make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(X)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.mlpackage"


# ---- the sample ------------------------------------------------------------------------------------------------------


def altered(value, row=2, column=1):
    rows = X.astype(object)
    rows[row, column] = value
    return rows


class Sparse:
    def tocsr(self):
        raise AssertionError("never asked")


BAD_SAMPLES = {
    "one axis": (X[0], r"has 1 axes; expected rows and features"),
    "three axes": (X[None], "has 3 axes"),
    "no axis": (3.0, "has 0 axes|not a table"),
    "no rows": (X[:0], "has no rows; pass at least one"),
    "too narrow": (X[:, :2], "has 2 features; the model was fitted on 3"),
    "too wide": (np.ones((2, 4)), "has 4 features; the model was fitted on 3"),
    "NaN": (altered(np.nan), r"value nan in row 2, column 1, is not a finite number; fill or drop it"),
    "None": (altered(None), r"value nan in row 2, column 1, is not a finite"),
    "infinite": (altered(np.inf), "value inf in row 2, column 1, is not a finite"),
    "beyond float32": (altered(1e39), r"value 1e\+39 in row 2, column 1, is larger than float32 can hold"),
    "an integer beyond float64": (altered(10**400), "not a table of numbers"),
    "text": (altered("five"), r"holds text \('five'\) in column 1; fit the model without that column"),
    "text of digits": (altered("5"), r"holds text \('5'\) in column 1"),
    "all text": (np.full((3, 3), "a"), r"holds text"),
    "ragged": ([[1, 2, 3], [1]], "not a table of numbers"),
    "complex": (X + 1j, "holds complex numbers"),
    "objects": (altered({}), "not a table of numbers"),
    "dates": (np.full((3, 3), np.datetime64("2026-01-01")), "not a table of numbers"),
    "sparse": (Sparse(), r"sparse matrix; pass sample\.toarray\(\)"),
    "nothing": (None, "the sample is None, not a table of numbers; pass an array or a DataFrame"),
    "a path": ("rows.csv", r"the sample is 'rows\.csv', not a table of numbers"),
    "a dict": ({"a": X, "b": X}, r"holds \['a', 'b'\] by name; the model takes one table: pass one of the arrays"),
    "pandas's own nothing": (altered(pd.NA), r"value nan in row 2, column 1, is not a finite"),
}


@pytest.mark.parametrize(("sample", "message"), BAD_SAMPLES.values(), ids=BAD_SAMPLES)
def test_a_sample_that_cannot_be_used(sample, message, path, tmp_path):
    with pytest.raises(bl.BadInput, match=message):
        bl.export(MODEL, path, sample=sample)
    assert not list(tmp_path.iterdir())


def test_bad_values_in_a_frame_are_named_by_column(path):
    frame = pd.DataFrame(X.copy(), columns=["länge", "b", "c"])
    frame.loc[1, "länge"] = np.inf
    with pytest.raises(bl.BadInput, match="in row 1, column 'länge', is not a finite"):
        bl.export(MODEL, path, sample=frame)
    text = pd.DataFrame({"a": [1.0], "island": ["Dream"], "c": [2.0]})
    with pytest.raises(bl.BadInput, match=r"holds text \('Dream'\) in column 'island'"):
        bl.export(MODEL, path, sample=text)


@pytest.mark.parametrize("columns", [["b", "a", "c"], ["a", "b", "C"], ["a", "b", "c "]])
def test_columns_in_another_order_or_by_another_name(columns, path):
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    model = StandardScaler().fit(frame)
    with pytest.raises(bl.BadInput, match=r"fitted on \['a', 'b', 'c'\], in this order"):
        bl.export(model, path, sample=pd.DataFrame(X, columns=columns))


@pytest.mark.parametrize(
    ("fit", "sample", "names"),
    [
        (pd.DataFrame(X, columns=["a", "b", "c"]), X, ("a", "b", "c")),
        (X, pd.DataFrame(X, columns=["a", "b", "c"]), ("a", "b", "c")),
        (X, X, ("x0", "x1", "x2")),
        (X, pd.DataFrame(X), ("0", "1", "2")),
    ],
    ids=["named model", "named sample", "no names", "numbers as names"],
)
def test_where_the_names_come_from(fit, sample, names, path):
    result = bl.export(StandardScaler().fit(fit), path, sample=sample)
    assert result.features == names
    metadata = bl.runtime.load(path).program.metadata
    assert json.loads(metadata["com.beyondlabels.features"]) == list(names)


def test_an_error_of_the_model_is_said_to_be_the_models(path, tmp_path):
    class Moody(StandardScaler):
        def transform(self, X):
            raise ValueError("not today")

    bl.recipe(Moody, outputs={"transformed": "transform"})(lambda model, x: {"transformed": x})
    with pytest.raises(bl.BadInput, match="the model itself cannot use the sample: not today"):
        bl.export(Moody().fit(X), path, sample=X)
    assert not list(tmp_path.iterdir())


# ---- options ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "iOS14"}, "target 'iOS14' is not known; choose one of iOS15, iOS16, iOS17, iOS18"),
        ({"target": None}, "target None is not known"),
        ({"precision": "float64"}, "precision 'float64' is not known; choose one of float32, float16"),
    ],
)
def test_unknown_options(options, message, path, tmp_path):
    with pytest.raises(bl.BadInput, match=message):
        bl.export(MODEL, path, sample=X, **options)
    assert not list(tmp_path.iterdir())


def test_steps_are_said_before_they_are_done(path):
    said = []
    bl.export(MODEL, path, sample=X, progress=said.append)
    assert said == [
        "writing the program",
        "asking the model for its own answers",
        "running the saved file and comparing",
    ]


@pytest.mark.parametrize("target", ["iOS15", "iOS17"])
@pytest.mark.parametrize("precision", ["float32", "float16"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_options_together(target, precision, overwrite, path):
    if overwrite:
        bl.export(MODEL, path, sample=X)
    made = bl.export(
        StandardScaler().fit(X), path, sample=X, target=target, precision=precision, name="Größe", overwrite=overwrite
    )
    assert (made.target, made.precision) == (target, precision)
    description = bl.runtime.describe(bl.runtime.load(path))["description"]
    assert description == "Größe: StandardScaler, exported from scikit-learn and verified by beyondlabels"
    assert "struct Größe" in made.swift
    assert bl.runtime.check(path).passed


# ---- refusals --------------------------------------------------------------------------------------------------------


def test_an_unfitted_model(path):
    with pytest.raises(bl.NotExportable, match=r"not-fitted: .*\(KMeans\) Call fit first") as error:
        bl.export(KMeans(), path, sample=X)
    assert [limit.id for limit in error.value.verdict.refused] == ["not-fitted"]


def test_a_subclass_is_refused_by_name(path):
    class MyKMeans(KMeans):
        pass

    verdict = bl.assess(MyKMeans(2, n_init=1).fit(X))
    assert verdict.kind == "impossible"
    assert re.search(r"MyKMeans, a subclass of the known KMeans$", verdict.refused[0].detail)
    with pytest.raises(bl.NotExportable, match="a subclass of the known KMeans"):
        bl.export(MyKMeans(2, n_init=1).fit(X), path, sample=X)


@pytest.mark.parametrize("model", [None, "KMeans", 3, KMeans, object(), {"a": 1}, np.ones(3), lambda x: x])
def test_what_is_no_model_at_all(model, path):
    verdict = bl.assess(model)
    assert not verdict.exportable
    assert verdict.refused[0].id == "no-recipe"
    with pytest.raises(bl.NotExportable):
        bl.export(model, path, sample=X)
    json.dumps(verdict.plain())


def test_a_refusal_in_a_pipeline_names_the_step():
    class Odd(StandardScaler):
        pass

    model = Pipeline([("scale", StandardScaler()), ("odd one", Odd()), ("groups", KMeans(2, n_init=1))]).fit(X)
    verdict = bl.assess(model)
    assert verdict.kind == "impossible"
    assert [limit.detail.partition(":")[0] for limit in verdict.refused] == ["step 'odd one'"]
    assert "a subclass of the known StandardScaler" in verdict.refused[0].detail


@pytest.mark.parametrize("steps", [[], [("a",)], None, [("a", None)], [("a", "passthrough"), ("b", KMeans())]])
def test_pipelines_that_make_little_sense_are_assessed_all_the_same(steps):
    verdict = bl.assess(Pipeline(steps))
    assert str(verdict)
    assert verdict._repr_html_()


def test_assess_never_raises():
    """Every estimator of scikit-learn as it is made by default, and again where it fits three columns of numbers."""
    import warnings

    from sklearn.utils import all_estimators

    seen = 0
    for _, cls in all_estimators():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # some say at once that they are deprecated
                model = cls()
        except TypeError:
            continue
        for each in (model, _fit_if_quick(model)):
            verdict = bl.assess(each)
            assert verdict.kind in ("exact", "iterative", "surrogate", "impossible")
            assert verdict.exportable == (verdict.kind in ("exact", "iterative") and not verdict.refused)
            json.dumps(verdict.plain())
            seen += 1
    assert seen > 300


def _fit_if_quick(model):
    quick = (KMeans, DBSCAN, PCA, StandardScaler, MinMaxScaler, KNeighborsClassifier)
    return model.fit(X[:10], np.arange(10) % 2) if type(model) in quick else model


# ---- recipes of one's own ----------------------------------------------------------------------------------------------


class Doubler(StandardScaler):
    """x * 2."""

    def transform(self, X):
        return np.asarray(X) * 2


@pytest.fixture
def doubler(monkeypatch):
    """Forget after the test what was registered in it."""
    monkeypatch.setattr(registry, "_RECIPES", dict(registry._RECIPES))
    return Doubler().fit(X)


def builder():
    from coremltools.converters.mil import Builder

    return Builder


def test_a_recipe_of_your_own(doubler, path):
    assert not bl.assess(doubler).exportable

    @bl.recipe(Doubler, outputs={"transformed": "transform"})
    def write(model, x):
        return {"transformed": builder().mul(x=x, y=np.float32(2))}

    result = bl.export(doubler, path, sample=X)
    np.testing.assert_allclose(bl.runtime.load(path).predict({"x": X})["transformed"], 2 * X, rtol=1e-6)
    assert result.carries.kind == "statistics"
    assert "does not say" in result.carries.summary
    assert callable(write)


def test_a_wrong_recipe_fails_parity_and_leaves_nothing(doubler, path, tmp_path):
    @bl.recipe(Doubler, outputs={"transformed": "transform"})
    def wrong(model, x):
        return {"transformed": builder().mul(x=x, y=np.float32(2.001))}

    with pytest.raises(
        bl.ParityFailed, match=r"output 'transformed' on row \d+ of the sample: .*Nothing was kept"
    ) as error:
        bl.export(doubler, path, sample=X)
    assert not list(tmp_path.iterdir())
    part = error.value.parity["transformed"]
    assert str(part.worst_row) in str(error.value)
    assert part.worst_absolute == pytest.approx(0.001 * np.abs(X).max(), rel=1e-3)


def test_a_wrong_recipe_leaves_what_was_there_before(doubler, path):
    bl.export(MODEL, path, sample=X)
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    bl.recipe(Doubler, outputs={"transformed": "transform"})(lambda model, x: {"transformed": x})
    with pytest.raises(bl.ParityFailed):
        bl.export(doubler, path, sample=X, overwrite=True)
    assert {file: file.read_bytes() for file in path.rglob("*") if file.is_file()} == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_recipe_of_another_shape_fails_parity(doubler, path):
    bl.recipe(Doubler, outputs={"transformed": "transform"})(
        lambda model, x: {"transformed": builder().reduce_sum(x=x, axes=[1], keep_dims=True)}
    )
    with pytest.raises(bl.ParityFailed, match=r"expected shape \(40, 3\), found \(40, 1\)"):
        bl.export(doubler, path, sample=X)


def test_a_later_recipe_replaces_an_earlier_one(doubler, path):
    bl.recipe(Doubler, outputs={"transformed": "transform"})(lambda model, x: {"transformed": x})
    bl.recipe(Doubler, outputs={"twice": "transform"})(lambda model, x: {"twice": builder().add(x=x, y=x)})
    assert bl.export(doubler, path, sample=X).outputs == {"twice": "transform"}


def test_a_parameter_beyond_float32_is_refused(path, tmp_path):
    model = StandardScaler().fit(X)
    model.scale_ = np.array([1.0, 1e39, 1.0])
    with pytest.raises(bl.NotExportable, match="a parameter of the model is not finite in float32"):
        bl.export(model, path, sample=X)
    assert not list(tmp_path.iterdir())


# ---- what is in the package --------------------------------------------------------------------------------------------


def files(path):
    return {file.relative_to(path): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_the_same_model_gives_the_same_bytes(precision, tmp_path):
    paths = [tmp_path / folder / "m.mlpackage" for folder in "ab"]
    for path in paths:
        path.parent.mkdir()
        bl.export(StandardScaler().fit(X), path, sample=X, precision=precision)
        bl.export(MODEL, path.with_name("other.mlpackage"), sample=X)
    for name in ("m.mlpackage", "other.mlpackage"):
        assert files(paths[0].with_name(name)) == files(paths[1].with_name(name))


def test_what_the_package_says_of_its_model(path):
    bl.export(MODEL, path, sample=X)
    facts = bl.runtime.describe(bl.runtime.load(path))["model"]
    assert facts["title"] == "StandardScaler → KMeans"
    assert facts["parameters"]["kmeans"]["n_clusters"] == 3
    assert set(facts["versions"]) == {"beyondlabels", "scikit-learn", "coremltools", "numpy", "python"}
    assert facts["versions"]["beyondlabels"] == bl.__version__


def test_parameters_that_are_arrays_are_not_copied_into_the_package(path):
    start = np.random.default_rng(1).normal(size=(3, 3))
    bl.export(KMeans(3, init=start, n_init=1).fit(X), path, sample=X)
    text = bl.runtime.describe(bl.runtime.load(path))["model"]["parameters"]["init"]
    assert len(text) <= 80
    model = KMeans(3, init=lambda X, k, random_state: X[:k], n_init=1).fit(X)
    bl.export(model, path, sample=X, overwrite=True)
    assert " at 0x" not in json.dumps(bl.runtime.describe(bl.runtime.load(path))["model"])


def test_proof_rows_lie_inside_the_sample_and_are_none_of_it(path):
    from beyondlabels.runtime.check import unpack

    sample = np.repeat(np.arange(40.0)[:, None], 3, axis=1)
    result = bl.export(StandardScaler().fit(sample), path, sample=sample)
    proof = json.loads(bl.runtime.load(path).program.metadata["com.beyondlabels.proof"])
    rows = unpack(proof["rows"])
    assert rows.shape == (result.proof_rows, 3) == (16, 3)
    assert not (rows[:, None] == sample[None]).all(axis=2).any()
    assert (rows >= sample.min(axis=0)).all()
    assert (rows <= sample.max(axis=0)).all()
    np.testing.assert_allclose(
        unpack(proof["expected"]["transformed"]), StandardScaler().fit(sample).transform(rows), atol=1e-6
    )


def test_wide_rows_make_a_shorter_proof(path):
    wide = np.random.default_rng(0).normal(size=(50, 800))
    result = bl.export(StandardScaler().fit(wide), path, sample=wide)
    assert 2 <= result.proof_rows < 16
    assert bl.runtime.check(path).rows == result.proof_rows


def test_no_training_row_is_in_a_package_of_centres(path):
    bl.export(MODEL, path, sample=X)
    content = b"".join(files(path).values())
    scaled = MODEL[0].transform(X)
    for rows in (X, scaled):
        assert not any(row.astype(np.float32).tobytes() in content for row in rows)


def test_rows_that_are_carried_are_counted_and_found_in_the_file(path):
    model = KNeighborsClassifier(3).fit(X, np.arange(40) % 2)
    result = bl.export(model, path, sample=X)
    assert (result.carries.kind, result.carries.rows) == ("rows", 40)
    assert result.carries.summary == "40 of your rows word for word (every training row)."
    assert "carries-rows" in [limit.id for limit in result.limits]
    content = b"".join(files(path).values())
    assert all(row.astype(np.float32).tobytes() in content for row in X)


@pytest.mark.parametrize(
    ("model", "kind", "summary"),
    [
        (KMeans(3, n_init=1, random_state=0), "statistics", "3 centres of 3 means each. None of your rows."),
        (KMeans(1, n_init=1), "statistics", "one centre of 3 means each. None of your rows."),
        (PCA(2), "statistics", "2 directions and the mean of 3 features. None of your rows."),
        (make_pipeline("passthrough"), "none", "Nothing of your rows."),
        (
            make_pipeline(StandardScaler(), KMeans(2, n_init=1)),
            "statistics",
            "the mean and standard deviation of 3 features. 2 centres of 3 means each. None of your rows.",
        ),
        (
            make_pipeline(StandardScaler(), KNeighborsClassifier(1)),
            "rows",
            "the mean and standard deviation of 3 features. 40 of your rows word for word (every training row).",
        ),
        (
            make_pipeline(StandardScaler(), MinMaxScaler(), PCA(2)),
            "statistics",
            "the mean and standard deviation of 3 features. The smallest and largest value of 3 features. "
            "2 directions and the mean of 3 features. None of your rows.",
        ),
        (
            MLPRegressor(hidden_layer_sizes=[200], max_iter=1),
            "statistics",
            "1,001 weights. None of your rows.",
        ),  # 3·200 + 200 + 200 + 1
    ],
)
def test_what_the_package_gives_away(model, kind, summary, path):
    result = bl.export(model.fit(X, np.arange(40) % 2), path, sample=X)
    assert (result.carries.kind, result.carries.summary) == (kind, summary)


def test_a_group_of_one_is_a_limit():
    lone = np.vstack([X, [[1000.0, 1000.0, 1000.0]]])
    verdict = bl.assess(KMeans(2, n_init=3, random_state=0).fit(lone))
    assert [limit.id for limit in verdict.limits] == ["group-of-one"]
    assert re.fullmatch(r"group [01]", verdict.limits[0].detail)
    carried = bl.carries(KMeans(2, n_init=3, random_state=0).fit(lone))
    assert (carried.kind, carried.rows) == ("rows", 1)
    assert carried.summary.endswith("One of them is of a group of one: 1 of your rows word for word.")
    near = bl.carries(MiniBatchKMeans(2, n_init=3, random_state=0).fit(lone))
    assert near.kind == "statistics"
    assert near.summary.endswith("One of them is of a group of one, and near that row.")
    behind = bl.assess(make_pipeline(StandardScaler(), KMeans(2, n_init=3, random_state=0)).fit(lone))
    assert behind.limits[0].detail.startswith("step 'kmeans': group ")
    assert bl.assess(MODEL).limits == ()


def test_a_score_that_means_nothing_is_left_out(path):
    flat = np.column_stack([X, X[:, :1]])
    model = PCA().fit(flat)
    verdict = bl.assess(model)
    assert "score" not in verdict.outputs
    assert [limit.id for limit in verdict.limits] == ["score-undefined"]
    assert set(bl.export(model, path, sample=flat).outputs) == {"transformed", "reconstructed"}
