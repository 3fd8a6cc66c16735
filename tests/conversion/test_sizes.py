"""A package holds each number once: no constant is another one turned, turned round, or multiplied."""

import json

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA, IncrementalPCA, SparseCoder, TruncatedSVD
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.impute import KNNImputer
from sklearn.manifold import LocallyLinearEmbedding
from sklearn.neighbors import NearestNeighbors
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl

X = np.random.default_rng(0).normal(size=(300, 12)) @ np.diag(np.arange(1.0, 13.0))
LABELS = (X[:, 0] > 0).astype(int) + (X[:, 3] > 1)
HOLES = np.where(np.random.default_rng(1).random(X.shape) < 0.1, np.nan, X)

MODELS = {
    "PCA": (PCA(5), X),
    "PCA, whitened": (PCA(5, whiten=True), X),
    "IncrementalPCA": (IncrementalPCA(5), X),
    "TruncatedSVD": (TruncatedSVD(5), X),
    "SparseCoder": (SparseCoder(X[:8] / np.linalg.norm(X[:8], axis=1, keepdims=True)), X),
    "KNNImputer": (KNNImputer(), HOLES),
    "LocallyLinearEmbedding": (LocallyLinearEmbedding(n_neighbors=13), X),
    "MLPClassifier": (MLPClassifier((60, 20), max_iter=3, random_state=0), X),
    "NearestNeighbors, many": (
        NearestNeighbors(),
        np.tile(X, (20, 3)) + np.random.default_rng(2).normal(size=(6_000, 36)),
    ),
}


def export(model, rows, folder, **options):
    return bl.export(model, folder / "a.mlpackage", sample=rows, **options)


def constants(result):
    found = bl.runtime.load(result.path).program.constants.values()
    return [each for each in found if isinstance(each, np.ndarray)]


def _like(one, other):
    """Whether ``other`` holds the numbers of ``one``, perhaps with two axes exchanged and times a factor."""
    turned = [one.ravel(), *(np.swapaxes(one, axis, axis + 1).ravel() for axis in range(one.ndim - 1))]
    return any(abs(each @ other.ravel()) > (1 - 1e-9) * np.linalg.norm(each) * np.linalg.norm(other) for each in turned)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", MODELS)
def test_no_weights_are_stored_twice(name, tmp_path):
    model, rows = MODELS[name]
    result = export(model.fit(rows, LABELS[: len(rows)] if name == "MLPClassifier" else None), rows[:100], tmp_path)
    numbers = [each.astype(np.float64) for each in constants(result) if each.dtype.kind == "f" and each.size >= 20]
    assert numbers
    for place, one in enumerate(numbers):
        for other in numbers[place + 1 :]:
            assert one.size != other.size or not _like(one, other), (one.shape, other.shape)


@pytest.mark.parametrize("cls", [RandomForestClassifier, ExtraTreesClassifier])
def test_leaves_of_a_tree_that_say_the_same_are_one(cls, tmp_path):
    """A tree that has parted all its rows has leaves for each class alone, and nothing else."""
    model = cls(5, random_state=0).fit(X, LABELS)
    held = [each for each in constants(export(model, X[:100], tmp_path)) if each.shape[1:] == (3,)]
    assert [len(each) for each in held] == [sum(_different(each.tree_) for each in model.estimators_)]
    assert len(held[0]) == 3 * len(model.estimators_)


def _different(tree):
    return len(np.unique(tree.value[tree.children_left < 0, 0], axis=0))


@pytest.mark.parametrize("depth", [1, 3])
def test_leaves_that_differ_are_kept(depth, tmp_path):
    model = RandomForestClassifier(5, max_depth=depth, random_state=0).fit(X, LABELS)
    assert export(model, X[:100], tmp_path).parity.passed


def test_a_layer_after_the_first_is_one_product(tmp_path):
    model = MLPClassifier((10, 8), max_iter=3, random_state=0)
    with pytest.warns(match="converge"):
        model.fit(X, LABELS)
    shapes = [each.shape for each in constants(export(model, X[:100], tmp_path)) if each.ndim == 2 and each.size > 20]
    assert sorted(shapes) == [(8, 3), (10, 8), (12, 10), (12, 30)]  # of the first the product, and its three pieces


def test_many_features_are_listed_once(tmp_path):
    import pandas

    names = [f"reading number {index}" for index in range(40)]
    frame = pandas.DataFrame(np.random.default_rng(0).normal(size=(50, 40)), columns=names)
    program = bl.runtime.load(export(StandardScaler().fit(frame), frame, tmp_path).path).program
    assert json.loads(program.metadata["com.beyondlabels.features"]) == names
    said = program.notes["inputs"]["x"]
    assert said == "rows of reading number 0, reading number 1, reading number 2, … reading number 39: 40 features"


def test_few_features_are_named_where_xcode_shows_them(tmp_path):
    program = bl.runtime.load(export(KMeans(2, n_init=1).fit(X), X, tmp_path).path).program
    assert program.notes["inputs"]["x"] == "rows of " + ", ".join(f"x{index}" for index in range(12))
