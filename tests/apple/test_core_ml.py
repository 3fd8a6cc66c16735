"""On a Mac: every package's proof replayed through Core ML itself. Elsewhere skipped, for Core ML is not there."""

import sys

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "darwin", reason="Core ML itself runs on macOS only")


def data():
    """Three groups in four columns of very different scales, seeded."""
    random = np.random.default_rng(0)
    groups = random.normal(size=(60, 4)) + np.repeat([[0.0], [6.0], [12.0]], 20, axis=0)
    return (groups * [1.0, 10.0, 0.1, 100.0]).astype(np.float32)


def models():
    """name -> an unfitted model of each family that exports."""
    from sklearn.cluster import KMeans, MiniBatchKMeans
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    kmeans = KMeans(3, n_init=3, random_state=0)
    return {
        "kmeans": kmeans,
        "mini_batch": MiniBatchKMeans(3, n_init=3, random_state=0),
        "pca": PCA(2, whiten=True),
        "standard": StandardScaler(),
        "min_max": MinMaxScaler(clip=True),
        "scaled": make_pipeline(StandardScaler(), PCA(3), kmeans),
    }


NAMES = ("kmeans", "mini_batch", "pca", "standard", "min_max", "scaled")


@pytest.mark.parametrize("name", NAMES)
def test_core_ml_computes_what_the_model_computes(name, tmp_path):
    import beyondlabels as bl

    X = data()
    path = tmp_path / f"{name}.mlpackage"
    bl.export(models()[name].fit(X), path, sample=X)
    replay = bl.runtime.check(path)
    assert replay.passed, replay
    assert replay.core_ml is not None, "Core ML did not run"
    assert replay.core_ml.passed, replay.core_ml
