"""Small seeded data for the matrix: (rows, 4) unless said otherwise, of unit scale, each with three groups to find."""

import numpy as np


def _groups(rows, width, seed):
    random = np.random.default_rng(seed)
    centres = random.normal(0, 2, (3, width))
    which = np.arange(rows) % 3
    return centres[which] + random.normal(0, 0.6, (rows, width)), which


def numbers(rows=150, width=4, seed=0):
    """Real numbers around 0."""
    return _groups(rows, width, seed)[0]


def positive(rows=150, width=4, seed=0):
    """Real numbers from 0 upwards, as NMF and the chi-squared kernel need."""
    return np.abs(numbers(rows, width, seed))


def counts(rows=150, width=6, seed=0):
    """Whole numbers from 0 upwards, as words in documents."""
    return np.floor(2 * np.abs(numbers(rows, width, seed))).astype(float)


def binary(rows=150, width=6, seed=0):
    """Zeros and ones."""
    return (numbers(rows, width, seed) > 0).astype(float)


def categories(rows=150, width=4, seed=0):
    """Small whole numbers, each column with its own set of three to six."""
    random = np.random.default_rng(seed)
    return np.stack([random.integers(0, 3 + column % 4, rows) for column in range(width)], axis=1).astype(float)


def missing(rows=150, width=4, seed=0):
    """Real numbers, one in ten missing (NaN), never a whole row or column."""
    values = numbers(rows, width, seed)
    gone = np.random.default_rng(seed + 1).random(values.shape) < 0.1
    gone[np.arange(rows), np.arange(rows) % width] = False
    return np.where(gone, np.nan, values)


def named(rows=150, width=4, seed=0):
    """Real numbers around 0 in a DataFrame whose columns have names, one of them in another script."""
    import pandas as pd

    return pd.DataFrame(numbers(rows, width, seed), columns=[*"abc", "длина", *map(str, range(width))][:width])


def square(rows=30, width=4, seed=0):
    """A kernel matrix: the products of every row with every other, or of more than 150 rows with the first 30."""
    values = numbers(rows, width, seed)
    return values @ values[: rows if rows <= 150 else 30].T


DATA = {each.__name__: each for each in (numbers, positive, counts, binary, categories, missing, named, square)}


def target(kind, values, seed=0):
    """What ``fit`` needs as y for rows ``values``: "classes" (three integers), "values" (a noisy linear function)
    or "several" (three such functions, as columns)."""
    random = np.random.default_rng(seed + 2)
    if kind == "classes":
        return np.arange(len(values)) % 3
    if kind == "several":
        weights = random.normal(0, 1, (values.shape[1], 3))
        return np.nan_to_num(np.asarray(values)) @ weights + random.normal(0, 0.1, (len(values), 3))
    if kind == "values":
        weights = random.normal(0, 1, values.shape[1])
        return np.nan_to_num(np.asarray(values)) @ weights + random.normal(0, 0.1, len(values))
    return None
