"""Thresholds behind scalers and imputers: rows that lie on them fall on the side that scikit-learn says, unseen ones too."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomTreesEmbedding,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    RobustScaler,
    StandardScaler,
)
from sklearn.tree import DecisionTreeRegressor

import beyondlabels as bl
from beyondlabels.conversion.recipes.sklearn import behind

SCALERS = [
    (StandardScaler(),),
    (StandardScaler(with_mean=False),),
    (MinMaxScaler((0.01, 1)),),
    (MinMaxScaler(clip=True),),
    (MaxAbsScaler(),),
    (RobustScaler(),),
    (MinMaxScaler(), StandardScaler()),
]
ASKING = [
    (DecisionTreeRegressor(random_state=0), "predicted", "predict"),
    (RandomForestClassifier(15, random_state=0), "probabilities", "predict_proba"),
    (GradientBoostingRegressor(n_estimators=30, random_state=0), "predicted", "predict"),
    (HistGradientBoostingRegressor(max_iter=20), "predicted", "predict"),
    (IsolationForest(n_estimators=20, max_features=0.6, random_state=0), "score", "decision_function"),
    (RandomTreesEmbedding(8, random_state=0), "transformed", "transform"),
    (KBinsDiscretizer(5, encode="ordinal", strategy="quantile"), "transformed", "transform"),
    (Binarizer(threshold=0.3), "transformed", "transform"),
]


def _rows(seed, count, step):
    return (np.random.default_rng(seed).integers(0, 21, (count, 3)) * step).astype(np.float32).astype(float)


def _right_everywhere(model, rows, unseen, target, output, method, tmp_path):
    labels = (target > target.mean()).astype(int)
    model.fit(rows, labels if method == "predict_proba" else target)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=rows)
    assert all(part.ties == 0 for part in result.parity.values())
    made = bl.runtime.load(result.path).predict({"x": unseen})[output]
    wanted = getattr(model, method)(unseen)
    wanted = wanted.toarray() if hasattr(wanted, "toarray") else wanted
    np.testing.assert_allclose(made, wanted, rtol=1e-5, atol=1e-5 * (np.abs(wanted).mean() + 1))
    return result


@pytest.mark.parametrize("scalers", SCALERS, ids=lambda steps: " ".join(map(str, steps)))
@pytest.mark.parametrize(("last", "output", "method"), ASKING, ids=lambda value: type(value).__name__)
def test_rows_on_a_grid_fall_where_the_model_says(scalers, last, output, method, tmp_path):
    rows, unseen = _rows(0, 300, 0.1), _rows(1, 1000, 0.1)
    target = rows[:, 0] * rows[:, 1] - rows[:, 2]
    model = make_pipeline(*map(clone, scalers), clone(last))
    _right_everywhere(model, rows, unseen, target, output, method, tmp_path)


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent"])
@pytest.mark.parametrize("scalers", [(), (StandardScaler(),)], ids=["alone", "scaled"])
@pytest.mark.parametrize(("last", "output", "method"), ASKING[:5] + ASKING[6:], ids=lambda value: type(value).__name__)
def test_a_fill_falls_where_the_model_says(strategy, scalers, last, output, method, tmp_path):
    rows, unseen = np.round(np.random.default_rng(2).normal(5, 2, (2, 300, 3)), 1)
    target = rows[:, 0] * rows[:, 1] - rows[:, 2]
    for seed, each in enumerate((rows, unseen)):
        each[np.random.default_rng(seed).random(each.shape) < 0.3] = np.nan
    rows, unseen = rows.astype(np.float32).astype(float), unseen.astype(np.float32).astype(float)
    model = make_pipeline(SimpleImputer(strategy=strategy), *map(clone, scalers), clone(last))
    _right_everywhere(model, rows, unseen, target, output, method, tmp_path)


@pytest.mark.parametrize("scalers", SCALERS, ids=lambda steps: " ".join(map(str, steps)))
def test_the_arithmetic_is_the_scalers_own(scalers):
    rows = np.random.default_rng(3).normal(50, 20, (500, 3)).astype(np.float32).astype(float)
    steps = make_pipeline(*map(clone, scalers)).fit(rows[:200])
    with behind.behind([step for _, step in steps.steps]):
        for column in range(3):
            made = behind._scaled(rows[:, column], np.full(500, column))
            np.testing.assert_array_equal(made, steps.transform(rows)[:, column])


def test_the_largest_float32_is_found_at_both_ends_too():
    scaler = MinMaxScaler(clip=True).fit([[0.0], [10.0]])
    with behind.behind([scaler]):
        found = behind.largest_not_above(np.zeros(4, int), np.array([-0.5, 0.0, 0.5, 1.0]))
        edges = behind.smallest_not_below(np.zeros(2, int), np.array([0.5, 2.0]))
    np.testing.assert_array_equal(found, [-np.inf, 0.0, 5.0, np.inf])
    np.testing.assert_array_equal(edges, [5.0, np.inf])


def test_one_object_as_two_steps(tmp_path):
    """Each step hands on to the next, the same object too."""
    rows, scaler = _rows(0, 300, 1), StandardScaler()
    model = make_pipeline(scaler, scaler).fit(rows)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=rows).parity.passed


def test_two_scalers_leave_nothing_to_write(tmp_path):
    rows = _rows(0, 300, 1)
    model = make_pipeline(StandardScaler(), MaxAbsScaler(), IsolationForest(n_estimators=5, random_state=0)).fit(rows)
    alone = IsolationForest(n_estimators=5, random_state=0).fit(rows)
    both = [bl.export(each, tmp_path / f"{type(each).__name__}.mlpackage", sample=rows) for each in (model, alone)]
    assert both[0].operations == both[1].operations
