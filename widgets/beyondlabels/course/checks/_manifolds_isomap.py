"""Exercises on Isomap: its last step, and the shortcuts that spoil the others."""

import numpy as np

from ..exercises import Exercise, NotAttempted, NotYet
from ._manifolds_data import ROLL
from ._tools import begun, numbers, returned, written

_HEAD = '''def classical_mds(distances):
    """Places in a plane, (n, 2), whose distances are these, as nearly as can be."""
    squared = distances**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    '''
_COUNTS = (5, 8, 10, 12, 15)


def _judge_mds(namespace):
    classical_mds = written(namespace, "classical_mds", f"{_HEAD}...")
    points = np.random.default_rng(5).normal(size=(30, 2)) * [3, 1]
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    with np.errstate(all="ignore"):
        answer = returned(classical_mds, distances)
        if isinstance(answer, (tuple, list)) and len({np.shape(part) for part in answer}) > 1:
            raise NotYet(
                f"{len(answer)} things of different shapes came out, and one table was asked for, 30 rows of two: columns of "
                "`vectors`, multiplied by the roots of their `values`.",
                "not_one_table",
            )
        found = np.asarray(answer, dtype=float)
        smallest = (not np.isfinite(found).all() or np.abs(found).max() < 1e-3) and _takes_smallest(classical_mds)
    if found.shape == (2, 30):
        raise NotYet(
            "Two rows of 30 came out, and 30 rows of two were asked for. The eigenvectors are the columns of `vectors`: take "
            "columns, not rows.",
            "rows",
        )
    if found.shape != (30, 2):
        raise NotYet(f"For 30 points the shape {found.shape} came out; (30, 2) was expected.", "shape")
    if smallest:
        raise NotYet(
            "All 30 points lie on one spot, or nowhere. `eigh` sorts from the smallest eigenvalue to the largest, and the "
            "smallest are nought here: take the last two.",
            "smallest",
        )
    if not np.isfinite(found).all():
        raise NotYet(
            "Some places are no numbers (NaN or infinity). The two largest eigenvalues are well above 0 here, so they have "
            "roots: look for a minus that went astray, under `np.sqrt` or in `-centred / 2`.",
            "no_numbers",
        )
    lengths = np.sort((found**2).sum(axis=0))
    right = np.sort(np.linalg.svd(points - points.mean(axis=0), compute_uv=False) ** 2)
    if np.allclose(lengths, 1):
        raise NotYet(
            "Both directions are equally long, yet the points are three times as wide as high. An eigenvector has length 1: "
            "multiply it by the square root of its eigenvalue.",
            "not_scaled",
        )
    if np.allclose(lengths, right**2):
        raise NotYet(
            "You multiplied by the eigenvalue. Eigenvalues are squared lengths, as variances are: take the square root.",
            "no_root",
        )
    away = np.linalg.norm(found[:, None] - found, axis=2)
    if not np.allclose(away, distances, atol=1e-6):
        worst = np.unravel_index(np.abs(away - distances).argmax(), away.shape)
        raise NotYet(
            f"Points {worst[0]} and {worst[1]} are {distances[worst]:.2f} apart, and {away[worst]:.2f} in your plane.",
            "other_distances",
        )
    return "Every distance is kept. Turned or mirrored is fine: distances know nothing of directions."


def _takes_smallest(classical_mds):
    """Whether it takes the first two eigenvalues. Between corners of equal distance only the first is nought, so the
    second still gives a direction."""
    found = np.asarray(returned(classical_mds, 1 - np.eye(6)), dtype=float)
    return np.abs(found[np.isfinite(found)]).max(initial=0) > 1e-3


MDS = Exercise(
    id="manifolds.classical_mds",
    title="From distances to a map",
    text=(
        "Write the last line of `classical_mds`: the two columns of `vectors` with the largest eigenvalues, each multiplied by "
        "the square root of its own. `eigh` sorts eigenvalues from small to large."
    ),
    starter=f"{_HEAD}...",
    solution=f"{_HEAD}return vectors[:, -2:] * np.sqrt(values[-2:])",
    another="import numpy as np\ndef classical_mds(distances):\n"
    "    centre = np.eye(len(distances)) - 1 / len(distances)\n"
    "    left, lengths, _ = np.linalg.svd(-centre @ distances**2 @ centre / 2)\n"
    "    return left[:, :2] * lengths[:2] ** 0.5",
    judge=_judge_mds,
    hints=(
        "The last two columns are `vectors[:, -2:]`, their eigenvalues `values[-2:]`.",
        "`np.sqrt(values[-2:])` has two numbers, one for each column; multiplying a (n, 2) array by it does both at once. Do not "
        "forget `return`.",
    ),
    misconceptions={
        "smallest": f"{_HEAD}return vectors[:, :2] * np.sqrt(values[:2])",
        "not_scaled": f"{_HEAD}return vectors[:, -2:]",
        "no_root": f"{_HEAD}return vectors[:, -2:] * values[-2:]",
        "no_numbers": f"{_HEAD}return vectors[:, -2:] * np.sqrt(-values[-2:])",
        "not_one_table": f"{_HEAD}return values, vectors",
        "rows": f"{_HEAD}return vectors[-2:] * np.sqrt(values[-2:])[:, None]",
    },
    setup="import numpy as np\n",
)


def _judge_shortcuts(namespace):
    jumps = begun(namespace, "jumps")
    if not isinstance(jumps, dict) or set(jumps) != set(_COUNTS):
        raise NotYet("`jumps` should be a dictionary with the keys 5, 8, 10, 12 and 15: one number for each.", "shape")
    if all(value is ... for value in jumps.values()):
        raise NotAttempted("Put a number of jumps where the first three dots stand, run that cell, then press Check.")
    found = numbers([np.nan if jumps[k] is ... else jumps[k] for k in _COUNTS], "jumps", (len(_COUNTS),))
    roll, flat = (numbers(namespace[name], name) for name in ("roll", "flat"))
    edges, ways = _counted(roll, flat)
    if (found == 0).all():
        raise NotYet(
            "No jump anywhere, not even with 15 neighbours. Did you measure in `roll`? There, an edge between two sheets is "
            "short; on `flat` its ends are far apart.",
            "in_the_roll",
        )
    if np.allclose(found, [len(roll) * k for k in _COUNTS]):
        raise NotYet(
            "Those are all the edges. Count only the ones whose ends are more than 12 apart on `flat`.", "all_edges"
        )
    if np.allclose(found * 800, edges) or (found < 1).all():
        raise NotYet("That is a share of the edges. One jump is enough to spoil a map, so count them.", "share")
    if not (np.allclose(found, edges) or np.allclose(found, ways)):
        k = _COUNTS[int(np.abs(found - edges).argmax())]
        raise NotYet(
            f"With {k} neighbours you count {jumps[k]:g} jumps; {edges[_COUNTS.index(k)]} were expected: edges of the graph "
            "whose ends are more than 12 apart on `flat`.",
            "other_count",
        )
    most = namespace.get("most_neighbours", ...)
    if most is ...:
        raise NotYet("The table is there; `most_neighbours`, what you read from it, is still to do.", "unfinished")
    most = int(numbers(most, "most_neighbours", ()))
    if most == 15:
        raise NotYet("15 is where the table ends. Asked is the largest count that has no jump at all.", "largest")
    if most == 5:
        raise NotYet(
            "5 has no jump either, but more neighbours steady the paths. Which is the largest count without a jump?",
            "smallest",
        )
    if most != 10:
        raise NotYet(
            f"Your table says {jumps.get(most, 'nothing')} for {most}. Which is the largest with 0?", "not_the_largest"
        )
    return (
        f"10 neighbours: none of the 8,000 edges jumps. With 12 there are {found[3]:.0f} of 9,600, and the map is lost."
    )


def _counted(roll, flat):
    """Edges that jump, for each count of neighbours: as the graph lists them, and with both directions taken as one."""
    from sklearn.neighbors import kneighbors_graph

    edges, ways = [], []
    for k in _COUNTS:
        pairs = np.column_stack(kneighbors_graph(roll, k).nonzero())
        jumping = pairs[np.linalg.norm(flat[pairs[:, 0]] - flat[pairs[:, 1]], axis=1) > 12]
        edges.append(len(jumping))
        ways.append(len(np.unique(np.sort(jumping, axis=1), axis=0)))
    return edges, ways


_STARTER = "jumps = {}\nfor k in [5, 8, 10, 12, 15]:\n    start, end = kneighbors_graph(roll, k).nonzero()\n    jumps[k] = ...\n"


def _jumps(value, most):
    return f"{_STARTER.replace('...', value)}most_neighbours = {most}"


SHORTCUTS = Exercise(
    id="manifolds.shortcuts",
    title="How many shortcuts?",
    text=(
        "The graph of Isomap joins row `start[i]` to row `end[i]`. For each k, count in `jumps[k]` the edges whose ends are more "
        "than 12 apart on the unrolled sheet `flat`. Then put the largest k without any jump into `most_neighbours`."
    ),
    starter=f"{_STARTER}most_neighbours = ...",
    solution=_jumps(
        "(np.linalg.norm(flat[start] - flat[end], axis=1) > 12).sum()", "max(k for k in jumps if jumps[k] == 0)"
    ),
    another="jumps = {}\nfor k in [5, 8, 10, 12, 15]:\n"
    "    start, end = kneighbors_graph(roll, k).nonzero()\n"
    "    far = np.linalg.norm(flat[start] - flat[end], axis=1) > 12\n"
    "    jumps[k] = len({frozenset(pair) for pair in zip(start[far], end[far])})\n"
    "most_neighbours = 10",
    judge=_judge_shortcuts,
    hints=(
        "`flat[start]` and `flat[end]` are the two ends of every edge on the sheet; subtract, and `np.linalg.norm(..., axis=1)` "
        "gives one length for each edge.",
        "`(lengths > 12).sum()` counts. Then look at the table: where does it stop being 0?",
    ),
    misconceptions={
        "in_the_roll": _jumps("(np.linalg.norm(roll[start] - roll[end], axis=1) > 12).sum()", 15),
        "all_edges": _jumps("len(start)", 5),
        "share": _jumps("(np.linalg.norm(flat[start] - flat[end], axis=1) > 12).mean()", 10),
        "largest": _jumps("(np.linalg.norm(flat[start] - flat[end], axis=1) > 12).sum()", 15),
        "smallest": _jumps("(np.linalg.norm(flat[start] - flat[end], axis=1) > 12).sum()", "min(jumps)"),
    },
    setup=ROLL,
)
