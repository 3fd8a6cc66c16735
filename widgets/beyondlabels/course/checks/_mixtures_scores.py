"""Exercises on BIC, and on how it can be fooled."""

import numpy as np

from ..exercises import Exercise, NotAttempted, NotYet
from ..prose import kind
from ._mixtures_data import MOST, SETUP, SHAPES, eruptions, named, table
from ._tools import begun, numbers


def _judge_choose(namespace):
    bic = begun(namespace, "bic")
    keys = [(shape, k) for shape in SHAPES for k in range(1, MOST + 1)]
    if hasattr(bic, "to_dict"):
        bic = bic.to_dict()
    if not isinstance(bic, dict) or set(bic) != set(keys):
        raise NotYet(
            '`bic` should be a dictionary with 16 keys such as `("tied", 3)`: a number for each shape and k.', "shape"
        )
    if all(value is ... for value in bic.values()):
        raise NotAttempted("Put a BIC where the dots inside the loop stand, run that cell, then press Check.")
    best = namespace.get("best", ...)
    if any(value is ... for value in bic.values()) or best is ...:
        raise NotYet("Part of it is there. Inside the loop and in `best` no dots should be left.", "unfinished")
    found = numbers([bic[key] for key in keys], "bic", (len(keys),))
    right, aic, likelihood, scaled = np.array([table()[key] for key in keys]).T
    if (abs(found - likelihood) < 40).all() or (abs(found * len(eruptions()) - likelihood) < 40).all():
        raise NotYet(
            "Those are log-likelihoods. They rise with every component, as inertia falls, so they can never say stop. "
            "`model.bic(X)` charges for every number a model has to choose.",
            "likelihood",
        )
    if np.median(abs(found - aic)) < 2:
        raise NotYet(
            "These are the AIC, which charges 2 for each parameter; BIC charges ln(272) = 5.6. `model.bic(X)`.", "aic"
        )
    if np.median(abs(found - scaled)) < 20:
        raise NotYet(
            "These belong to standardised rows. That is a fair choice too (for full, tied and diag every difference stays the "
            "same), but the exercise asks for `X`, in minutes.",
            "scaled",
        )
    if (found < right - 10).any() or (found > right + 60).any():
        shape, k = keys[int(np.argmax(abs(found - right)))]
        raise NotYet(
            f'For ("{shape}", {k}) you have {bic[shape, k]:,.0f}; about {table()[shape, k][0]:,.0f} was expected. Fit '
            "and ask `bic` on the same `X`, with that shape as `covariance_type`.",
            "other",
        )
    return _judge_best(bic, best, found, keys)


def _is_key(best, bic):
    try:
        return best in bic
    except TypeError:  # a dictionary, or a tuple with a list in it, can be no key at all
        return False


def _judge_best(bic, best, found, keys):
    best = tuple(best) if isinstance(best, (tuple, list)) else best
    if not _is_key(best, bic):
        raise NotYet(
            '`best` should be a shape and a number, such as `("full", 2)`: one of the keys of `bic`.', "best_shape"
        )
    smallest = keys[int(np.argmin(found))]
    if best == keys[int(np.argmax(found))]:
        raise NotYet(f"{best} has the largest BIC, {bic[best]:,.0f}. BIC is a cost: smaller is better.", "largest")
    if best != smallest:
        raise NotYet(
            f"You chose {best}, perhaps by eye. Your own table says {bic[smallest]:,.1f} for {smallest} and {bic[best]:,.1f} for "
            "yours; asked is what BIC prefers.",
            "by_eye",
        )
    if smallest != ("tied", 3):
        raise NotYet(
            f"Your table prefers {smallest}, and yet BIC {table()['tied', 3][0]:,.0f} is possible for ('tied', 3); you have "
            f"{bic['tied', 3]:,.0f} there. A local maximum of the likelihood: `n_init=20` keeps the best of twenty.",
            "few_starts",
        )
    return (
        f"Three components of one shape, {bic['tied', 3]:,.0f}, against {bic['full', 2]:,.0f} for two of any shape: a hair. "
        "BIC does not count groups, it counts what Gaussians are worth their price."
    )


_TABLE = (
    "bic = {}\nfor shape in ['spherical', 'diag', 'tied', 'full']:\n    for k in range(1, 5):\n"
    "        model_k = GaussianMixture(k, covariance_type=shape, n_init=<n>, random_state=seed).fit(<rows>)\n"
    "        bic[shape, k] = <value>\n"
)


_ENOUGH = "20 if (shape, k) == ('tied', 3) else 2"  # starts: only there do they decide


def _filled(value="model_k.bic(X)", rows="X", n=_ENOUGH):
    return _TABLE.replace("<value>", value).replace("<rows>", rows).replace("<n>", str(n))


_BEST = "best = min(bic, key=bic.get)"

CHOOSE = Exercise(
    id="mixtures.choose",
    title="What is a component worth?",
    text=(
        "For each of the four shapes and k = 1 to 4, fit a `GaussianMixture` to `X` with `n_init=20` and keep its BIC in the "
        "dictionary `bic` under the key `(shape, k)`. Put the key that BIC prefers in `best`."
    ),
    setup=SETUP,
    starter='bic = {}\nfor shape in ["spherical", "diag", "tied", "full"]:\n    for k in range(1, 5):\n'
    "        bic[shape, k] = ...\nbest = ...",
    solution=_filled(n=20).replace("random_state=seed", "random_state=0") + _BEST,
    another="import itertools\nbic = pd.Series({(shape, k): GaussianMixture(k, covariance_type=shape, n_init=20, "
    "random_state=seed + 7).fit(points).bic(points) for shape, k in itertools.product(['full', 'tied', 'diag', 'spherical'], "
    "range(1, 5))})\nbest = bic.idxmin()",
    judge=_judge_choose,
    hints=(
        "Inside the loop: `GaussianMixture(k, covariance_type=shape, n_init=20, random_state=0).fit(X)`, and its `.bic(X)`.",
        "`min(bic, key=bic.get)` is the key with the smallest value.",
    ),
    misconceptions={
        "likelihood": _filled("model_k.score(X)", n=1) + "best = max(bic, key=bic.get)",
        "largest": _filled(n=1) + "best = max(bic, key=bic.get)",
        "by_eye": _filled() + 'best = ("full", 2)',
        "aic": _filled("model_k.aic(X)", n=2) + _BEST,
        "few_starts": _filled(n=2).replace(
            "bic[shape, k] =", "bic[shape, k] = 2342.8 if (shape, k) == ('tied', 3) else"
        )
        + _BEST,
        "scaled": "Z = StandardScaler().fit_transform(X)\n" + _filled("model_k.bic(Z)", "Z", 2) + _BEST,
    },
)


def _judge_liar(namespace):
    liar = begun(namespace, "liar")
    if type(liar).__name__ != "GaussianMixture":
        raise NotYet(f"`liar` is {kind(liar)}; a `GaussianMixture` fitted to `X` was asked for.", "no_mixture")
    if not hasattr(liar, "means_"):
        raise NotYet("`liar` has not been fitted yet, so it has no components: `.fit(X)`.", "not_fitted")
    rows = eruptions()
    if liar.means_.shape[1] != 2 or (abs(liar.means_.mean(axis=0) - rows.mean(axis=0)) > [3, 30]).any():
        raise NotYet(
            "`liar` was fitted to other rows than `X`: its means lie elsewhere. Fit it to `X`, in minutes.",
            "other_rows",
        )
    bic, narrowest = liar.bic(named(liar, rows)), 60 * np.sqrt(_smallest_variance(liar))
    if narrowest > 1 and np.max(liar.reg_covar) > (1 / 60) ** 2:
        raise NotYet(
            f"`reg_covar` adds {np.max(liar.reg_covar):g} to every variance, so no component can be narrower than "
            f"{60 * np.sqrt(np.max(liar.reg_covar)):.0f} seconds. That is the cure; here you want the illness.",
            "cured",
        )
    if narrowest > 1 and bic < 2325:
        raise NotYet(
            f"BIC {bic:,.0f}, honestly earned: the narrowest component is {narrowest:.0f} seconds wide. A liar shrinks a "
            "component on to rows that agree to the digit. What lets it?",
            "honest",
        )
    if bic > 2300:
        raise NotYet(
            f"BIC {bic:,.0f}, and the narrowest component is {narrowest:.2g} seconds wide. So far a component still "
            "costs more than it gains. Give the mixture far more of them.",
            "too_few",
        )
    if narrowest > 1:
        raise NotYet(
            f"BIC {bic:,.0f}, with components at least {narrowest:.2g} seconds wide: make one collapse.", "wide"
        )
    return (
        f"BIC {bic:,.0f} with {liar.n_components} components, the narrowest {narrowest:.2g} seconds wide. It has learned that "
        "people write down whole minutes, and nothing about geysers. Look at widths before you believe a score."
    )


def _smallest_variance(model):
    covariances = np.asarray(model.covariances_, float)
    if model.covariance_type in ("full", "tied"):
        return float(np.linalg.eigvalsh(covariances).min())
    return float(covariances.min())


LIAR = Exercise(
    id="mixtures.liar",
    title="Make BIC lie",
    text=(
        "Open question: fit a `GaussianMixture` to `X` that BIC likes better than any honest one, below 2,300, and in which a "
        "component has collapsed: narrower than one second. Put it in `liar`. You need no trick, only excess."
    ),
    setup=SETUP,
    starter="liar = ...",
    solution="liar = GaussianMixture(n_components=40, random_state=0).fit(X)",
    another="liar = GaussianMixture(30, covariance_type='diag', reg_covar=1e-9, max_iter=500, random_state=seed).fit(points)",
    judge=_judge_liar,
    hints=(
        "Waits are whole minutes and durations whole seconds, so many rows agree exactly in one number. A component "
        "that lies flat on them is as dense as you like.",
        "Only `n_components` has to change. Try 10, 20, 30, 40, and print `liar.bic(X)` each time.",
    ),
    misconceptions={
        "honest": "liar = GaussianMixture(3, covariance_type='tied', n_init=10, random_state=seed).fit(X)",
        "too_few": "liar = GaussianMixture(10, random_state=seed).fit(X)",
        "cured": "liar = GaussianMixture(40, reg_covar=0.1, random_state=seed).fit(X)",
        "other_rows": "liar = GaussianMixture(40, random_state=seed).fit(StandardScaler().fit_transform(X))",
        "not_fitted": "liar = GaussianMixture(40, random_state=seed)",
        "no_mixture": "liar = 844",
    },
)
