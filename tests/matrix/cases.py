"""The general cases: each makes a fitted model of a row of the matrix, and the sample to export it with."""

import warnings

import numpy as np
from sklearn.frozen import FrozenEstimator

from beyondlabels.matrix.data import DATA
from beyondlabels.matrix.runs import fit

CASES = {}
RAW = ("far from 0",)  # raw offset data, where 1e-4 relative is enough


def case(name):
    """Register the decorated function, which takes a row and gives (fitted model, sample), under ``name``."""

    def register(make):
        CASES[name] = make
        return make

    return register


def label(row):
    """The row's name, with its data where the same estimator has a row for others too."""
    return row.name if row.data == "numbers" else f"{row.name} of {row.data}"


def data(row, **options):
    """The row's own data as a plain array."""
    return np.array(DATA[row.data](**options))


def on(row, X, make=None):
    """(model fitted on ``X``, ``X``)."""
    return fit(make or row.make, row, X), X


# Parameters that count parts, and how many there may be for rows X at most.
_AT_MOST = {
    "n_components": lambda X: min(X.shape),
    "n_clusters": len,
    "n_neighbors": lambda X: len(X) - 1,
    "n_features_to_select": lambda X: X.shape[1],
    "k": lambda X: X.shape[1],
    "n_nonzero_coefs": lambda X: X.shape[1],
    "transform_n_nonzero_coefs": lambda X: X.shape[1],
}


def _counts(model):
    """Name -> value of the model's parameters, and those of models inside it, that count parts."""
    found = {} if isinstance(model, FrozenEstimator) else model.get_params()
    return {
        name: value
        for name, value in found.items()
        if name.rpartition("__")[2] in _AT_MOST and isinstance(value, int) and not isinstance(value, bool)
    }


def fitting(row, X):
    """``row.make`` with no more parts than ``X`` allows."""

    def make():
        model = row.make()
        most = {name: _AT_MOST[name.rpartition("__")[2]](X) for name in _counts(model)}
        model.set_params(**{name: min(value, most[name]) for name, value in _counts(model).items()})
        return model

    return make


def has_parts(row):
    """Whether the row's model has a parameter that counts parts. A row that cannot be made fails in its cases, not here."""
    try:
        return bool(_counts(row.make()))
    except Exception:
        return True


@case("plain")
def plain(row):
    return on(row, DATA[row.data]())


@case("one feature")
def one_feature(row):
    X = data(row, width=1)
    return on(row, X, fitting(row, X))


@case("many features")
def many_features(row):
    return on(row, data(row, rows=60, width=40))


@case("one part")
def one_part(row):
    """One component, cluster or neighbour."""

    def make():
        model = row.make()
        model.set_params(**dict.fromkeys(_counts(model), 1))
        return model

    return on(row, DATA[row.data](), make)


@case("one row")
def one_row(row):
    model, X = plain(row)
    return model, X[:1]


@case("many rows")
def many_rows(row):
    """More than are compared, so that some are chosen."""
    return plain(row)[0], DATA[row.data](rows=12_000, seed=0)


@case("a constant column")
def constant_column(row):
    X = data(row)
    X[:, 1] = 1.0
    return on(row, X)


@case("duplicates")
def duplicates(row):
    return on(row, np.repeat(data(row, rows=50), 3, axis=0))


@case("ties")
def ties(row):
    """Rows on a grid of whole numbers."""
    return on(row, np.round(data(row)))


@case("far from 0")
def far_from_zero(row):
    return on(row, data(row) + 1e6)


# Powers of two, so that the same numbers stand in float32 and whole ones stay comparable.
@case("huge")
def huge(row):
    return on(row, data(row) * 2.0**20)


@case("tiny")
def tiny(row):
    return on(row, data(row) * 2.0**-20)


@case("float32")
def float32(row):
    return on(row, data(row).astype(np.float32))


@case("integers")
def integers(row):
    X = np.nan_to_num(data(row))
    return on(
        row, np.round(X * (10 if row.data in ("numbers", "positive", "named", "missing") else 1)).astype(np.int64)
    )


@case("a frame")
def frame(row):
    return on(row, _frame(data(row), "abcdefghijklmnop"))


@case("names in other scripts")
def other_scripts(row):
    return on(row, _frame(data(row), ["длина", "Höhe 'x'", 'say "hi"', "列", "a\nb", "  ", "🐧", "%s"]))


def _frame(X, names):
    import pandas as pd

    return pd.DataFrame(X, columns=list(names[: X.shape[1]]))


@case("every other row and column")
def strided(row):
    X = data(row, rows=150)
    wide = np.repeat(np.repeat(X, 2, axis=0), 2, axis=1)[::2, ::2]
    assert not wide.flags.c_contiguous
    return on(row, wide)


@case("read-only")
def read_only(row):
    X = data(row)
    X.flags.writeable = False
    return on(row, X)


@case("Fortran order")
def fortran(row):
    return on(row, np.asfortranarray(data(row)))


def quietly(function, *arguments, **options):
    """The function's answer, with scikit-learn's warnings about odd data left out."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*arguments, **options)
