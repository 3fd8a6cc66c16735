"""Rows for recipes/sklearn/one_class.py."""

from sklearn.linear_model import SGDOneClassSVM
from sklearn.svm import OneClassSVM

from .. import Row


def _product(x, y):
    return x @ y.T


ROWS = [
    Row(
        "OneClassSVM",
        OneClassSVM,
        variants={
            **{
                f"{kernel} kernel": lambda kernel=kernel: OneClassSVM(kernel=kernel)
                for kernel in ("linear", "poly", "sigmoid")
            },
            "polynomial options": lambda: OneClassSVM(kernel="poly", degree=2, coef0=1.0, gamma="auto"),
            "few outliers": lambda: OneClassSVM(nu=0.1, gamma=0.2),
        },
        refused={"a function": lambda: OneClassSVM(kernel=_product)},
    ),
    Row(
        "SGDOneClassSVM",
        lambda: SGDOneClassSVM(random_state=0),
        variants={
            "without intercept": lambda: SGDOneClassSVM(fit_intercept=False, random_state=0),
            "averaged": lambda: SGDOneClassSVM(average=True, random_state=0),
            "few outliers": lambda: SGDOneClassSVM(nu=0.1, random_state=0),
        },
    ),
]
