"""Feature steps and pipelines, against values worked out by hand and scikit-learn."""

import numpy as np
import pytest
from sklearn.preprocessing import Normalizer, StandardScaler

from beyondlabels.errors import BadInput, BadPackage
from runtime.older import models


def step(inputs, outputs, set_up):
    """A model of one step; inputs and outputs by name -> arguments of ``declare``."""
    spec = models.specification(1)
    for features, declared in ((spec.description.input, inputs), (spec.description.output, outputs)):
        for name, kind in declared.items():
            models.declare(features, name, *kind) if kind[0] != "dict" else models.declare(
                features, name, "dict", dtype=kind[1]
            )
    set_up(spec)
    return spec


def scaler(shift, scale, kind=("array", 3), made=None):
    def set_up(spec):
        spec.scaler.shiftValue.extend(shift)
        spec.scaler.scaleValue.extend(scale)

    return step({"x": kind}, {"y": made or kind}, set_up)


def test_scaler_is_scikit_learns(tmp_path):
    X = np.random.default_rng(0).normal(3, 2, (20, 3))
    fitted = StandardScaler().fit(X)
    found = models.saved(scaler(-fitted.mean_, 1 / fitted.scale_), tmp_path).predict({"x": X})["y"]
    np.testing.assert_allclose(found, fitted.transform(X), rtol=1e-12)


def test_scaler_of_one_value_and_of_none(tmp_path):
    assert models.saved(scaler([1.0], [2.0]), tmp_path).predict({"x": [1, 2, 3]})["y"].tolist() == [4, 6, 8]
    assert models.saved(scaler([], []), tmp_path).predict({"x": [1, 2, 3]})["y"].tolist() == [1, 2, 3]


def test_scaler_to_whole_numbers_refuses_what_would_be_lost(tmp_path):
    model = models.saved(scaler([1.0], [0.5], ("int64",)), tmp_path)
    assert model.predict({"x": [1, 3]})["y"].tolist() == [1, 2]
    with pytest.raises(BadInput, match="whole number"):
        model.predict({"x": 2})


@pytest.mark.parametrize(("number", "norm"), [(0, "max"), (1, "l1"), (2, "l2")])
def test_normalizer_is_scikit_learns(tmp_path, number, norm):
    X = np.abs(np.random.default_rng(1).normal(size=(10, 3)))
    X[3] = 0
    spec = step({"x": ("array", 3)}, {"y": ("array", 3)}, lambda s: setattr(s.normalizer, "normType", number))
    if number == 0:
        spec.normalizer.SetInParent()
    found = models.saved(spec, tmp_path).predict({"x": X})["y"]
    np.testing.assert_allclose(found, Normalizer(norm).fit_transform(X), rtol=1e-12)


def test_imputer_of_columns(tmp_path):
    def set_up(spec):
        spec.imputer.imputedDoubleArray.vector.extend([10.0, 20.0])
        spec.imputer.replaceDoubleValue = np.nan

    spec = step({"x": ("array", 2)}, {"y": ("array", 2)}, set_up)
    found = models.saved(spec, tmp_path).predict({"x": [[np.nan, 1.0], [2.0, np.nan]]})["y"]
    assert found.tolist() == [[10, 1], [2, 20]]


def test_imputer_of_a_value_that_stands_for_missing(tmp_path):
    def set_up(spec):
        spec.imputer.imputedInt64Value, spec.imputer.replaceInt64Value = 7, -1

    spec = step({"x": ("int64",)}, {"y": ("int64",)}, set_up)
    assert models.saved(spec, tmp_path).predict({"x": [-1, 4]})["y"].tolist() == [7, 4]


def test_imputer_of_texts_and_of_dicts(tmp_path):
    def texts(spec):
        spec.imputer.imputedStringValue, spec.imputer.replaceStringValue = "other", "?"

    spec = step({"x": ("string",)}, {"y": ("string",)}, texts)
    assert models.saved(spec, tmp_path).predict({"x": ["?", "b"]})["y"].tolist() == ["other", "b"]
    spec = step(
        {"x": ("dict", "string")},
        {"y": ("dict", "string")},
        lambda s: s.imputer.imputedStringDictionary.map.update({"a": 3.0}),
    )
    found = models.saved(spec, tmp_path).predict({"x": [{"b": 1}, {"a": float("nan")}]})["y"]
    assert found == [{"a": 3.0, "b": 1.0}, {"a": 3.0}]


def one_hot(sparse=False, unknown=0):
    def set_up(spec):
        spec.oneHotEncoder.stringCategories.vector.extend(["red", "green", "blue"])
        spec.oneHotEncoder.outputSparse, spec.oneHotEncoder.handleUnknown = sparse, unknown

    return step({"x": ("string",)}, {"y": ("dict", "int64") if sparse else ("array", 3)}, set_up)


def test_one_hot(tmp_path):
    found = models.saved(one_hot(), tmp_path).predict({"x": ["green", "red"]})["y"]
    assert found.tolist() == [[0, 1, 0], [1, 0, 0]]
    assert models.saved(one_hot(), tmp_path).predict({"x": "blue"})["y"].tolist() == [0, 0, 1]


def test_one_hot_as_a_dict_and_unknown_categories(tmp_path):
    assert models.saved(one_hot(True, 1), tmp_path).predict({"x": ["blue", "pink"]})["y"] == [{2: 1.0}, {}]
    assert models.saved(one_hot(False, 1), tmp_path).predict({"x": "pink"})["y"].tolist() == [0, 0, 0]
    with pytest.raises(BadInput, match="'pink' is none of the categories"):
        models.saved(one_hot(), tmp_path).predict({"x": "pink"})


def test_categorical_mapping_both_ways(tmp_path):
    def numbers(spec):
        spec.categoricalMapping.stringToInt64Map.map.update({"a": 3, "b": 5})

    def names(spec):
        spec.categoricalMapping.int64ToStringMap.map.update({3: "a"})
        spec.categoricalMapping.strValue = "unknown"

    model = models.saved(step({"x": ("string",)}, {"y": ("int64",)}, numbers), tmp_path)
    assert model.predict({"x": ["b", "a"]})["y"].tolist() == [5, 3]
    with pytest.raises(BadInput, match="none of the categories"):
        model.predict({"x": "c"})
    model = models.saved(step({"x": ("int64",)}, {"y": ("string",)}, names), tmp_path)
    assert model.predict({"x": [3, 4]})["y"].tolist() == ["a", "unknown"]


def test_dict_vectorizer_gives_the_example_of_the_specification(tmp_path):
    spec = step(
        {"x": ("dict", "string")},
        {"y": ("array", 4)},
        lambda s: s.dictVectorizer.stringToIndex.vector.extend(["a", "c", "b", "z"]),
    )
    model = models.saved(spec, tmp_path)
    assert model.predict({"x": {"a": 4, "c": 8}})["y"].tolist() == [4, 8, 0, 0]
    with pytest.raises(BadInput, match="the key 'q' has no place"):
        model.predict({"x": {"q": 1}})


def test_feature_vectorizer_and_extractor_made_by_coremltools(tmp_path):
    models.coremltools()
    from coremltools.models import datatypes
    from coremltools.models.array_feature_extractor import create_array_feature_extractor
    from coremltools.models.feature_vectorizer import create_feature_vectorizer

    spec, width = create_feature_vectorizer([("a", datatypes.Double()), ("b", datatypes.Array(2))], "y")
    assert width == 3
    found = models.saved(spec, tmp_path).predict({"b": [[2, 3], [5, 6]], "a": [1, 4]})["y"]
    assert found.tolist() == [[1, 2, 3], [4, 5, 6]]
    spec = create_array_feature_extractor([("x", datatypes.Array(4))], "y", [3, 0])
    assert models.saved(spec, tmp_path).predict({"x": [[1, 2, 3, 4]]})["y"].tolist() == [[4, 1]]
    spec.arrayFeatureExtractor.extractIndex[0] = 9
    with pytest.raises(BadPackage, match="value 9 of 4"):
        models.saved(spec, tmp_path).predict({"x": [1, 2, 3, 4]})


def test_identity(tmp_path):
    spec = step({"x": ("array", 2)}, {"x": ("array", 2)}, lambda s: s.identity.SetInParent())
    assert models.saved(spec, tmp_path).predict({"x": [1, 2]})["x"].tolist() == [1, 2]


def pipeline():
    """Imputer, one-hot, vectorizer, then a linear model: y = 2 number + 30 [green] + 100."""
    spec = step({"number": ("double",), "colour": ("string",)}, {"y": ("double",)}, lambda s: None)
    spec.description.predictedFeatureName = "y"

    def impute(s):
        s.imputer.imputedDoubleValue, s.imputer.replaceDoubleValue = 5.0, np.nan

    def vectorize(s):
        s.featureVectorizer.inputList.add(inputColumn="filled", inputDimensions=1)
        s.featureVectorizer.inputList.add(inputColumn="hot", inputDimensions=3)

    def linear(s):
        s.glmRegressor.weights.add().value.extend([2.0, 0.0, 30.0, 0.0])
        s.glmRegressor.offset.append(100.0)
        s.description.predictedFeatureName = "y"

    encoder = one_hot()
    encoder.description.input[0].name, encoder.description.output[0].name = "colour", "hot"
    spec.pipelineRegressor.pipeline.models.extend(
        [
            step({"number": ("double",)}, {"filled": ("double",)}, impute),
            encoder,
            step({"filled": ("double",), "hot": ("array", 3)}, {"all": ("array", 4)}, vectorize),
            step({"all": ("array", 4)}, {"y": ("double",)}, linear),
        ]
    )
    return spec


def test_a_pipeline_hands_features_on_by_name(tmp_path):
    model = models.saved(pipeline(), tmp_path)
    found = model.predict({"number": [1.0, np.nan], "colour": ["red", "green"]})
    assert found["y"].tolist() == [102, 140]
    values = model.values({"number": 1.0, "colour": "green"})
    assert values["hot"].tolist() == [0, 1, 0]
    assert values["all"].tolist() == [1, 0, 1, 0]
    assert [each.kind for each in model.program.operations] == [
        "imputer",
        "oneHotEncoder",
        "featureVectorizer",
        "glmRegressor",
    ]


def test_a_pipeline_that_does_not_connect_is_refused(tmp_path):
    spec = pipeline()
    spec.pipelineRegressor.pipeline.models[2].description.input[1].name = "cold"
    with pytest.raises(BadPackage, match="'cold'"):
        models.saved(spec, tmp_path)
    spec = pipeline()
    del spec.pipelineRegressor.pipeline.models[:]
    with pytest.raises(BadPackage):
        models.saved(spec, tmp_path)


def test_an_endless_nest_of_pipelines_is_refused(tmp_path):
    spec = pipeline()
    for _ in range(20):
        outer = step({"number": ("double",), "colour": ("string",)}, {"y": ("double",)}, lambda s: None)
        outer.pipeline.models.add().CopyFrom(spec)
        spec = outer
    with pytest.raises(BadPackage, match="nested"):
        models.saved(spec, tmp_path)


def test_nan_is_refused_where_nothing_deals_with_it(tmp_path):
    with pytest.raises(BadInput, match="not a finite"):
        models.saved(scaler([1.0], [2.0]), tmp_path).predict({"x": [1, np.nan, 3]})


def test_names_and_rows_must_fit(tmp_path):
    model = models.saved(pipeline(), tmp_path)
    with pytest.raises(BadInput, match="takes the inputs"):
        model.predict({"number": 1.0})
    with pytest.raises(BadInput, match="different numbers of rows"):
        model.predict({"number": [1.0, 2.0], "colour": ["red"]})
    with pytest.raises(BadInput, match="takes a text"):
        model.predict({"number": 1.0, "colour": 3})
    with pytest.raises(BadInput, match="expected a dict"):
        model.predict([1.0])
