"""Exercises on reading a PCA: how many components, and when two answers are the same."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._pca_data import SETUP, digits
from ._tools import begun, numbers, returned, written


def _judge_how_many(namespace):
    kept, k_90 = begun(namespace, "kept", "k_90")
    kept = numbers(kept, "kept")
    _, _, lengths, _ = digits()
    shares = lengths**2 / (lengths**2).sum()
    if kept.shape != (64,):
        raise NotYet(
            f"`kept` has the shape {kept.shape}; one share for each of the 64 components was expected.", "shape"
        )
    right = np.cumsum(shares)
    if not np.allclose(kept, right, atol=5e-4):
        _look_at_shares(kept, lengths, shares)
    k_90 = numbers(k_90, "k_90", ())
    if k_90 == 20:
        raise NotYet(
            "`kept[20]` is the first above 0.9, and counting begins at 0: it is what 21 components keep. 20 keep "
            f"{right[19]:.4f}.",
            "off_by_one",
        )
    if k_90 != 21:
        raise NotYet(
            f"Your table is right, and in it {k_90:g} is not the smallest number of components that keeps 0.9 of the variance. "
            "Print `kept` and count.",
            "other_k",
        )
    return "21 of 64 numbers keep 90 % of the variance. Whether that is enough, PCA cannot say: ask whoever reads them."


def _look_at_shares(kept, lengths, shares):
    if np.allclose(kept, np.cumsum(lengths) / lengths.sum(), atol=5e-4):
        raise NotYet(
            "Those are shares of the singular values. A singular value is a length, variance is its square: square them "
            "before you add them up.",
            "not_squared",
        )
    if np.allclose(kept, shares, atol=5e-4):
        raise NotYet(
            "That is what each component keeps alone. `kept[i]` should be what the first i + 1 keep together: `np.cumsum`.",
            "not_summed",
        )
    if np.allclose(kept, 100 * np.cumsum(shares), atol=0.05):
        raise NotYet("Those are per cent. A share lies between 0 and 1, and so does the 0.9: divide by 100.", "percent")
    if kept[-1] > 1.5:
        raise NotYet(
            f"`kept` ends at {kept[-1]:,.0f}: a variance, no share of one. Divide by the variance of all components.",
            "no_share",
        )
    raise NotYet(
        f"`kept` begins with {kept[0]:.3f}, and {shares[0]:.3f} was expected. Was it the PCA of `X`, all 64 pixels, as they are?",
        "other_rows",
    )


HOW_MANY = Exercise(
    id="pca.how_many",
    title="How many are enough?",
    text=(
        "Put into `kept` the share of the digits' variance that the first 1, 2, 3 … 64 components keep together (64 numbers, the "
        "last is 1), and into `k_90` the smallest number of components that keeps at least 0.9."
    ),
    setup=SETUP,
    starter="kept = ...\nk_90 = ...",
    solution="kept = np.cumsum(PCA().fit(X).explained_variance_ratio_)\nk_90 = int((kept < 0.9).sum()) + 1",
    another=(
        "lengths = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)\nkept = list(np.cumsum(lengths**2) / (lengths**2).sum())\n"
        "k_90 = PCA(0.9, svd_solver='full').fit(X).n_components_"
    ),
    judge=_judge_how_many,
    hints=(
        "A fitted PCA knows the share of each component: `explained_variance_ratio_`. `np.cumsum` adds them up.",
        "The entries below 0.9 are the ones that do not suffice: count them, and take one more.",
    ),
    misconceptions={
        "off_by_one": "kept = np.cumsum(PCA().fit(X).explained_variance_ratio_)\nk_90 = (kept >= 0.9).argmax()",
        "not_squared": "kept = np.cumsum(PCA().fit(X).singular_values_)\nkept = kept / kept[-1]\nk_90 = (kept < 0.9).sum() + 1",
        "percent": "kept = 100 * np.cumsum(PCA().fit(X).explained_variance_ratio_)\nk_90 = 21",
        "not_summed": "kept = PCA().fit(X).explained_variance_ratio_\nk_90 = 21",
        "no_share": "kept = np.cumsum(PCA().fit(X).explained_variance_)\nk_90 = 21",
        "other_rows": "kept = np.cumsum(PCA().fit(StandardScaler().fit_transform(X)).explained_variance_ratio_)\n"
        "k_90 = (kept < 0.9).sum() + 1",
    },
)

_ANGLE_STARTER = '''def largest_angle(first, second):
    """Degrees between two spaces, each given by orthonormal rows (k, d). 0: the same space."""
    ...'''
_TILTS = (0.0, 12.0, 40.0)  # of a plane in four dimensions, together with 5° of its first axis


def _planes(tilt, seed):
    """Two planes in four dimensions, 5° and ``tilt`` apart, the second with turned and flipped axes: (2, 4) each."""
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    a, b = np.radians([min(5.0, tilt), tilt])
    second = np.array([np.cos(a) * frame[0] + np.sin(a) * frame[2], np.cos(b) * frame[1] + np.sin(b) * frame[3]])
    turn = rng.uniform(0.5, 1.0)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [-np.sin(turn), -np.cos(turn)]])
    return frame[:2].copy(), turned @ second


def _judge_angle(namespace):
    largest_angle = written(namespace, "largest_angle", _ANGLE_STARTER)
    line = np.array([[0.6, 0.8, 0.0]])
    with np.errstate(invalid="ignore"):
        same, flipped = (_degrees(largest_angle, line, sign * line) for sign in (1, -1))
        upright = _degrees(largest_angle, line, np.array([[0.0, 0.0, 1.0]]))
        found = [_degrees(largest_angle, *_planes(tilt, seed)) for seed, tilt in enumerate(_TILTS)]
    if abs(upright - np.pi / 2) < 1e-3:
        raise NotYet(
            "Two lines at right angles are 1.571 apart by your function: those are radians. Use `np.degrees`.",
            "radians",
        )
    if abs(same) < 0.01 and abs(flipped) > 1:
        raise NotYet(
            f"An axis and the same axis pointing the other way are {flipped:.0f}° apart by your function. They are one line: the "
            "sign of an axis means nothing. Take absolute values, or singular values, which have none.",
            "signs",
        )
    if abs(upright - 90) > 0.01 or abs(same) > 0.01:
        raise NotYet(
            f"A line is {same:.2f}° from itself and {upright:.2f}° from one at right angles to it; 0 and 90 were expected.",
            "lines",
        )
    if np.allclose(found, np.minimum(5, _TILTS), atol=0.01):
        raise NotYet(
            "You took the smallest angle. Two planes that share a line have 0 there, however far they gape: the "
            "largest angle says "
            "whether they are one. The smallest singular value belongs to it.",
            "smallest",
        )
    if found[0] > 0.01:
        raise NotYet(
            f"Two pairs of axes that span one and the same plane are {found[0]:.1f}° apart by your function: it "
            "compares the first axis "
            "with the first, the second with the second. A plane has many pairs of axes; look at all of `first @ "
            "second.T` at once.",
            "row_by_row",
        )
    if not np.allclose(found, _TILTS, atol=0.01):
        raise NotYet(f"Planes {_TILTS[1]:.0f}° apart are {found[1]:.1f}° apart by your function.", "other_angle")
    return (
        "Flipped, turned or not: the same plane is 0° away. Compare what axes span, never their signs or their order."
    )


def _degrees(function, first, second):
    answer = returned(function, first, second)
    value = (
        np.asarray(answer, dtype=float) if np.asarray(answer).dtype.kind in "fiub" else numbers(answer, "your angle")
    )
    if value.size != 1:
        raise NotYet(f"`largest_angle` returned {value.size} numbers; one angle was expected, the largest.", "many")
    value = float(value.reshape(()))
    if not np.isfinite(value):
        raise NotYet(
            "For a space and itself your function gives NaN. A cosine can come out as 1.0000000000000002 by rounding, and "
            "`arccos` of that is nothing: `np.clip(..., -1, 1)` first.",
            "above_one",
        )
    return value


def _angle(body):
    return f"import numpy as np\ndef largest_angle(first, second):\n    {body}"


_COSINES = "np.linalg.svd(first @ second.T, compute_uv=False)"

ANGLE = Exercise(
    id="pca.largest_angle",
    title="The same plane?",
    text=(
        "Write `largest_angle(first, second)`: the largest angle in degrees between two spaces, each given by k "
        "orthonormal rows. "
        "It must be 0 for the same space, with whatever signs and in whatever order its axes come."
    ),
    setup=SETUP,
    starter=_ANGLE_STARTER,
    solution=_ANGLE_STARTER.replace(
        "    ...",
        "    cosines = np.linalg.svd(first @ second.T, compute_uv=False)\n"
        "    return np.degrees(np.arccos(np.clip(cosines.min(), -1, 1)))",
    ),
    another="import numpy as np\nfrom scipy.linalg import subspace_angles\ndef largest_angle(first, second):\n"
    "    return np.degrees(subspace_angles(first.T, second.T)[0])",
    judge=_judge_angle,
    hints=(
        "All products of an axis here with an axis there: `first @ second.T`, k by k. Its singular values are the cosines of the "
        "angles between the spaces (Björck and Golub 1973), and they have no sign.",
        "The largest angle has the smallest cosine. `np.clip` before `np.arccos`, and `np.degrees` at the end.",
    ),
    misconceptions={
        "signs": _angle("return np.degrees(np.arccos(np.clip((first * second).sum(axis=1), -1, 1))).max()"),
        "row_by_row": _angle("return np.degrees(np.arccos(np.clip(abs((first * second).sum(axis=1)), 0, 1))).max()"),
        "smallest": _angle(f"return np.degrees(np.arccos(np.clip({_COSINES}, -1, 1))).min()"),
        "radians": _angle(f"return np.arccos(np.clip({_COSINES}, -1, 1)).max()"),
        "above_one": _angle(f"return np.degrees(np.arccos(1.0000000000000002 * {_COSINES})).max()"),
        "many": _angle(f"return np.degrees(np.arccos(np.clip({_COSINES} * np.ones(2), -1, 1)))"),
    },
)
