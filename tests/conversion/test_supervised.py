"""Linear models and small networks: worked out by hand, and fits that the general cases do not reach."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

import beyondlabels as bl
from conversion.by_hand import agrees


def by_hand(model, **attributes):
    """The model with fitted attributes set by hand."""
    vars(model).update({"n_features_in_": 2} | attributes)
    return model


def linear(cls=LinearRegression, weights=(2.0, -1.0), offset=3.0):
    return by_hand(cls(), coef_=np.array(weights), intercept_=np.array(offset)[()])


def classifier(cls, weights, offset, classes, **options):
    return by_hand(cls(**options), coef_=np.array(weights), intercept_=np.array(offset), classes_=np.array(classes))


def network(cls, hidden, out, activation="identity", result="identity", **attributes):
    """``hidden`` and ``out``: (weights, offsets)."""
    layers = [[np.array(part, float) for part in layer] for layer in (hidden, out)]
    made = by_hand(
        cls(activation=activation),
        coefs_=[weights for weights, _ in layers],
        intercepts_=[offset for _, offset in layers],
        n_layers_=3,
        n_outputs_=len(out[1]),
        out_activation_=result,
    )
    return by_hand(made, **attributes)


def binarizer(classes):
    from sklearn.preprocessing import LabelBinarizer

    return LabelBinarizer().fit(classes)


LN3 = np.log(3)
CROSS = ([[1, -1], [0, 1]], [0, 2])  # hidden: x0 and x1 - x0 + 2
CASES = {
    "linear": (linear(), [[1, 1], [0, 0]], {"predicted": [4, 3]}),
    "ridge": (linear(Ridge), [[1, 1]], {"predicted": [4]}),
    "several targets": (
        linear(weights=[[2.0, -1.0], [0.0, 1.0]], offset=[3.0, 0.0]),
        [[1, 2]],
        {"predicted": [[3, 2]]},
    ),
    "a table of one target": (linear(weights=[[2.0, -1.0]], offset=[3.0]), [[1, 2]], {"predicted": [[3]]}),
    "without offset": (linear(offset=0.0), [[1, 2]], {"predicted": [0]}),
    "no weight at all": (linear(weights=(0.0, 0.0)), [[1, 2]], {"predicted": [3]}),
    # a float64 weight times 2 ** 20, nearly cancelled by the offset: a plain float32 product would be off by 0.02
    "far from 0": (
        linear(weights=(1 / 3, 0.0), offset=-(2.0**20) / 3),
        [[2.0**20, 0], [2.0**20 + 1.5, 9]],
        {"predicted": [0, 0.5]},
    ),
    "beyond what an upper half could be scaled to": (linear(weights=(1.0, 0.0)), [[3e38, 0]], {"predicted": [3e38]}),
    "logistic": (
        classifier(LogisticRegression, [[LN3, 0.0]], [0.0], [4, 6]),
        [[1, 9], [-1, 9]],
        {"label": [6, 4], "probabilities": [[0.25, 0.75], [0.75, 0.25]]},
    ),
    "a score of 0 goes to the first class": (
        classifier(LogisticRegression, [[LN3, 0.0]], [0.0], [4, 6]),
        [[0, 9]],
        {"label": [4], "probabilities": [[0.5, 0.5]]},
    ),
    "softmax": (
        classifier(LogisticRegression, [[LN3, 0], [0, LN3], [0, 0]], [0.0, 0.0, 0.0], [0, 1, 2]),
        [[1, 0], [0, 2]],
        {"label": [0, 1], "probabilities": [[0.6, 0.2, 0.2], [1 / 11, 9 / 11, 1 / 11]]},
    ),
    "one against the rest": (
        classifier(SGDClassifier, [[LN3, 0], [0, LN3], [0, 0]], [0.0, 0.0, 0.0], [0, 1, 2], loss="log_loss"),
        [[1, 0], [-1, 1]],
        # 3/4, 1/2 and 1/2; 1/4, 3/4 and 1/2: divided by their sums
        {"label": [0, 1], "probabilities": [[3 / 7, 2 / 7, 2 / 7], [1 / 6, 1 / 2, 1 / 3]]},
    ),
    "a support vector machine": (
        classifier(LinearSVC, [[1.0, -1.0]], [0.5], [-1, 1]),
        [[0, 1], [1, 1]],
        {"label": [-1, 1]},
    ),
    "no activation": (
        network(MLPRegressor, CROSS, ([[1], [2]], [1])),
        [[1, 1], [3, 0]],
        {"predicted": [6, 2]},  # 1 + 2 * 2 + 1, 3 - 2 + 1
    ),
    "relu": (network(MLPRegressor, CROSS, ([[1], [2]], [1]), "relu"), [[3, 0]], {"predicted": [4]}),
    "tanh": (network(MLPRegressor, CROSS, ([[1], [0]], [0]), "tanh"), [[0.5 * LN3, 0]], {"predicted": [0.5]}),
    "logistic units": (
        network(MLPRegressor, CROSS, ([[1], [0]], [0]), "logistic"),
        [[LN3, 0]],
        {"predicted": [0.75]},
    ),
    "two outputs": (
        network(MLPRegressor, CROSS, ([[1, 0], [0, 1]], [0, 0])),
        [[1, 1]],
        {"predicted": [[1, 2]]},
    ),
    "a network of two classes": (
        network(
            MLPClassifier,
            CROSS,
            ([[1], [0]], [0]),
            result="logistic",
            classes_=np.array([2, 5]),
            _label_binarizer=binarizer([2, 5]),
        ),
        [[LN3, 0], [-LN3, 0]],
        {"label": [5, 2], "probabilities": [[0.25, 0.75], [0.75, 0.25]]},
    ),
    "a network of three classes": (
        network(
            MLPClassifier,
            CROSS,
            ([[1, 0, 0], [0, 0, 0]], [0, 0, 0]),
            result="softmax",
            classes_=np.array([0, 1, 2]),
            _label_binarizer=binarizer([0, 1, 2]),
        ),
        [[LN3, 0]],
        {"label": [0], "probabilities": [[0.6, 0.2, 0.2]]},
    ),
}
if "loss" in MLPRegressor().get_params():  # from scikit-learn 1.7 on
    CASES["counts"] = (network(MLPRegressor, CROSS, ([[1], [0]], [0]), result="exp"), [[LN3, 0]], {"predicted": [3]})


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, atol=1e-6)


X = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32).astype(np.float64)
BINARY = (X[:, 0] + X[:, 1] > 0).astype(int)
THREE = np.digitize(X[:, 0], [-0.5, 0.5])
WIDE = np.random.default_rng(1).normal(size=(200, 600)).astype(np.float32).astype(np.float64)

FITS = {
    "two classes": (LogisticRegression(), X, BINARY),
    "two classes, far from 0": (LogisticRegression(max_iter=50), X + 1e4, BINARY),
    "two classes, liblinear": (LogisticRegression(solver="liblinear"), X, BINARY),
    "many features": (LogisticRegression(), WIDE, THREE),
    "many features, one target": (Ridge(), WIDE, X[:, 0]),
    "labels below 0": (LogisticRegression(), X, 1 - 3 * BINARY),
    "a network of two classes": (MLPClassifier((5,), max_iter=20, random_state=0), X, BINARY),
    "a network fitted on float32": (MLPClassifier((5,), max_iter=20, random_state=0), X.astype(np.float32), THREE),
    "a wide network": (MLPRegressor(hidden_layer_sizes=(40, 30), max_iter=20, random_state=0), X, X[:, :2]),
    "a network without hidden layer": (MLPRegressor(hidden_layer_sizes=(), max_iter=20, random_state=0), X, X[:, 0]),
    "scores that saturate": (LogisticRegression(C=1e9, max_iter=2000), 100 * X, BINARY),
    "a table of targets": (LinearRegression(), X, X[:, :2] @ [[1.0, 2], [3, 4]]),
    "descent, two classes": (SGDClassifier(random_state=0), X, BINARY),
    "descent, probabilities of two": (SGDClassifier(loss="log_loss", random_state=0), X, BINARY),
    "a support vector machine, two classes": (LinearSVC(random_state=0), X, BINARY),
    "in a pipeline": (make_pipeline(StandardScaler(), LogisticRegression()), 1e6 + X, THREE),
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("model", "rows", "target"), FITS.values(), ids=FITS)
def test_real_fits(model, rows, target, tmp_path):
    model.fit(rows, target)
    result = bl.export(model, tmp_path / "fit.mlpackage", sample=rows)
    assert all(part.labels_differ in (None, 0) for part in result.parity.values())
    assert bl.runtime.check(result.path).passed
    assert result.carries.kind == "statistics"


# Before scikit-learn 1.8 the classes could be fitted each against the rest.
OWN_RULE = "multi_class" in LogisticRegression().get_params()
RULES = [{"multi_class": name} for name in ("ovr", "multinomial", "auto")] if OWN_RULE else [{}]


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("options", [*RULES, {"solver": "liblinear"}], ids=str)
@pytest.mark.parametrize("target", [BINARY, THREE], ids=["two", "three"])
def test_how_several_classes_were_fitted(options, target, tmp_path):
    if not OWN_RULE and options and target is THREE:
        with pytest.raises(ValueError, match="liblinear"):
            LogisticRegression(**options).fit(X, target)
        return
    model = LogisticRegression(**options).fit(X, target)
    assert bl.export(model, tmp_path / "fit.mlpackage", sample=X).parity.passed


@pytest.mark.parametrize(
    ("model", "target", "detail"),
    [
        (MLPClassifier((2,), max_iter=1), np.stack([BINARY, 1 - BINARY], axis=1), "several labels at once"),
        (MLPClassifier((2,), max_iter=1), np.zeros(200, int), "a single class"),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_what_is_refused(model, target, detail, tmp_path):
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model.fit(X, target), tmp_path / "a.mlpackage", sample=X)
    assert [(limit.id, limit.detail) for limit in error.value.verdict.refused] == [("option-not-covered", detail)]


def test_a_model_around_classifiers_has_no_recipe():
    model = OneVsRestClassifier(LogisticRegression()).fit(X, THREE)
    assert [limit.id for limit in bl.assess(model).refused] == ["no-recipe"]
