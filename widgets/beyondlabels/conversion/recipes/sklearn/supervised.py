"""Linear models and small networks with a target, for the substitutes and the last step of a pipeline."""

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.svm import LinearSVC

from ....limits import get
from ....mil.affine import affine
from ....mil.blocks import builder
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .classes import best_class, close_race, refuse_classes, two_classes, two_probabilities


def _weights(model):
    return Carries("statistics", f"{counted(np.size(model.coef_), 'weight')}. None of your rows.")


@recipe(LinearRegression, Ridge, outputs={"predicted": "predict"}, carries=_weights)
def linear(model, x):
    """x . w + b: (rows,), or (rows, targets) where the model was fitted on a table of targets."""
    coefficients = np.asarray(model.coef_)
    made = affine(x, np.atleast_2d(coefficients).T, model.intercept_)
    return {"predicted": made if coefficients.ndim == 2 else builder().squeeze(x=made, axes=[1])}


def _rule(model):
    """How several classes were fitted: "ovr", each against the rest, or "multinomial"; ``None`` from scikit-learn 1.8 on,
    which has no such option any more."""
    chosen = model.get_params().get("multi_class")
    if chosen in ("auto", "deprecated"):
        return "ovr" if model.solver == "liblinear" or len(model.classes_) == 2 else "multinomial"
    return "ovr" if chosen == "warn" else chosen


def _scores(model, x):
    """(rows, classes), or (rows, 1) of two classes."""
    return affine(x, np.asarray(model.coef_).T, model.intercept_)


def _label(scores, classes):
    if scores.shape[1] > 1:
        return best_class(scores, classes)
    mb = builder()
    return two_classes(mb.greater(x=mb.squeeze(x=scores, axes=[1]), y=np.float32(0)), classes)


def _shared_out(scores):
    """Logistic functions of each score divided by their sum, as exp(ln s - ln of the sum): no sum can be 0."""
    mb = builder()
    logarithms = mb.mul(x=mb.softplus(x=mb.mul(x=scores, y=np.float32(-1))), y=np.float32(-1))
    return mb.softmax(x=logarithms, axis=1)


@recipe(
    LogisticRegression,
    outputs={"label": "predict", "probabilities": "predict_proba"},
    refuse=refuse_classes,
    ties=close_race,
    carries=_weights,
)
def logistic(model, x):
    mb = builder()
    scores = _scores(model, x)
    if scores.shape[1] == 1:
        both = _rule(model) == "multinomial"  # the softmax of -score and score
        made = two_probabilities(mb.mul(x=scores, y=np.float32(2)) if both else scores)
    else:
        made = _shared_out(scores) if _rule(model) == "ovr" else mb.softmax(x=scores, axis=1)
    return {"label": _label(scores, model.classes_), "probabilities": made}


def _score_ties(model, name, X, near):
    """Rows whose two best scores, or the only score and 0, lie as near as rounding."""
    scores = model.decision_function(X)
    size = np.abs(X) @ np.abs(np.asarray(model.coef_)).max(axis=0) + np.abs(model.intercept_).max()
    best = np.sort(scores, axis=1)[:, -2:] if scores.ndim == 2 else np.stack([np.zeros(len(X)), np.abs(scores)], axis=1)
    return best[:, 1] - best[:, 0] <= near * size


@recipe(
    LinearSVC,
    SGDClassifier,
    outputs={"label": "predict", "probabilities": "predict_proba"},
    available=lambda model, outputs: outputs if getattr(model, "loss", "") == "log_loss" else {"label": "predict"},
    refuse=refuse_classes,
    ties=_score_ties,
    carries=_weights,
)
def linear_classifier(model, x):
    """The class with the largest x . w + b; probabilities where the loss was the logistic one."""
    scores = _scores(model, x)
    made = {"label": _label(scores, model.classes_)}
    if getattr(model, "loss", "") == "log_loss":
        made["probabilities"] = two_probabilities(scores) if scores.shape[1] == 1 else _shared_out(scores)
    return made


_ACTIVATIONS = {"identity": None, "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "exp": "exp"}


def _network(model, x):
    """What the last layer's products give, (rows, outputs), before its own activation."""
    last = len(model.coefs_) - 1
    for number, (weights, offset) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        x = affine(x, weights, offset, anywhere=number == 0)
        if number < last and _ACTIVATIONS[model.activation]:
            x = getattr(builder(), _ACTIVATIONS[model.activation])(x=x)
    return x


def _network_carries(model):
    weights = sum(np.size(each) for each in (*model.coefs_, *model.intercepts_))
    return Carries("statistics", f"{counted(weights, 'weight')}. None of your rows.")


def _refuse_network(model):
    if model.out_activation_ == "logistic" and model.n_outputs_ > 1:
        return [get("option-not-covered").because("several labels at once")]
    if len(model.classes_) < 2:
        return [get("option-not-covered").because("a single class")]
    return refuse_classes(model)


@recipe(
    MLPClassifier,
    outputs={"label": "predict", "probabilities": "predict_proba"},
    refuse=_refuse_network,
    ties=close_race,
    carries=_network_carries,
)
def network_classifier(model, x):
    mb = builder()
    raw = _network(model, x)
    made = mb.softmax(x=raw, axis=1) if raw.shape[1] > 1 else two_probabilities(raw)
    return {"label": _label(raw, model.classes_), "probabilities": made}


@recipe(MLPRegressor, outputs={"predicted": "predict"}, carries=_network_carries)
def network_regressor(model, x):
    """(rows,), or (rows, targets); its exponential where the loss was that of counts."""
    mb = builder()
    raw = _network(model, x)
    raw = mb.exp(x=raw) if model.out_activation_ == "exp" else raw
    return {"predicted": raw if model.n_outputs_ > 1 else mb.squeeze(x=raw, axes=[1])}
