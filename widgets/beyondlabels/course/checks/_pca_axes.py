"""Exercises on PCA itself: the axes by SVD, and the way there and back."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._pca_data import SETUP, apart, axes_of, off_centre
from ._tools import numbers, returned, written

_AXES_STARTER = '''def principal_axes(X, k):
    """The mean of X, shape (d,), and its first k principal axes, one in each row, shape (k, d)."""
    mean = ...
    _, _, turned = np.linalg.svd(..., full_matrices=False)
    return mean, ...'''
_BACK_STARTER = '''def reconstruct(X, mean, axes):
    """X projected onto axes, shape (k, d), and brought back into its own units: the shape of X."""
    codes = ...
    return ...'''


def _judge_axes(namespace):
    principal_axes = written(namespace, "principal_axes", _AXES_STARTER)
    for seed, k in ((0, 1), (1, 2), (2, 3)):
        X = off_centre(seed)
        answer = returned(principal_axes, X, np.int64(k))
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            raise NotYet("Two things were expected, the mean and the axes: `return mean, ...`.", "not_two")
        mean = numbers(answer[0], "mean")
        if mean.shape == ():
            raise NotYet(
                "`mean` is one number for the whole table. Each column has a mean of its own: `X.mean(axis=0)`.",
                "one_mean",
            )
        mean, axes = numbers(mean, "mean", (5,)), numbers(answer[1], "axes")
        if axes.shape == (k, len(X)):
            raise NotYet(
                f"Your axes have {len(X)} entries, one for each row of X: those are the left vectors of the SVD. The axes "
                "live where the columns live; they are the third thing that `svd` returns.",
                "left_vectors",
            )
        axes = numbers(axes, "axes", (k, 5))
        _look_at_axes(X, axes, k)
        if not np.allclose(mean, X.mean(axis=0)):
            raise NotYet(
                "The axes are right and `mean` is not the mean of the columns: `X.mean(axis=0)`.", "other_mean"
            )
    return (
        "Unit length, at right angles, and the same spaces as the reference, whatever their signs. That is PCA; the rest is "
        "what one does with it."
    )


def _look_at_axes(X, axes, k):
    """Raise what is to be said of axes that are not the first k of X."""
    lengths = np.linalg.norm(axes, axis=1)
    if abs(lengths - 1).max() > 1e-6:
        raise NotYet(
            f"The first axis is {lengths[0]:.2f} long. An axis is a direction and has length 1; how much varies along it, the "
            "singular value, is another matter.",
            "not_unit",
        )
    if apart(axes, axes_of(X, k)) < 1e-3:
        return
    if apart(axes, np.linalg.svd(X, full_matrices=False)[2][:k]) < 1e-3:
        raise NotYet(
            "These are the axes of the table as it is, and the first points from 0 to the mean: you took the SVD of X. PCA "
            "asks how rows differ from their mean. Subtract the mean first.",
            "not_centred",
        )
    whole = axes_of(X, 5)
    if apart(axes, whole[:, :k].T) < 1e-3:
        raise NotYet(
            "Right shape, other directions: these are columns of what `svd` returned. It returns Vᵀ, in which each row is "
            "an axis: `turned[:k]`.",
            "columns",
        )
    if apart(axes, whole[-k:]) < 1e-3:
        raise NotYet(
            "These are the directions along which least varies. `svd` sorts from the largest down, `eigh` from the smallest "
            "up; take the other end.",
            "last_axes",
        )
    raise NotYet(
        f"For k = {k} your axes span another space than the reference, {apart(axes, axes_of(X, k)):.1f}° away. Centre "
        "X, take the "
        "SVD, keep the first k rows of its third part.",
        "other_space",
    )


def _axes(centred, kept):
    svd = f"u, s, v = np.linalg.svd({centred}, full_matrices=False)"
    return f"import numpy as np\ndef principal_axes(X, k):\n    {svd}\n    return {kept}"


AXES = Exercise(
    id="pca.principal_axes",
    title="PCA in three lines",
    text=(
        "Fill the three gaps of `principal_axes(X, k)`: the mean of the columns, what to take the SVD of, and the first k "
        "axes. NumPy's `svd(A)` returns U, the singular values from the largest down, and Vᵀ, with A = U · diag · Vᵀ."
    ),
    setup=SETUP,
    starter=_AXES_STARTER,
    solution=_AXES_STARTER.replace("mean = ...", "mean = X.mean(axis=0)")
    .replace("svd(...,", "svd(X - mean,")
    .replace("return mean, ...", "return mean, turned[:k]"),
    another=(
        "import numpy as np\ndef principal_axes(X, k):\n    values, vectors = np.linalg.eigh(np.cov(X, rowvar=False))\n"
        "    return X.mean(axis=0), -vectors[:, np.argsort(-values)[:k]].T"
    ),
    judge=_judge_axes,
    hints=(
        "PCA asks how rows differ from their mean, so the SVD is of `X - mean`. The mean of each column: `axis=0`.",
        "The third part that `svd` returns has one axis in each row, in order: `turned[:k]`.",
    ),
    misconceptions={
        "not_centred": _axes("X", "X.mean(axis=0), v[:k]"),
        "columns": _axes("X - X.mean(axis=0)", "X.mean(axis=0), v[:, :k].T"),
        "not_unit": _axes("X - X.mean(axis=0)", "X.mean(axis=0), s[:k, None] * v[:k]"),
        "left_vectors": _axes("X - X.mean(axis=0)", "X.mean(axis=0), u[:, :k].T"),
        "last_axes": _axes("X - X.mean(axis=0)", "X.mean(axis=0), v[-k:]"),
        "one_mean": _axes("X - X.mean()", "X.mean(), v[:k]"),
        "not_two": _axes("X - X.mean(axis=0)", "v[:k]"),
    },
)


def _judge_back(namespace):
    reconstruct = written(namespace, "reconstruct", _BACK_STARTER)
    X = off_centre(5)
    mean, errors = X.mean(axis=0), []
    for k in range(2, 6):
        axes = axes_of(X, k)
        found = numbers(returned(reconstruct, X, mean, axes), "reconstruct(X, mean, axes)")
        codes = (X - mean) @ axes.T
        if found.shape == codes.shape and k < 5:
            raise NotYet(
                f"You returned {k} numbers for each row: the codes. They are half of the way; `codes @ axes` leads back to five "
                "columns, and the mean has still to be added.",
                "codes",
            )
        found = numbers(found, "reconstruct(X, mean, axes)", X.shape)
        _look_at_rows(X, mean, axes, codes, found)
        errors.append(((X - found) ** 2).sum())
    if (np.diff(errors) > 1e-6).any() or errors[-1] > 1e-6:
        raise NotYet(
            "With more axes the error must not grow, and with all of them it must vanish; yours does not.", "grows"
        )
    return (
        f"Back in X's own units. The error falls with every axis, here from {errors[0]:,.0f} to 0, and what is left always "
        "stands at right angles to the axes: those are the drops that you saw."
    )


def _look_at_rows(X, mean, axes, codes, found):
    """Raise what is to be said of a reconstruction that is not the projection of X."""
    if np.allclose(found, mean + codes @ axes):
        return
    if np.allclose(found, codes @ axes):
        raise NotYet(
            "Your rows lie around 0, and X lies around its mean. You took the mean off on the way there; put it back on the "
            "way home.",
            "mean_forgotten",
        )
    if np.allclose(found, X @ axes.T @ axes + mean) or np.allclose(found, X @ axes.T @ axes):
        raise NotYet(
            "You projected X itself. The axes go through the mean, not through 0: project `X - mean`, and add the mean at "
            "the end.",
            "not_centred",
        )
    if np.allclose(found, X):
        raise NotYet(
            "You returned X as it came. Nothing went through the k numbers, so nothing could be lost.", "untouched"
        )
    outside = np.abs((found - mean) - (found - mean) @ axes.T @ axes).max()
    raise NotYet(
        f"Your rows do not lie where they should: {outside:.3g} away from the space of the axes, where 0 was expected, or moved "
        "within it. First `(X - mean) @ axes.T`, then `@ axes`, then the mean.",
        "elsewhere",
    )


def _back(body):
    return f"def reconstruct(X, mean, axes):\n    {body}"


BACK = Exercise(
    id="pca.reconstruct",
    title="There and back",
    text=(
        "Write `reconstruct(X, mean, axes)`: describe each row by its k numbers (its codes: how far along each axis), and "
        "make rows of d numbers from those alone. The result has X's shape and units."
    ),
    setup=SETUP,
    starter=_BACK_STARTER,
    solution=_BACK_STARTER.replace("codes = ...", "codes = (X - mean) @ axes.T").replace(
        "return ...", "return mean + codes @ axes"
    ),
    another=_back("return (X - mean).dot(axes.T.dot(axes)) + mean"),
    judge=_judge_back,
    hints=(
        "How far along an axis a row lies is a product of the two: `(X - mean) @ axes.T` has one column for each axis.",
        "The way back is the same matrix, not transposed: `codes @ axes`. Then the rows need their mean again.",
    ),
    misconceptions={
        "codes": _back("return (X - mean) @ axes.T"),
        "mean_forgotten": _back("return (X - mean) @ axes.T @ axes"),
        "not_centred": _back("return X @ axes.T @ axes + mean"),
        "untouched": _back("codes = (X - mean) @ axes.T\n    return X"),
        "no_return": _back("codes = (X - mean) @ axes.T"),
    },
)
