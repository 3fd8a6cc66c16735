"""``bl.ReconstructionError`` of scikit-learn's models: what gives nothing back, and rows it cannot use, in our own words."""

import numpy as np
import pytest
from sklearn.decomposition import NMF, PCA, FastICA, TruncatedSVD
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl

X = np.abs(np.random.default_rng(0).normal(size=(50, 4)))

REFUSED = {
    "not fitted": (PCA(2), "not-fitted", "PCA"),
    "not fitted in a pipeline": (make_pipeline(StandardScaler(), PCA(2)), "not-fitted", "step 'standardscaler'"),
    "not fitted, and no way back": (NMF(2), "not-fitted", "NMF"),
    "no way back": (NMF(2, init="random", random_state=0, tol=1e-2).fit(X), "no-reconstruction", "NMF"),
    "sources": (FastICA(2, random_state=0).fit(X), "no-reconstruction", "FastICA"),
    "a scaler": (StandardScaler().fit(X), "no-reconstruction", "StandardScaler"),
    "an unknown class": (object(), "no-recipe", "builtins.object"),
    "nothing": (None, "malformed", "step 'model' is None"),
}


@pytest.mark.parametrize("use", ["fit", "errors", "predict"])
@pytest.mark.parametrize(("model", "limit", "detail"), REFUSED.values(), ids=REFUSED)
def test_a_model_that_gives_nothing_back(model, limit, detail, use):
    detector = bl.ReconstructionError(model, threshold=1.0)
    with pytest.raises(bl.NotExportable) as error:
        getattr(detector, use)(X)
    first = error.value.verdict.refused[0]
    assert first.id == limit
    assert first.detail.startswith(detail)
    assert first == bl.assess(detector).refused[0]


BAD = {
    "too narrow": (X[:, :2], "2 features"),
    "no rows": (X[:0], "there are no rows"),
    "one axis": (X[0], "the model itself cannot use these rows"),
    "text": ([["a"] * 4], "could not convert string to float"),
    "missing": (np.where(X > 1, np.nan, X), "contains NaN"),
    "nothing": (None, "the model itself cannot use these rows"),
}


@pytest.mark.parametrize(("rows", "said"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("model", [PCA(2), TruncatedSVD(2), make_pipeline(StandardScaler(), PCA(2))], ids=str)
def test_rows_that_cannot_be_used(model, rows, said):
    with pytest.raises(bl.BadInput, match=said):
        bl.ReconstructionError(model.fit(X)).fit(rows)
