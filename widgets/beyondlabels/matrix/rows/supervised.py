"""Rows for recipes/sklearn/supervised.py."""

from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.svm import LinearSVC

from .. import Row


def _network(cls, **options):
    return lambda: cls(**{"hidden_layer_sizes": (8,), "max_iter": 30, "random_state": 0} | options)


def _activations(cls):
    return {name: _network(cls, activation=name) for name in ("identity", "logistic", "tanh")} | {
        "two layers": _network(cls, hidden_layer_sizes=(6, 5)),
        "lbfgs": _network(cls, solver="lbfgs"),
    }


ROWS = [
    Row(
        "LinearRegression",
        LinearRegression,
        target="values",
        variants={
            "without intercept": lambda: LinearRegression(fit_intercept=False),
            "not below 0": lambda: LinearRegression(positive=True),
        },
    ),
    Row("LinearRegression", LinearRegression, data="positive", target="several"),
    Row(
        "Ridge",
        Ridge,
        target="values",
        variants={"strong": lambda: Ridge(100.0), "without intercept": lambda: Ridge(fit_intercept=False)},
    ),
    Row(
        "LogisticRegression",
        lambda: LogisticRegression(max_iter=200),
        target="classes",
        variants={
            "newton": lambda: LogisticRegression(solver="newton-cg"),
            "without intercept": lambda: LogisticRegression(fit_intercept=False),
            "weak": lambda: LogisticRegression(C=0.01),
        },
    ),
    Row(
        "SGDClassifier",
        lambda: SGDClassifier(random_state=0),
        target="classes",
        variants={"with probabilities": lambda: SGDClassifier(loss="log_loss", random_state=0)},
    ),
    Row(
        "LinearSVC",
        # Of rows that are there once for every class, equal weights would leave the label to the last digit of 1e-17.
        lambda: LinearSVC(class_weight={0: 3.0, 1: 2.0}, random_state=0),
        target="classes",
        variants={"classes of equal weight": lambda: LinearSVC(random_state=0)},
    ),
    Row("MLPClassifier", _network(MLPClassifier), target="classes", variants=_activations(MLPClassifier)),
    Row("MLPRegressor", _network(MLPRegressor), target="values", variants=_activations(MLPRegressor)),
    Row("MLPRegressor", _network(MLPRegressor), data="positive", target="several"),
]
