"""Models put together in every wrong way: assessed and refused in our own words, naming the step and a way out."""

import re
import warnings

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans, MeanShift
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.feature_selection import RFE, SelectFromModel
from sklearn.frozen import FrozenEstimator
from sklearn.kernel_approximation import AdditiveChi2Sampler
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline, make_union
from sklearn.preprocessing import Binarizer, FunctionTransformer, Normalizer, StandardScaler

import beyondlabels as bl

X = np.random.default_rng(0).normal(size=(60, 4))


class Raises(BaseEstimator):
    """Has no parameters to give, as some wrappers of other libraries."""

    def get_params(self, deep=True):
        raise RuntimeError("by hand")


class RaisesAlways:
    """Whatever it is asked for."""

    def __getattr__(self, name):
        raise RuntimeError(f"by hand: {name}")


def scaler(X=X):
    return StandardScaler().fit(X)


def groups():
    return KMeans(3, n_init=1, random_state=0).fit(X)


def changed(model, **attributes):
    vars(model).update(attributes)
    return model


def pipe(**attributes):
    return changed(make_pipeline(StandardScaler(), KMeans(3, n_init=1, random_state=0)).fit(X), **attributes)


def union(**attributes):
    return changed(make_union(StandardScaler(), PCA(2)).fit(X), **attributes)


def columns(**attributes):
    parts = [("a", StandardScaler(), [0, 1])]
    return changed(ColumnTransformer(parts, remainder="passthrough").fit(X), **attributes)


def search(**attributes):
    return changed(GridSearchCV(KMeans(n_init=1), {"n_clusters": [2, 3]}, cv=2).fit(X), **attributes)


def without_steps():
    model = pipe()
    del model.steps
    return model


def in_itself():
    model = pipe()
    model.steps = [("a", scaler()), ("b", model)]
    return model


PAIRS = r"expected \(name, estimator\)"
LIST = r"expected a list of \(name, estimator\)"
# name -> (model, id of the limit, what its detail says)
REFUSED = {
    "steps is a model": (Pipeline(KMeans()), "malformed", f"steps is a KMeans; {LIST}"),
    "steps is a fitted model": (Pipeline(groups()), "malformed", f"steps is a KMeans; {LIST}"),
    "no steps": (Pipeline([]), "malformed", f"steps is empty; {LIST}"),
    "steps is None": (Pipeline(None), "malformed", "steps is None"),
    "steps is text": (Pipeline("scale"), "malformed", "steps is 'scale'"),
    "steps is a number": (Pipeline(3), "malformed", "steps is 3"),
    "steps is an array": (Pipeline(np.eye(3)), "malformed", "steps is a ndarray"),
    "steps is a dict": (Pipeline({"a": scaler()}), "malformed", "steps is a dict of 1"),
    "steps are gone": (without_steps(), "malformed", "steps is None"),
    "steps without names": (Pipeline([scaler(), groups()]), "malformed", rf"steps\[0\] is a StandardScaler; {PAIRS}"),
    "a step without a model": (Pipeline([("a",)]), "malformed", r"steps\[0\] is a tuple of 1"),
    "a step of three": (Pipeline([("a", scaler(), [0])]), "malformed", r"steps\[0\] is a tuple of 3"),
    "the second step is none": (Pipeline([("a", scaler()), groups()]), "malformed", r"steps\[1\] is a KMeans"),
    "a step is text": (Pipeline([("a", "drop"), ("b", groups())]), "malformed", "step 'a' is 'drop'"),
    "the last step is text": (Pipeline([("a", scaler()), ("b", "kmeans")]), "malformed", "step 'b' is 'kmeans'"),
    "a step is a class": (
        Pipeline([("a", StandardScaler)]),
        "malformed",
        r"step 'a' is the class StandardScaler.*\(\)",
    ),
    "a step is an array": (Pipeline([("a", np.eye(3)), ("b", groups())]), "no-recipe", "step 'a': numpy.ndarray"),
    "a step raises": (Pipeline([("a", Raises()), ("b", groups())]), "no-recipe", "step 'a': .*Raises"),
    "the last step raises": (Pipeline([("a", scaler()), ("b", Raises())]), "no-recipe", "step 'b': .*Raises"),
    "a step always raises": (
        Pipeline([("a", scaler()), ("b", RaisesAlways())]),
        "no-recipe",
        "step 'b': .*RaisesAlways",
    ),
    "a step not fitted": (
        Pipeline([("a", StandardScaler()), ("b", groups())]),
        "not-fitted",
        "step 'a': StandardScaler",
    ),
    "the last not fitted": (Pipeline([("a", scaler()), ("b", KMeans())]), "not-fitted", "step 'b': KMeans"),
    "nothing handed on": (
        Pipeline([("a", MeanShift().fit(X)), ("b", scaler())]),
        "option-not-covered",
        "step 'a': it hands nothing on",
    ),
    "malformed inside": (Pipeline([("a", Pipeline(KMeans()))]), "malformed", "step 'a': steps is a KMeans"),
    "empty inside": (Pipeline([("a", scaler()), ("b", Pipeline([]))]), "malformed", "step 'b': steps is empty"),
    "three deep": (
        make_pipeline(FrozenEstimator(FeatureUnion([("u", Pipeline([KMeans()]))]))),
        "malformed",
        r"step 'frozenestimator': step 'estimator': step 'u': steps\[0\] is a KMeans",
    ),
    "in itself": (in_itself(), "malformed", "step 'b' is a model that it lies in itself"),
    "a union of None": (FeatureUnion(None), "malformed", "transformer_list is None"),
    "a union of nothing": (FeatureUnion([]), "malformed", "transformer_list is empty"),
    "a union of a list of None": (FeatureUnion([None]), "malformed", rf"transformer_list\[0\] is None; {PAIRS}"),
    "a union with None": (FeatureUnion([("a", None)]), "malformed", "step 'a' is None"),
    "a union is a model": (FeatureUnion(scaler()), "malformed", "transformer_list is a StandardScaler"),
    "a union of models": (FeatureUnion([scaler()]), "malformed", r"transformer_list\[0\] is a StandardScaler"),
    "a union of text": (FeatureUnion([("a", "scale")]), "malformed", "step 'a' is 'scale'"),
    "a union that raises": (FeatureUnion([("a", Raises())]), "no-recipe", "step 'a': .*Raises"),
    "a union emptied": (union(transformer_list=None), "malformed", "transformer_list is None"),
    "weights of text": (union(transformer_weights={"pca": "x"}), "malformed", "transformer_weights is a dict of 1"),
    "weights in a list": (union(transformer_weights=[1, 2]), "malformed", "transformer_weights is a list of 2"),
    "a union without transform": (
        FeatureUnion([("a", MeanShift().fit(X)), ("b", scaler())]),
        "option-not-covered",
        "step 'a': it has no transform",
    ),
    "a union of two widths": (
        FeatureUnion([("a", scaler(X[:, :2])), ("b", scaler())]),
        "malformed",
        "different numbers of features: {'a': 2, 'b': 4}",
    ),
    "columns of nothing": (ColumnTransformer([]), "malformed", "transformers is empty"),
    "columns of None": (ColumnTransformer(None), "malformed", "transformers is None"),
    "columns of a model": (ColumnTransformer(scaler()), "malformed", "transformers is a StandardScaler"),
    "columns left out": (ColumnTransformer([("a", scaler())]), "malformed", r"transformers\[0\] is a tuple of 2"),
    "columns of four": (
        ColumnTransformer([("a", scaler(), [0], 1)]),
        "malformed",
        r"transformers\[0\] is a tuple of 4",
    ),
    "columns not fitted": (ColumnTransformer([("a", scaler(), [0])]), "not-fitted", "ColumnTransformer"),
    "fitted columns gone": (columns(transformers_=None), "malformed", "transformers_ is None"),
    "fitted columns of two": (
        columns(transformers_=[("a", scaler())]),
        "malformed",
        r"transformers_\[0\] is a tuple of 2",
    ),
    "beyond the columns": (
        columns(_transformer_to_input_indices={"a": [0, 9], "remainder": [2, 3]}),
        "malformed",
        r"step 'a': columns \[0, 9\] are no numbers of the 4 features",
    ),
    "columns by other names": (
        columns(_transformer_to_input_indices={"a": ["x"], "remainder": [2, 3]}),
        "malformed",
        r"step 'a': columns \['x'\]",
    ),
    "columns of another width": (
        columns(transformers_=[("a", scaler(), [0, 1])]),
        "malformed",
        "step 'a': it was fitted on 4 features and is given 2",
    ),
    "columns of text": (columns(transformers_=[("a", "scale", [0, 1])]), "malformed", "step 'a' is 'scale'"),
    "another remainder": (columns(transformers_=[("remainder", "x", [0])]), "malformed", "step 'remainder' is 'x'"),
    "a search for text": (GridSearchCV("kmeans", {}), "malformed", "step 'estimator' is 'kmeans'"),
    "a search for None": (GridSearchCV(None, {}), "malformed", "step 'estimator' is None"),
    "a search for a class": (GridSearchCV(KMeans, {}), "malformed", "step 'estimator' is the class KMeans"),
    "a random search for text": (RandomizedSearchCV("kmeans", {}), "malformed", "step 'estimator' is 'kmeans'"),
    "a search that found text": (search(best_estimator_="x"), "malformed", "step 'best_estimator_' is 'x'"),
    "a search that found None": (search(best_estimator_=None), "malformed", "step 'best_estimator_' is None"),
    "a search that found nothing fitted": (search(best_estimator_=KMeans()), "not-fitted", "KMeans"),
    "a search over nonsense": (
        GridSearchCV(Pipeline(KMeans()), {}),
        "malformed",
        "step 'estimator': steps is a KMeans",
    ),
    "frozen text": (FrozenEstimator("x"), "malformed", "step 'estimator' is 'x'"),
    "frozen None": (FrozenEstimator(None), "malformed", "step 'estimator' is None"),
    "frozen unfitted": (FrozenEstimator(KMeans()), "not-fitted", "FrozenEstimator"),
    "frozen nothing": (FrozenEstimator(Pipeline([])), "malformed", "step 'estimator': steps is empty"),
    "a selector for text": (SelectFromModel("x"), "not-fitted", "SelectFromModel"),
    "an elimination of None": (RFE(None), "not-fitted", "RFE"),
    "an error of None": (bl.ReconstructionError(None), "malformed", "step 'model' is None"),
    "an error of nothing": (bl.ReconstructionError(Pipeline([])), "malformed", "step 'model': steps is empty"),
    "an error of what passes by": (
        bl.ReconstructionError(Pipeline([("a", "passthrough")])),
        "no-reconstruction",
        "Pipeline",
    ),
    "an object that raises": (Raises(), "no-recipe", "Raises"),
    "an object that always raises": (RaisesAlways(), "no-recipe", "RaisesAlways"),
    "None": (None, "no-recipe", "builtins.NoneType"),
    "text": ("kmeans", "no-recipe", "builtins.str"),
    "a class": (KMeans, "no-recipe", "ABCMeta|type"),
    "a list": ([scaler(), groups()], "no-recipe", "builtins.list"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_our_own_words(name, tmp_path):
    model, limit, detail = REFUSED[name]
    verdict = bl.assess(model)
    assert not verdict.exportable
    first = verdict.refused[0]
    assert first.id == limit
    assert re.search(detail, first.detail), first.detail
    assert first.instead
    assert str(verdict)
    assert verdict._repr_html_()
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert error.value.verdict.plain() == verdict.plain()
    assert not list(tmp_path.iterdir())


ODD_BUT_SOUND = {
    "steps in a tuple": Pipeline((("a", scaler()), ("b", groups()))),
    "a step in a list": Pipeline([["a", scaler()], ["b", groups()]]),
    "numbers for names": Pipeline([(1, scaler()), (2, groups())]),
    "a name twice": Pipeline([("a", scaler()), ("a", groups())]),
    "None at the end": Pipeline([("a", scaler()), ("b", None)]),
    "a weight for nobody": union(transformer_weights={"nobody": 2.0}),
    "an error of a search": bl.ReconstructionError(GridSearchCV(PCA(), {"n_components": [2]}, cv=2).fit(X)),
}


@pytest.mark.parametrize("name", ODD_BUT_SOUND)
def test_what_looks_odd_and_works_is_exported(name, tmp_path):
    result = bl.export(ODD_BUT_SOUND[name], tmp_path / "a.mlpackage", sample=X)
    assert result.parity.passed
    assert bl.runtime.check(result.path).passed


def test_steps_that_do_not_fit_each_other_are_named(tmp_path):
    """Two features cannot be told from four before a row has gone through: then the model itself cannot use it."""
    model = Pipeline([("two", PCA(2).fit(X)), ("four", groups())])
    with pytest.raises(bl.BadInput, match="the model itself cannot use the sample: step 'four': "):
        bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lost", ["components_", "mean_", "explained_variance_"])
def test_an_attribute_that_fit_had_left_is_gone(lost, tmp_path):
    model = PCA(2).fit(X)
    delattr(model, lost)
    with pytest.raises((bl.NotExportable, bl.BadInput), match=f"{lost}|has not been fitted"):
        bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert not list(tmp_path.iterdir())


def test_a_recipe_that_stumbles_says_over_what(tmp_path):
    class Odd:
        def transform(self, X):
            return X

    def write(model, x):
        raise TypeError("not like this")

    bl.recipe(Odd, outputs={"transformed": "transform"}, fitted=lambda model: True, width=lambda model: None)(write)
    with pytest.raises(bl.NotExportable, match=r"malformed: .*reading it ends in TypeError: not like this") as error:
        bl.export(Odd(), tmp_path / "a.mlpackage", sample=X)
    assert isinstance(error.value.__cause__, TypeError)


def test_a_warning_that_python_was_told_to_raise_is_no_malformed_model(tmp_path):
    class Warner:
        def transform(self, X):
            return X

    def limits(model):
        warnings.warn("by hand", stacklevel=1)
        return ()

    bl.recipe(
        Warner, outputs={"transformed": "transform"}, fitted=lambda model: True, width=lambda model: None, limits=limits
    )(lambda model, x: {"transformed": x})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for use in (bl.assess, lambda model: bl.export(model, tmp_path / "a.mlpackage", sample=X)):
            with pytest.raises(UserWarning, match="by hand"):
                use(Warner())


def test_a_union_whose_first_part_is_dropped(tmp_path):
    union = FeatureUnion([("a", "drop"), ("b", PCA(1))]).fit(X)
    assert bl.assess(union).exportable
    assert bl.export(union, tmp_path / "a.mlpackage", sample=X).parity.passed
    with pytest.raises(bl.BadInput, match=f"the model was fitted on {X.shape[1]}"):
        bl.export(union, tmp_path / "b.mlpackage", sample=X[:, :2])


@pytest.mark.parametrize("model", [Normalizer(), Binarizer(), FunctionTransformer(), AdditiveChi2Sampler()], ids=str)
def test_what_scikit_learn_uses_without_a_fit_lacks_only_its_columns(model):
    (limit,) = bl.assess(model).refused
    assert limit.what == "It is not known how many columns the model takes."
    assert bl.assess(model.fit(np.abs(X))).exportable
    (other,) = bl.assess(KMeans()).refused
    assert other.what == "The model has not been fitted."
