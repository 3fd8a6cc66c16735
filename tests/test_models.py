"""Model files: skops' safe format, and pickles on the user's word only."""

import pickle
from pathlib import Path

import joblib
import numpy as np
import pytest
import skops.io
from sklearn.cluster import DBSCAN, KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import beyondlabels as bl
from beyondlabels import models

X = np.random.default_rng(0).normal(size=(40, 2))


def twice(values):
    return 2 * values


class Bomb:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (Path(self.mark),)


def test_a_safe_file_needs_no_trust(tmp_path):
    skops.io.dump(make_pipeline(StandardScaler(), KMeans(2, n_init=1)).fit(X), tmp_path / "m.skops")
    model = models.read(tmp_path / "m.skops")
    assert bl.assess(model).exportable


def test_our_own_substitute_needs_no_trust(tmp_path):
    substitute = bl.assess(DBSCAN(0.8).fit(X)).substitutes[0].fit(X)
    skops.io.dump(substitute, tmp_path / "m.skops")
    np.testing.assert_array_equal(models.read(tmp_path / "m.skops").predict(X), substitute.predict(X))


def test_unknown_types_need_trust(tmp_path):
    skops.io.dump(FunctionTransformer(twice).fit(X), tmp_path / "m.skops")
    with pytest.raises(bl.BadInput, match=r"does not know to be safe: .*twice.*pass --trust"):
        models.read(tmp_path / "m.skops")
    assert models.read(tmp_path / "m.skops", trust=True).transform(np.array([2.0])) == [4.0]


@pytest.mark.parametrize("suffix", [".pkl", ".pickle", ".joblib", ".PKL"])
def test_pickles_need_trust_and_run_nothing_without(tmp_path, suffix):
    file, mark = tmp_path / f"m{suffix}", tmp_path / "mark"
    file.write_bytes(pickle.dumps(Bomb(str(mark))))
    with pytest.raises(bl.BadInput, match=r"is a pickle: loading one runs any code inside it.*--trust"):
        models.read(file)
    assert not mark.exists()


@pytest.mark.parametrize("suffix", [".skops", "", ".bin"])
def test_a_pickle_under_another_name_is_not_run(tmp_path, suffix):
    file, mark = tmp_path / f"m{suffix}", tmp_path / "mark"
    file.write_bytes(pickle.dumps(Bomb(str(mark))))
    for trust in (False, True):
        with pytest.raises(bl.BadInput, match="cannot be read as a skops file"):
            models.read(file, trust)
    assert not mark.exists()


@pytest.mark.parametrize(
    "dump", [lambda model, file: joblib.dump(model, file), lambda m, f: f.write_bytes(pickle.dumps(m))]
)
def test_trusted_pickles_are_read(tmp_path, dump):
    file = tmp_path / "m.pkl"
    dump(StandardScaler().fit(X), file)
    assert bl.assess(models.read(file, trust=True)).exportable


def test_a_damaged_pickle(tmp_path):
    file = tmp_path / "m.pkl"
    file.write_bytes(pickle.dumps(StandardScaler().fit(X))[:50])
    with pytest.raises(bl.BadInput, match="cannot be read as a pickle"):
        models.read(file, trust=True)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x00" * 100])
def test_a_damaged_skops_file(tmp_path, content):
    file = tmp_path / "m.skops"
    file.write_bytes(content)
    with pytest.raises(bl.BadInput, match=r"cannot be read as a skops file .*save it with skops\.io\.dump"):
        models.read(file)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x00" * 100])
def test_a_damaged_keras_file(tmp_path, content):
    (tmp_path / "m.keras").write_bytes(content)
    with pytest.raises(bl.BadInput, match=r"m\.keras is damaged, or no Keras model: expected a zip file"):
        models.read(tmp_path / "m.keras")


@pytest.mark.parametrize("name", ["none.skops", "."])
def test_no_file(tmp_path, name):
    with pytest.raises(bl.BadInput, match="no such file; expected a model saved with"):
        models.read(tmp_path / name)
