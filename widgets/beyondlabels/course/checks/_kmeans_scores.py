"""Exercises on what a silhouette says, of k and of noise."""

import numpy as np

from ..exercises import Exercise, NotAttempted, NotYet
from ._kmeans_data import SETUP_SCALED, reference, silhouettes_by_k
from ._tools import begun, close, numbers


def _judge_how_many(namespace):
    silhouettes = begun(namespace, "silhouettes")
    if hasattr(silhouettes, "to_dict"):
        silhouettes = silhouettes.to_dict()
    if not isinstance(silhouettes, dict) or set(silhouettes) != set(range(2, 7)):
        raise NotYet(
            "`silhouettes` should be a dictionary with the keys 2, 3, 4, 5 and 6: one number for each k.", "shape"
        )
    if all(value is ... for value in silhouettes.values()):
        raise NotAttempted("Put a silhouette where the first three dots stand, run that cell, then press Check.")
    if any(value is ... for value in silhouettes.values()):
        raise NotYet("The three dots inside the loop are still there: `silhouettes[k]` needs a number.", "unfinished")
    best_k = namespace.get("best_k", ...)
    if best_k is ...:
        raise NotYet("The table is there; `best_k`, the k you read from it, is still to do.", "unfinished")
    found = numbers([silhouettes[k] for k in range(2, 7)], "silhouettes", (5,))
    right, raw, inertias = (np.array(list(table.values())) for table in silhouettes_by_k())
    if (abs(found / inertias - 1) < 0.1).all():
        raise NotYet(
            "Those are inertias. Inertia falls with every group you add, so it can never say stop; the "
            "silhouette can. Use `silhouette_score`.",
            "inertia",
        )
    if (abs(found) > 1).any():
        raise NotYet(
            "A silhouette lies between -1 and 1, and yours do not. Use `silhouette_score(rows, labels)`.",
            "not_a_silhouette",
        )
    if (abs(found - raw) < 0.03).all():
        raise NotYet(
            f"{found[0]:.2f} for k = 2 is the silhouette of the unscaled table. It looks better because it "
            "nearly only asks about body mass. Use `X_scaled` for the fit and for the score.",
            "unscaled",
        )
    if (abs(found - right) > np.array([0.02, 0.05, 0.06, 0.06, 0.06])).any():
        k = 2 + int(np.argmax(abs(found - right)))
        raise NotYet(
            f"For k = {k} you have {found[k - 2]:.2f}, and about {right[k - 2]:.2f} was expected. Fit on "
            "`X_scaled`, and score the same rows with the labels of that fit.",
            "other_rows",
        )
    best_k = int(numbers(best_k, "best_k", ()))
    if best_k == 3:
        raise NotYet(
            "Three is the number of species, and you know that from elsewhere. The silhouette was asked: "
            "which k has the largest value in your table?",
            "species_known",
        )
    if best_k == 2 + int(np.argmin(found)):
        raise NotYet(
            f"k = {best_k} has the smallest silhouette. For inertia less is better; for a silhouette more is.",
            "smallest",
        )
    if best_k != 2:
        raise NotYet(
            f"Your table says {found.max():.2f} for k = {2 + int(np.argmax(found))}, and `best_k` is {best_k}.",
            "not_the_largest",
        )
    return (
        f"Two groups, with {found[0]:.2f} against {found[1]:.2f} for three. The biologists count three "
        "species: a score is advice, no truth."
    )


_FIT = "KMeans(n_clusters=k, n_init=4, random_state=seed).fit"
_LOOP = "silhouettes = {{}}\nfor k in range(2, 7):\n    silhouettes[k] = {}\n"

HOW_MANY = Exercise(
    id="kmeans.how_many",
    title="How many groups?",
    text=(
        "For k = 2 to 6, fit `KMeans` on `X_scaled` and keep the silhouette in the dictionary `silhouettes` "
        "under the key k. Then put the k that the silhouette prefers in `best_k`."
    ),
    setup=SETUP_SCALED,
    starter="silhouettes = {}\nfor k in range(2, 7):\n    silhouettes[k] = ...\nbest_k = ...",
    solution="silhouettes = {}\nfor k in range(2, 7):\n"
    "    labels = KMeans(n_clusters=k, n_init=10, random_state=0).fit_predict(X_scaled)\n"
    "    silhouettes[k] = silhouette_score(X_scaled, labels)\n"
    "best_k = max(silhouettes, key=silhouettes.get)",
    another=(
        f"import pandas as pd\nfits = {{k: {_FIT}(X_scaled) for k in range(2, 7)}}\nsilhouettes = "
        "pd.Series({k: silhouette_score(X_scaled, fit.labels_) for k, fit in fits.items()})\nbest_k = "
        "silhouettes.idxmax()"
    ),
    judge=_judge_how_many,
    hints=(
        "Inside the loop two steps are needed: labels from `KMeans(n_clusters=k, ...)`, then "
        "`silhouette_score(rows, labels)`.",
        "`max(silhouettes, key=silhouettes.get)` is the key with the largest value.",
    ),
    misconceptions={
        "unscaled": _LOOP.format(f"silhouette_score(X, {_FIT}(X).labels_)") + "best_k = 2",
        "inertia": _LOOP.format(f"{_FIT}(X_scaled).inertia_") + "best_k = 6",
        "species_known": _LOOP.format(f"silhouette_score(X_scaled, {_FIT}(X_scaled).labels_)") + "best_k = 3",
        "smallest": _LOOP.format(f"silhouette_score(X_scaled, {_FIT}(X_scaled).labels_)")
        + "best_k = min(silhouettes, key=silhouettes.get)",
        "other_rows": _LOOP.format(f"silhouette_score(X_scaled, {_FIT}(X).labels_)") + "best_k = 2",
    },
)


def _judge_noise(namespace):
    shuffled, score = begun(namespace, "shuffled", "noise_silhouette")
    _, scaled, _ = reference()
    shuffled = numbers(shuffled, "shuffled", scaled.shape)
    score = float(numbers(score, "noise_silhouette", ()))
    if np.allclose(shuffled, scaled, atol=1e-6):
        raise NotYet(
            "`shuffled` is `X_scaled` unchanged. `rng.permutation(values)` returns a shuffled copy; keep "
            "what it returns.",
            "unchanged",
        )
    if not np.allclose(np.sort(shuffled, axis=0), np.sort(scaled, axis=0), atol=1e-6):
        raise NotYet(
            "The columns of `shuffled` do not hold the penguins' own values. Fresh random numbers are noise "
            "too, but then the shape of each column changes as well, and two causes are mixed. Shuffle, do "
            "not draw.",
            "new_numbers",
        )
    strongest = abs(np.corrcoef(shuffled.T) - np.eye(4)).max()
    if strongest > 0.4:
        raise NotYet(
            f"Two columns of `shuffled` still go together (correlation {strongest:.2f}): whole rows moved, so "
            "each penguin stayed whole. Shuffle every column on its own.",
            "rows_shuffled",
        )
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    expected = silhouette_score(shuffled, KMeans(n_clusters=3, n_init=10, random_state=0).fit_predict(shuffled))
    real = silhouettes_by_k()[0][3]
    if close(score, expected, 0.05):
        return (
            f"{score:.2f} without any groups, {real:.2f} for the penguins. k-means always answers; only the "
            "comparison with noise says whether there was something to find."
        )
    if close(score, real, 0.03):
        raise NotYet(
            f"{score:.2f} is the penguins' own silhouette. Fit and score `shuffled`; about {expected:.2f} is "
            "to be expected.",
            "penguins_score",
        )
    raise NotYet(
        f"`noise_silhouette` is {score:.2f}; k-means with k = 3 on your `shuffled` gives about "
        f"{expected:.2f}. The rows and the labels given to `silhouette_score` must both come from `shuffled`.",
        "labels_of_penguins",
    )


_SHUFFLE = (
    "rng = np.random.default_rng(seed)\nshuffled = np.column_stack([rng.permutation(column) for column in "
    "X_scaled.T])\n"
)
_SCORE = "noise_silhouette = silhouette_score({rows}, KMeans(3, n_init=10, random_state=seed).fit_predict({fit}))"
_RIGHT_SCORE = _SCORE.format(rows="shuffled", fit="shuffled")

NOISE = Exercise(
    id="kmeans.noise_has_groups",
    title="Noise has groups too",
    text=(
        "Make penguins that never lived: `shuffled` is `X_scaled` with every column shuffled on its own, so "
        "each value stays and every relation goes. Fit k-means with k = 3 on it and put the silhouette in "
        "`noise_silhouette`."
    ),
    setup=SETUP_SCALED,
    starter="rng = np.random.default_rng(1)\nshuffled = ...\nnoise_silhouette = ...",
    solution="rng = np.random.default_rng(1)\n"
    "shuffled = np.column_stack([rng.permutation(column) for column in X_scaled.T])\n"
    "noise_groups = KMeans(n_clusters=3, n_init=10, random_state=0).fit_predict(shuffled)\n"
    "noise_silhouette = silhouette_score(shuffled, noise_groups)",
    another=(
        "rng = np.random.default_rng(seed + 50)\nshuffled = pd.DataFrame(rng.permuted(X_scaled, axis=0))\n"
        "noise_silhouette = np.float32(silhouette_score(shuffled, KMeans(3, n_init=5, "
        "random_state=seed).fit(shuffled).labels_))"
    ),
    judge=_judge_noise,
    hints=(
        "`X_scaled.T` gives the columns one by one, `rng.permutation(column)` a shuffled copy of one, and "
        "`np.column_stack([...])` puts columns together again.",
        "Then as in the exercise before: labels from KMeans on `shuffled`, and `silhouette_score(shuffled, "
        "those_labels)`.",
    ),
    misconceptions={
        "rows_shuffled": "rng = np.random.default_rng(seed)\nshuffled = rng.permutation(X_scaled)\n" + _RIGHT_SCORE,
        "new_numbers": "rng = np.random.default_rng(seed)\nshuffled = rng.normal(size=X_scaled.shape)\n" + _RIGHT_SCORE,
        "unchanged": "rng = np.random.default_rng(seed)\nshuffled = X_scaled\n" + _RIGHT_SCORE,
        "penguins_score": _SHUFFLE + _SCORE.format(rows="X_scaled", fit="X_scaled"),
        "labels_of_penguins": _SHUFFLE + _SCORE.format(rows="shuffled", fit="X_scaled"),
    },
)
