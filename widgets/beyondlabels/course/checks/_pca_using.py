"""Exercises on using a PCA: whitening, and a compressor of one's own for the wines."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._pca_data import SETUP, apart, digits
from ._tools import begun, numbers


def _judge_white(namespace):
    white = numbers(begun(namespace, "white"), "white")
    X, mean, lengths, axes = digits()
    if white.shape == (len(X), 64):
        raise NotYet(
            "`white` has 64 columns, and the last of them are rounding blown up to variance 1. Twenty components were asked for.",
            "all_64",
        )
    white = numbers(white, "white", (len(X), 20))
    spread = white.std(axis=0)
    together = np.corrcoef(white, rowvar=False) if spread.min() > 1e-12 else np.eye(20)
    largest = np.abs(together - np.eye(20)).max()
    variances = lengths[:20] ** 2 / len(X)
    if np.allclose(spread**2, variances, rtol=0.01):
        raise NotYet(
            f"These are the components as they are: the first varies by {spread[0]:.1f}, the last by {spread[-1]:.1f}. "
            "White means "
            "that each has variance 1. Divide each by its own standard deviation.",
            "not_white",
        )
    if np.allclose(spread**2, 1 / variances, rtol=0.01):
        raise NotYet(
            "You divided by the variance, so the first component now varies least. The standard deviation is its square root.",
            "by_variance",
        )
    if largest > 0.02:
        raise NotYet(
            f"Two of your columns still go together (correlation {largest:.2f}). Standardised pixels all have variance "
            "1 and are not "
            "white; first turn to the components, then divide.",
            "correlated",
        )
    if abs(spread - 1).max() > 0.01:
        raise NotYet(
            f"The standard deviations run from {spread.min():.2f} to {spread.max():.2f}; all should be 1.", "not_one"
        )
    spans = apart(white.T - white.mean(axis=0)[:, None], axes[:20] @ (X - mean).T)
    if spans > 0.5:
        raise NotYet(
            f"White, yes, but of other components: {spans:.0f}° from the first twenty of `X`. Was it the PCA of other "
            "rows, or of "
            "scaled pixels?",
            "other_components",
        )
    return "Every column varies by 1 and none tells of another: a round cloud, in twenty dimensions. Each has the same say now."


WHITE = Exercise(
    id="pca.white",
    title="White",
    text=(
        "Put into `white` the first 20 components of the 1,797 digits `X`, each divided so that its variance is 1: an array "
        "of 1797 by 20."
    ),
    setup=SETUP,
    starter="white = ...",
    solution="white = PCA(20, whiten=True).fit_transform(X)",
    another=("u, s, v = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)\nwhite = -u[:, :20] * np.sqrt(len(X))"),
    judge=_judge_white,
    hints=(
        "`PCA(20).fit_transform(X)` are the components. Their standard deviations: `.std(axis=0)`.",
        "scikit-learn does both at once with `PCA(20, whiten=True)`.",
    ),
    misconceptions={
        "not_white": "white = PCA(20).fit_transform(X)",
        "by_variance": "codes = PCA(20).fit_transform(X)\nwhite = codes / codes.var(axis=0)",
        "correlated": "white = StandardScaler().fit_transform(X[:, X.std(axis=0) > 0])[:, :20]",
        "other_components": "white = PCA(20, whiten=True).fit_transform(StandardScaler().fit_transform(X))",
        "all_64": "white = PCA(whiten=True).fit_transform(X)",
    },
)

MOST, HALF = 5, 0.5


def _judge_compressor(namespace):
    from ... import NotExportable, assess

    compressor = begun(namespace, "compressor")
    if not hasattr(compressor, "fit"):
        raise NotYet(
            f"`compressor` is a {type(compressor).__name__}; a fitted model or pipeline was expected.", "no_model"
        )
    if not (hasattr(compressor, "transform") and hasattr(compressor, "inverse_transform")):
        raise NotYet(
            f"{type(compressor).__name__} has no way there and back (`transform` and `inverse_transform`); PCA and NMF "
            "have one, and a "
            "pipeline of a scaler and one of them.",
            "no_way_back",
        )
    wine = namespace["wine"]
    nameless = hasattr(compressor, "n_features_in_") and not hasattr(
        compressor, "feature_names_in_"
    )  # fitted to an array
    codes = np.asarray(compressor.transform(np.asarray(wine, dtype=float) if nameless else wine), dtype=float)
    back = np.asarray(compressor.inverse_transform(codes), dtype=float)
    rows = np.asarray(wine, dtype=float)
    if codes.ndim != 2 or codes.shape[1] > MOST:
        raise NotYet(
            f"`compressor` keeps {codes.shape[-1]} numbers of each wine; at most {MOST} were allowed.", "too_many"
        )
    left = ((rows - back) ** 2).sum(axis=0) / ((rows - rows.mean(axis=0)) ** 2).sum(axis=0)
    lost = int((left > HALF).sum())
    worst = list(wine.columns)[int(left.argmax())]
    if np.median(left) > 2:
        raise NotYet(
            "What comes back is farther from the wines than their mean is: `compressor` was fitted to other numbers, scaled "
            "ones perhaps. A phone has the bottle's own numbers; let the scaler be the first step of a pipeline.",
            "scaled_outside",
        )
    if lost and left[list(wine.columns).index("proline")] < 0.01:
        raise NotYet(
            f"Proline comes back whole, and {lost} of 13 columns lose more than half of their variance, `{worst}` most. "
            "That is the "
            "variance of the raw table: in it only large numbers count. Scale first.",
            "raw",
        )
    if lost:
        raise NotYet(
            f"{lost} of 13 columns lose more than half of their variance, `{worst}` most: {100 * left.max():.0f} %. You "
            "may keep up to "
            f"{MOST} numbers of each wine.",
            "too_few",
        )
    try:
        verdict = assess(compressor)
    except NotExportable as error:  # the verdict says why, in the catalogue's words
        verdict = error.verdict
    if verdict.kind not in ("exact", "iterative"):
        raise NotYet(
            f"It compresses well, and it cannot go to the phone: {verdict.kind}. Look at `bl.assess(compressor)`.",
            "stays_here",
        )
    return (
        f"{codes.shape[1]} numbers for each wine instead of 13, and `{worst}`, the worst of the columns, keeps "
        f"{100 * (1 - left.max()):.0f} % of its variance. Verdict: {verdict.kind}."
    )


COMPRESSOR = Exercise(
    id="pca.compressor",
    title="A compressor for wines",
    text=(
        "Open question: fit to `wine` any model or pipeline with `transform` and `inverse_transform` that keeps at "
        "most five numbers "
        "of each wine, so that **every** one of the 13 columns keeps at least half of its variance on the way there "
        "and back, and that "
        "can go to the phone. Put it into `compressor`."
    ),
    setup=SETUP,
    starter="compressor = ...",
    solution="compressor = make_pipeline(StandardScaler(), PCA(5)).fit(wine)",
    another="from sklearn.preprocessing import RobustScaler\ncompressor = make_pipeline(RobustScaler(), PCA(5)).fit(wine)",
    judge=_judge_compressor,
    hints=(
        "What decides which columns PCA keeps is their variance. How can every column have the same?",
        "`make_pipeline(StandardScaler(), PCA(k)).fit(wine)`: which k up to 5 is enough? `inverse_transform` undoes both steps.",
    ),
    misconceptions={
        "raw": "compressor = PCA(5).fit(wine)",
        "too_many": "compressor = make_pipeline(StandardScaler(), PCA(6)).fit(wine)",
        "too_few": "compressor = make_pipeline(StandardScaler(), PCA(3)).fit(wine)",
        "not_fitted": "compressor = make_pipeline(StandardScaler(), PCA(5))",
        "scaled_outside": "compressor = PCA(5).fit(StandardScaler().fit_transform(wine))",
        "no_way_back": "from sklearn.cluster import KMeans\ncompressor = KMeans(5, n_init=2, random_state=seed).fit(wine)",
        "class": "compressor = PCA",
    },
)
