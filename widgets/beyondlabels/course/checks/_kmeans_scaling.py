"""Exercises on scale: before the fit, and again for a penguin that comes later."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._kmeans_data import SETUP, SETUP_SCALED, reference
from ._tools import begun, close, inertia, labels, numbers


def _judge_scale_first(namespace):
    scaled, groups = begun(namespace, "scaled", "groups")
    rows, standard, best = reference()
    scaled = numbers(scaled, "scaled", rows.shape)
    means, spreads = scaled.mean(axis=0), scaled.std(axis=0)
    if np.allclose(scaled, rows):
        raise NotYet(
            "`scaled` is still the raw table. Body mass varies by hundreds and bill depth by two, so every "
            "distance is body mass. Subtract each column's mean and divide by its own spread.",
            "still_raw",
        )
    if abs(scaled.mean(axis=1)).max() < 0.01 and np.ptp(scaled.std(axis=1)) < 0.01:
        raise NotYet(
            "Every row now has mean 0: you scaled each penguin against itself. What should be comparable are "
            "the columns; look at `axis`.",
            "rows_not_columns",
        )
    if spreads.max() > 20 * spreads.min():
        raise NotYet(
            f"The spread still runs from {spreads.min():.3g} to {spreads.max():.3g} from column to column, so "
            "the widest still decides every distance. Divide each column by its own spread.",
            "one_scale_for_all",
        )
    if scaled.min() >= -1e-9 and close(scaled.max(), 1, 1e-6):
        raise NotYet(
            "You squeezed every column between 0 and 1. That is a fair choice too, but two extreme birds "
            "then set the scale; the exercise asks for mean 0 and spread 1.",
            "min_max",
        )
    if abs(means).max() > 0.02 or abs(spreads - 1).max() > 0.02:
        raise NotYet(
            f"Column means run from {means.min():.2f} to {means.max():.2f} and spreads from "
            f"{spreads.min():.2f} to {spreads.max():.2f}; 0 and 1 were asked for. Subtract the mean, then "
            "divide by the spread.",
            "not_standard",
        )
    groups = labels(groups, "groups", len(rows))
    count = len(np.unique(groups))
    if count != 3:
        raise NotYet(
            f"`groups` has {count} different labels; three groups were asked for. Look at `n_clusters`.", "wrong_k"
        )
    reached = inertia(standard, groups)
    if reached > 1.5 * best:
        raise NotYet(
            f"`scaled` is right, but measured in it your groups have an inertia of {reached:.0f}, and "
            f"{best:.0f} is possible. They look as if they were made from `X`; give `scaled` to KMeans.",
            "groups_from_raw",
        )
    if reached > 1.05 * best:
        raise NotYet(
            f"Your groups are a place where k-means can stop (inertia {reached:.0f}), but not the best one "
            f"({best:.0f}). One unlucky start does that; `n_init=10` tries ten and keeps the best.",
            "one_start",
        )
    return (
        f"Every measurement now has the same say. Inertia {reached:.0f}: the sum of squared distances, in "
        "spreads, no longer in grams."
    )


SCALE_FIRST = Exercise(
    id="kmeans.scale_first",
    title="Scale first",
    text=(
        "Put the penguins' table `X` into `scaled` so that every column has mean 0 and spread 1 (standard "
        "deviation). Then let `KMeans` find three groups in `scaled` and put the 342 labels in `groups`."
    ),
    setup=SETUP,
    starter="scaled = ...\ngroups = ...",
    solution="scaled = StandardScaler().fit_transform(X)\n"
    "groups = KMeans(n_clusters=3, n_init=10, random_state=0).fit_predict(scaled)",
    another=(
        "scaled = (X - X.mean()) / X.std()\ngroups = KMeans(3, n_init=20, random_state=seed + 1).fit(scaled).labels_[:]"
    ),
    judge=_judge_scale_first,
    hints=(
        "The class is imported at the top of the notebook: `StandardScaler`. It learns means and spreads "
        "with `fit` and applies them with `transform`; `fit_transform` does both.",
        "`KMeans(n_clusters=3, n_init=10, random_state=0).fit_predict(...)` returns one label for each row. "
        "Which table belongs in the brackets?",
    ),
    misconceptions={
        "still_raw": "scaled = X.copy()\ngroups = KMeans(3, n_init=10, random_state=seed).fit_predict(scaled)",
        "rows_not_columns": (
            "scaled = X.sub(X.mean(axis=1), axis=0).div(X.std(axis=1), axis=0)\ngroups = KMeans(3).fit_predict(scaled)"
        ),
        "one_scale_for_all": "values = X.to_numpy()\nscaled = (values - values.mean()) / values.std()\n"
        "groups = KMeans(3, n_init=10, random_state=seed).fit_predict(scaled)",
        "min_max": (
            "scaled = (X - X.min()) / (X.max() - X.min())\ngroups = KMeans(3, random_state=seed).fit_predict(scaled)"
        ),
        "groups_from_raw": (
            "scaled = StandardScaler().fit_transform(X)\ngroups = KMeans(3, n_init=10, "
            "random_state=seed).fit_predict(X)"
        ),
        "wrong_k": "scaled = StandardScaler().fit_transform(X)\ngroups = KMeans(random_state=seed).fit_predict(scaled)",
        "model_not_labels": "scaled = StandardScaler().fit_transform(X)\ngroups = KMeans(3, random_state=seed).fit(scaled)",
    },
)


def _judge_new_penguin(namespace):
    group = begun(namespace, "new_group")
    group = int(numbers(np.ravel(group)[0] if np.size(group) == 1 else group, "new_group", ()))
    rows, _scaled, _best = reference()
    new = numbers(namespace["new_penguin"], "new_penguin").reshape(-1)
    model = namespace["model"]
    centres = np.asarray(model.cluster_centers_, dtype=float)
    if centres.shape[1] != 4 or abs(centres).max() > 10:
        raise NotYet(
            "`model` is no longer the one fitted on `X_scaled`. Run the cell that fits `scaler` and `model` again.",
            "other_model",
        )

    def nearest(point):
        return int(((centres - point) ** 2).sum(axis=1).argmin())

    right = nearest((new - rows.mean(axis=0)) / rows.std(axis=0))
    if group == right:
        return (
            f"Group {group}, measured with the means and spreads of the 342. The scaler is part of the model: "
            "this is why the package for the phone will hold both."
        )
    if group == nearest(np.zeros(4)):
        raise NotYet(
            f"Group {group} is where a perfectly average penguin goes. A scaler fitted on one bird turns any "
            "bird into four zeros. Use the `scaler` that learned from all 342: `scaler.transform`, without "
            "fit.",
            "scaler_refitted",
        )
    if group == nearest(new):
        raise NotYet(
            f"Group {group} is the answer for raw millimetres and grams: 3550 is then taken for 3550 spreads. "
            "The centres live in scaled units; scale the new bird first.",
            "not_scaled",
        )
    raise NotYet(
        f"`new_group` is {group}; the labels of `model` run from 0 to {len(centres) - 1}. Ask `model.predict` "
        "for the scaled bird.",
        "no_such_group",
    )


NEW_PENGUIN = Exercise(
    id="kmeans.new_penguin",
    title="A new penguin",
    text=(
        "A penguin walks by and is measured: `new_penguin`, in millimetres and grams. Put the number of its "
        "group, as `model` sees it, in `new_group`. Do not fit anything again."
    ),
    setup=SETUP_SCALED,
    starter="new_penguin = pd.DataFrame([[39.0, 18.5, 188.0, 3550.0]], columns=measurements)\nnew_group = ...",
    solution="new_penguin = pd.DataFrame([[39.0, 18.5, 188.0, 3550.0]], columns=measurements)\n"
    "new_group = model.predict(scaler.transform(new_penguin))[0]",
    another="new_penguin = pd.DataFrame([[39.0, 18.5, 188.0, 3550.0]], columns=measurements)\n"
    "moved = (new_penguin.to_numpy() - scaler.mean_) / scaler.scale_\n"
    "new_group = np.linalg.norm(model.cluster_centers_ - moved, axis=1).argmin()",
    judge=_judge_new_penguin,
    hints=(
        "`model` has only ever seen scaled rows. Which object in this notebook knows the 342 penguins' means "
        "and spreads?",
        "`scaler.transform(new_penguin)` and then `model.predict(...)`; `predict` returns an array with one "
        "label in it.",
    ),
    misconceptions={
        "scaler_refitted": "new_penguin = pd.DataFrame([[39.0, 18.5, 188.0, 3550.0]], columns=measurements)\n"
        "new_group = model.predict(StandardScaler().fit_transform(new_penguin))[0]",
        "not_scaled": "new_penguin = pd.DataFrame([[39.0, 18.5, 188.0, 3550.0]], columns=measurements)\n"
        "new_group = model.predict(new_penguin.to_numpy())",
        "no_such_group": "new_penguin = pd.DataFrame([[39.0, 18.5, 188.0, 3550.0]], columns=measurements)\nnew_group = 3",
    },
)
