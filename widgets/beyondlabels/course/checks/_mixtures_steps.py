"""EM as exercises: the shares of an E step, and an M step."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._mixtures_data import SETUP, SETUP_MODEL
from ._tools import begun, numbers, returned, written


def _judge_responsibility(namespace):
    asked, shares = begun(namespace, "joint", "shares")
    weights, densities = (np.asarray(namespace[name], float) for name in ("weights", "densities"))
    if np.shape(shares) == densities.T.shape:
        raise NotYet(
            "`shares` lies on its side: 2 by 272. One row for each eruption was asked for; `.T` turns it.", "turned"
        )
    shares = numbers(shares, "shares", densities.shape)
    joint = weights * densities
    right = joint / joint.sum(axis=1, keepdims=True)
    if np.allclose(shares, right, atol=1e-6):
        _judge_joint(asked, joint)
        return (
            "Every row adds up to 1, and every column to as many eruptions as that component can call its own: "
            f"{right.sum(axis=0).round(1).tolist()}. That is the whole of the E step."
        )
    if np.allclose(shares, joint, rtol=1e-6):
        raise NotYet(
            "These are weights times densities. A density is no share: your first row adds up to "
            f"{joint[0].sum():.3f}. Divide every row by its own sum.",
            "not_divided",
        )
    if np.allclose(shares.sum(axis=0), 1):
        raise NotYet(
            "Every column adds up to 1, so each component shares itself out among the eruptions. It is the other "
            "way round: every row must add up to 1. Look at `axis`.",
            "columns",
        )
    if np.allclose(shares, densities / densities.sum(axis=1, keepdims=True), atol=1e-6):
        raise NotYet(
            "The rows add up to 1, and yet the weights are missing: you treat both components as equally common, "
            f"and one has {100 * weights.max():.0f} % of the eruptions. Multiply `densities` by `weights` first.",
            "no_weights",
        )
    if np.isin(shares, (0, 1)).all():
        raise NotYet(
            "All or nothing: every eruption went whole to one component. That is k-means; a mixture lets one row "
            "belong to both, 80 % and 20 %.",
            "hard",
        )
    raise NotYet(
        f"Eruption 1 has the shares {shares[0].round(3).tolist()}, and {right[0].round(3).tolist()} was expected. "
        "Weight times density, then each row divided by its sum.",
        "other",
    )


def _judge_joint(asked, joint):
    """The step on the way, once the shares are right."""
    if np.shape(asked) == joint.shape and np.allclose(numbers(asked, "joint"), joint, rtol=1e-6, atol=0):
        return
    if asked is not None and np.shape(asked) != joint.shape:
        numbers(asked, "joint", joint.shape)
    found = "None" if asked is None else "something else"
    raise NotYet(
        f"`shares` is right, and `joint` is {found}. It should hold what you divided: `weights` times `densities`, "
        "272 by 2, before its rows add up to 1.",
        "joint",
    )


RESPONSIBILITY = Exercise(
    id="mixtures.responsibility",
    title="Who is responsible?",
    text=(
        "`weights` says how common each component is, `densities` (272 by 2) how dense each is at each eruption. Put their "
        "product in `joint`, and the **responsibilities** in `shares`: for every eruption, how much of it belongs to each "
        "component. Every row adds up to 1."
    ),
    setup=f"""{SETUP_MODEL}
weights = model.weights_
densities = np.column_stack(
    [multivariate_normal(mean, covariance).pdf(X) for mean, covariance in zip(model.means_, model.covariances_)]
)
""",
    starter="joint = ...\nshares = ...",
    solution="joint = weights * densities\nshares = joint / joint.sum(axis=1, keepdims=True)",
    another="joint = pd.DataFrame([row * weights for row in densities])\nshares = joint.div(joint.sum(axis=1), axis=0)",
    judge=_judge_responsibility,
    hints=(
        "Bayes' rule: how common a component is, times how well it explains the eruption. That is `joint`, 272 by 2.",
        "Then divide each row by its sum. `joint.sum(axis=1, keepdims=True)` has the shape (272, 1) and divides rows.",
    ),
    misconceptions={
        "no_weights": "joint = densities\nshares = joint / joint.sum(axis=1, keepdims=True)",
        "columns": "joint = weights * densities\nshares = joint / joint.sum(axis=0)",
        "not_divided": "joint = weights * densities\nshares = joint",
        "hard": "joint = weights * densities\nshares = (joint == joint.max(axis=1, keepdims=True)).astype(float)",
        "turned": "joint = weights * densities\nshares = (joint / joint.sum(axis=1, keepdims=True)).T",
        "joint": "joint = None\nshares = np.array([row * weights / (row @ weights) for row in densities])",
    },
)

_M_STARTER = '''def m_step(points, shares):
    """Weights (k,), means (k, d) and covariances (k, d, d) that fit these shares best."""
    ...'''


def _covariance(points, mean, share, count):
    away = points - mean
    return (share[:, None] * away).T @ away / count


def _judge_m_step(namespace):
    m_step = written(namespace, "m_step", _M_STARTER)
    rng = np.random.default_rng(5)
    points, shares = (
        rng.normal(size=(60, 3)) @ rng.normal(size=(3, 3)) + [3, 0, -8],
        rng.dirichlet([0.4, 0.7, 0.3, 0.6], 60),
    )
    answer = returned(m_step, points, shares)
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise NotYet(
            "`m_step` must return three things, weights, means and covariances: `return weights, means, covariances`.",
            "not_three",
        )
    weights = numbers(answer[0], "weights", (4,))
    means, covariances = numbers(answer[1], "means", (4, 3)), numbers(answer[2], "covariances", (4, 3, 3))
    counts = shares.sum(axis=0)
    right = shares.T @ points / counts[:, None]
    if np.allclose(means, shares.T @ points / 60):
        raise NotYet(
            "You divided the weighted sums by the number of points. A component that has a tenth of the shares then gets "
            "a tenth of its mean. Divide by the component's own sum of shares.",
            "divided_by_all",
        )
    if np.allclose(means, points.mean(axis=0)):
        raise NotYet(
            "All means are the same, that of all points: the shares were not used. Weight each point.", "unweighted"
        )
    winner = np.eye(4)[shares.argmax(axis=1)]
    if np.allclose(means, winner.T @ points / winner.sum(axis=0)[:, None]):
        raise NotYet(
            "Each point counted for its most probable component only. That is the update of k-means; here a point with "
            "a share of 0.3 pulls with 0.3.",
            "hard",
        )
    if not np.allclose(means, right):
        raise NotYet(
            f"The first mean of a small test came out as {means[0].round(2).tolist()}; {right[0].round(2).tolist()} was "
            "expected: the points, each times its share, divided by the sum of those shares.",
            "means",
        )
    if np.allclose(weights, counts):
        raise NotYet(
            "`weights` adds up to 60, the number of points. It should add up to 1: divide by `len(points)`.", "counts"
        )
    if not np.allclose(weights, counts / 60):
        raise NotYet(
            f"`weights` came out as {weights.round(2).tolist()}; a weight is the mean of its column of shares, "
            f"{(counts / 60).round(2).tolist()}.",
            "weights",
        )
    return _judge_covariances(covariances, points, shares, counts, right)


def _judge_covariances(covariances, points, shares, counts, means):
    k = range(4)
    near = {"rtol": 1e-6, "atol": 2e-6}  # a reg_covar of 1e-6 is welcome
    if np.allclose(covariances, [_covariance(points, means[i], shares[:, i], counts[i]) for i in k], **near):
        return "Weights, means and covariances, each a weighted average. E and M in turn are the whole algorithm."
    middle = points.mean(axis=0)
    if np.allclose(covariances, [_covariance(points, middle, shares[:, i], counts[i]) for i in k], **near):
        raise NotYet(
            "The covariances are measured around the mean of all points. Each component spreads around its own mean: "
            "`points - means[k]`.",
            "whole_mean",
        )
    if np.allclose(covariances, np.cov(points.T, ddof=0), **near) or np.allclose(covariances, np.cov(points.T), **near):
        raise NotYet(
            "All covariances are the same, that of all points: the shares were not used there.", "unweighted_spread"
        )
    if np.allclose(covariances, [np.cov(points.T, aweights=shares[:, i]) for i in k], **near):
        raise NotYet(
            "Nearly: `np.cov` divides by a little less than the sum of shares unless you say `ddof=0`. The likelihood is "
            "largest with the plain weighted average.",
            "ddof",
        )
    raise NotYet(
        "Weights and means are right, the covariances are not yet. For component k: differences from `means[k]`, their "
        "products two by two, each times its share, divided by the sum of those shares.",
        "covariances",
    )


def _m(spread, means="shares.T @ points / counts[:, None]", weights="counts / len(points)"):
    return (
        "import numpy as np\ndef m_step(points, shares):\n    counts = shares.sum(axis=0)\n"
        f"    means = {means}\n    spread = [{spread} for k in range(len(counts))]\n"
        f"    return {weights}, means, np.array(spread)"
    )


_OWN = "np.cov(points.T, aweights=shares[:, k], ddof=0)"

M_STEP = Exercise(
    id="mixtures.m_step",
    title="The M step",
    text=(
        "Write `m_step(points, shares)`. The **weight** of a component is its mean share; its **mean** is the mean of the "
        "points, each weighted with its share; its **covariance** the same for the products of differences from that mean."
    ),
    setup=SETUP,
    starter=_M_STARTER,
    solution="def m_step(points, shares):\n"
    '    """Weights (k,), means (k, d) and covariances (k, d, d) that fit these shares best."""\n'
    "    counts = shares.sum(axis=0)\n"
    "    means = shares.T @ points / counts[:, None]\n"
    "    away = points[:, None] - means\n"
    '    covariances = np.einsum("nk,nki,nkj->kij", shares, away, away) / counts[:, None, None]\n'
    "    return counts / len(points), means, covariances",
    another=_m(_OWN, means="np.array([np.average(points, axis=0, weights=share) for share in shares.T])").replace(
        "np.array(spread)", "np.array(spread) + 1e-6 * np.eye(points.shape[1])"
    ),
    judge=_judge_m_step,
    hints=(
        "`counts = shares.sum(axis=0)` is how many points' worth each component has. `shares.T @ points` sums the points, "
        "each times its share; dividing by `counts[:, None]` makes means of the sums.",
        "For the covariance of component k: `away = points - means[k]`, then `(shares[:, k, None] * away).T @ away / counts[k]`.",
    ),
    misconceptions={
        "divided_by_all": _m(_OWN, means="shares.T @ points / len(points)"),
        "hard": "import numpy as np\n"
        + _m(_OWN)
        .partition("\n")[2]
        .replace("counts = shares", "shares = np.eye(shares.shape[1])[shares.argmax(axis=1)]\n    counts = shares"),
        "counts": _m(_OWN, weights="counts"),
        "whole_mean": _m("(shares[:, k, None] * (points - points.mean(0))).T @ (points - points.mean(0)) / counts[k]"),
        "unweighted_spread": _m("np.cov(points.T)"),
        "ddof": _m("np.cov(points.T, aweights=shares[:, k])"),
        "no_return": _m(_OWN).replace("    return", "    answer ="),
    },
)
