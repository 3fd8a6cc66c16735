"""Recipes against outputs worked out by hand, on models whose attributes were set by hand.

Every case goes the whole way: written, saved, read back from the file, run.
"""

import numpy as np
import pytest
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

import beyondlabels as bl
from beyondlabels.conversion.surrogates.nearest_core import NearestCorePoint
from conversion.by_hand import agrees


def with_attributes(model, **attributes):
    for name, value in attributes.items():
        setattr(model, name, np.array(value) if isinstance(value, list) else value)
    return model


def kmeans(cls=KMeans):
    centres = [[0.0, 0.0], [3.0, 4.0]]
    return with_attributes(cls(2), cluster_centers_=centres, n_features_in_=2, _n_threads=1)


def pca(**options):
    """Two features, one direction (0.6, 0.8), variance 4 along it."""
    return with_attributes(
        PCA(1, **options),
        mean_=[1.0, 2.0],
        components_=[[0.6, 0.8]],
        explained_variance_=[4.0],
        noise_variance_=0.25,
        n_components_=1,
        n_features_in_=2,
    )


def standard(**options):
    model = with_attributes(StandardScaler(**options), mean_=[1.0, 10.0], scale_=[2.0, 5.0], n_features_in_=2)
    if options.get("with_mean") is False:
        model.mean_ = None
    if options.get("with_std") is False:
        model.scale_ = None
    return model


def min_max(low, high, clip=False):
    """Data from 10 to 20 and from -1 to 1."""
    scale = (high - low) / np.array([10.0, 2.0])
    lowest = np.array([10.0, -1.0])
    return with_attributes(
        MinMaxScaler((low, high), clip=clip),
        scale_=scale,
        min_=low - lowest * scale,
        data_min_=lowest,
        n_features_in_=2,
    )


def neighbours(count, weights="uniform"):
    """On one feature: classes 7, 7, 3 at 0, 1 and 4, and 9 at 10."""
    return KNeighborsClassifier(count, weights=weights).fit([[0.0], [1.0], [4.0], [10.0]], [7, 7, 3, 9])


def core():
    return NearestCorePoint(2.0).fit([[0.0, 0.0], [10.0, 0.0]], [0, 1])


ROOT = np.sqrt
ROWS = [[0.0, 0.0], [3.0, 4.0], [3.0, 0.0]]
# det of the precision: 1/4 along the direction, 1/0.25 across it: det = 1/4 * 4 = 1, so ln det is 0
SCORE = -np.log(2 * np.pi)
# scikit-learn 1.9 multiplies the directions by the deviation once more where PCA whitens: 4 (4 - 0.25) + 0.25 = 15.25
WHITE = SCORE + 0.5 * np.log(4 / 15.25)

CASES = {
    "KMeans": (kmeans(), ROWS, {"label": [0, 1, 0], "distances": [[0, 5], [5, 0], [3, 4]]}),
    "MiniBatchKMeans": (kmeans(MiniBatchKMeans), ROWS, {"label": [0, 1, 0], "distances": [[0, 5], [5, 0], [3, 4]]}),
    "KMeans, a tie goes to the first": (kmeans(), [[1.5, 2.0]], {"label": [0], "distances": [[2.5, 2.5]]}),
    "PCA": (
        pca(),
        [[1.0, 2.0], [1.6, 2.8], [1.8, 1.4]],
        {
            "transformed": [[0], [1], [0]],
            "reconstructed": [[1, 2], [1.6, 2.8], [1, 2]],
            # a step of 1 along the direction costs 1/4, a step of 1 across it costs 4, each halved
            "score": [SCORE, SCORE - 0.125, SCORE - 2],
        },
    ),
    "PCA that whitens": (
        pca(whiten=True),
        [[1.0, 2.0], [1.6, 2.8]],
        {"transformed": [[0], [0.5]], "reconstructed": [[1, 2], [1.6, 2.8]], "score": [WHITE, WHITE - 0.5 / 15.25]},
    ),
    "StandardScaler": (standard(), [[1.0, 10.0], [3.0, 0.0]], {"transformed": [[0, 0], [1, -2]]}),
    "StandardScaler without mean": (standard(with_mean=False), [[1.0, 10.0]], {"transformed": [[0.5, 2]]}),
    "StandardScaler without std": (standard(with_std=False), [[3.0, 0.0]], {"transformed": [[2, -10]]}),
    "StandardScaler without either": (
        standard(with_mean=False, with_std=False),
        [[3.0, 0.0]],
        {"transformed": [[3, 0]]},
    ),
    "MinMaxScaler": (min_max(0, 1), [[10.0, 1.0], [15.0, 2.0]], {"transformed": [[0, 1], [0.5, 1.5]]}),
    "MinMaxScaler to another range": (min_max(-1, 3), [[10.0, 1.0], [15.0, 2.0]], {"transformed": [[-1, 3], [1, 5]]}),
    "MinMaxScaler that clips": (min_max(-1, 3, True), [[0.0, 1.0], [15.0, 2.0]], {"transformed": [[-1, 3], [1, 3]]}),
    "one neighbour": (neighbours(1), [[0.4], [3.0], [100.0]], {"label": [7, 3, 9]}),
    "three neighbours": (neighbours(3), [[4.0], [100.0]], {"label": [7, 3]}),  # 3, 7 and 9 tie: the smallest class
    # at 3.5 the votes are 7: 1/2.5 + 1/3.5 = 0.69 and 3: 1/0.5 = 2; the majority says 7
    "neighbours by distance": (neighbours(3, "distance"), [[3.5]], {"label": [3]}),
    "neighbours by number": (neighbours(3), [[3.5]], {"label": [7]}),
    "a neighbour at no distance": (neighbours(3, "distance"), [[4.0]], {"label": [3]}),
    "nearest core point": (core(), [[1.0, 0.0], [2.0, 0.0], [2.01, 0.0], [9.0, 0.5]], {"label": [0, 0, -1, 1]}),
    "a pipeline": (
        Pipeline([("scale", standard()), ("groups", kmeans())]),
        [[1.0, 10.0], [7.0, 30.0]],
        {"label": [0, 1], "distances": [[0, 5], [5, 0]]},
    ),
    "a pipeline that passes through": (
        Pipeline([("nothing", "passthrough"), ("scale", standard()), ("also", None)]),
        [[3.0, 0.0]],
        {"transformed": [[1, -2]]},
    ),
    "a pipeline in a pipeline": (
        Pipeline([("first", Pipeline([("scale", standard())])), ("groups", kmeans())]),
        [[7.0, 30.0]],
        {"label": [1], "distances": [[5, 0]]},
    ),
    "distances scaled": (
        Pipeline([("groups", kmeans()), ("scale", standard())]),
        [[3.0, 0.0]],
        {"transformed": [[1, -1.2]]},
    ),
    "a reconstruction through the scaler": (
        Pipeline([("scale", standard()), ("pca", pca())]),
        [[3.0, 20.0], [4.2, 24.0]],
        # scaled: (1, 2) and (1.6, 2.8)
        {"transformed": [[0], [1]], "reconstructed": [[3, 20], [4.2, 24]], "score": [SCORE, SCORE - 0.125]},
    ),
    "an empty pipeline": (Pipeline([("nothing", "passthrough")]), [[3.0, 0.0]], {"transformed": [[3, 0]]}),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, atol=2e-6)


def test_outputs_come_in_the_order_of_the_verdict(tmp_path):
    result = bl.export(pca(), tmp_path / "a.mlpackage", sample=[[1.0, 2.0]])
    assert list(result.outputs.items()) == [
        ("transformed", "transform"),
        ("reconstructed", "inverse_transform"),
        ("score", "score_samples"),
    ]
    assert list(bl.runtime.load(tmp_path / "a.mlpackage").program.outputs) == list(result.outputs)


def test_a_pipeline_reconstructs_only_what_can_be_undone():
    groups_last = Pipeline([("groups", kmeans()), ("pca", pca())])
    inner = Pipeline([("inner", Pipeline([("groups", kmeans())])), ("pca", pca())])
    for model in (groups_last, inner):
        assert list(bl.assess(model).outputs) == ["transformed", "score"]


def test_a_step_that_hands_nothing_on_is_refused():
    model = Pipeline([("neighbours", neighbours(1)), ("scale", with_attributes(standard(), n_features_in_=1))])
    verdict = bl.assess(model)
    assert not verdict.exportable
    assert verdict.refused[0].detail == "step 'neighbours': it hands nothing on to the next step"


@pytest.mark.parametrize(
    ("options", "labels", "detail"),
    [
        ({"metric": "canberra"}, [0, 1, 1], "metric='canberra'"),
        ({"weights": np.reciprocal}, [0, 1, 1], "weights=reciprocal"),
        ({}, [[0, 1], [1, 0], [1, 1]], "several target columns"),
    ],
)
def test_neighbours_that_are_refused(options, labels, detail, tmp_path):
    model = KNeighborsClassifier(1, **options).fit([[0.0], [1.0], [2.0]], labels)
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model, tmp_path / "a.mlpackage", sample=[[0.0]])
    assert detail in [limit.detail for limit in error.value.verdict.refused]
    assert {limit.id for limit in error.value.verdict.refused} == {"option-not-covered"}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("options", [{"metric": "euclidean"}, {"metric": "l2"}, {"p": 2}, {"algorithm": "kd_tree"}])
def test_the_same_metric_under_other_names(options):
    assert bl.assess(KNeighborsClassifier(1, **options).fit([[0.0], [1.0]], [0, 1])).exportable
