"""Exercises on what a map keeps, and on what perplexity counts."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._tools import numbers, returned, written

_KEPT_STARTER = '''def kept(rows, places, count):
    """The mean share of the count nearest rows that are also among the count nearest places."""
    ...'''
_PERPLEXITY_STARTER = '''def perplexity(weights):
    """The effective number of neighbours that these weights describe."""
    ...'''


def _order(rows):
    """Numbers of all rows by distance, (n, n); each row itself comes first."""
    squared = ((rows[:, None] - rows) ** 2).sum(axis=2)
    np.fill_diagonal(squared, -1)
    return squared.argsort(axis=1)


def _shared(first, second):
    return np.mean([len(np.intersect1d(a, b)) for a, b in zip(first, second, strict=True)])


def _judge_kept(namespace):
    kept = written(namespace, "kept", _KEPT_STARTER)
    rng = np.random.default_rng(3)
    rows, count = rng.normal(size=(50, 4)), 8
    places = rows[:, :2] + 0.3 * rng.normal(size=(50, 2))
    near, shown = _order(rows), _order(places)
    right = _shared(near[:, 1 : count + 1], shown[:, 1 : count + 1]) / count
    found = numbers(_of_lists(kept, rows, places, count), "kept(rows, places, count)")
    if found.shape == (50,):
        raise NotYet(
            "That is one share for each of the 50 rows. Asked is one number for the map: their mean.", "each_row"
        )
    found = float(numbers(found, "kept(rows, places, count)", ()))
    itself = _shared(near[:, :count], shown[:, :count]) / count
    too_many = _shared(near[:, : count + 1], shown[:, : count + 1])
    if any(np.isclose(found, value) for value in (itself, too_many / count, too_many / (count + 1))):
        raise NotYet(
            f"{found:.2f} counts every row as its own neighbour, and that one is kept on every map. Leave the row itself out.",
            "itself",
        )
    if np.isclose(found, right * count):
        raise NotYet(
            f"{found:.2f} is how many of the {count} are kept. A share lies between 0 and 1: divide.", "no_share"
        )
    if np.isclose(found, (near[:, 1 : count + 1] == shown[:, 1 : count + 1]).mean()):
        raise NotYet(
            "You ask whether the third nearest is still the third. Only who is in the neighbourhood counts here, in any "
            "order: compare sets.",
            "in_order",
        )
    if not np.isclose(found, right):
        raise NotYet(f"For 50 made-up rows your answer is {found:.3f}, and {right:.3f} was expected.", "other_value")
    if not np.isclose(float(kept(rows.copy(), rows.copy(), 3)), 1):
        raise NotYet("A map that is the data itself keeps every neighbour, so it should score 1.", "other_value")
    return f"{right:.2f} for a made-up map. Now you can judge any picture, whoever drew it."


def _of_lists(kept, rows, places, count):
    """What ``kept`` returns. Raises ``NotYet`` where it makes sets of tables."""
    try:
        return returned(kept, rows, places, count)
    except TypeError as error:
        if "unhashable" not in str(error):
            raise
    raise NotYet(
        "A set was made of a whole table; it can only hold single numbers. `kneighbors` gives two tables, distances and row "
        "numbers: with `return_distance=False` only the numbers. Then let `zip` walk through both, row by row.",
        "set_of_tables",
    )


def _kept(body):
    return f"import numpy as np\nfrom sklearn.neighbors import NearestNeighbors\ndef kept(rows, places, count):\n    {body}"


_NEAR = (
    "near = NearestNeighbors(n_neighbors=count).fit(rows).kneighbors(return_distance=False)\n"
    "    shown = NearestNeighbors(n_neighbors=count).fit(places).kneighbors(return_distance=False)\n"
)
_WITH_ITSELF = _NEAR.replace("kneighbors(r", "kneighbors(rows, r", 1).replace(
    "(places).kneighbors(r", "(places).kneighbors(places, r"
)

NEIGHBOURS_KEPT = Exercise(
    id="manifolds.neighbours_kept",
    title="Who stays together?",
    text=(
        "Write `kept(rows, places, count)`: for every row, the share of its `count` nearest rows (without itself) that are also "
        "among its `count` nearest places on the map; then the mean over all rows."
    ),
    starter=_KEPT_STARTER,
    solution="def kept(rows, places, count):\n"
    '    """The mean share of the count nearest rows that are also among the count nearest places."""\n'
    "    near = NearestNeighbors(n_neighbors=count).fit(rows).kneighbors(return_distance=False)\n"
    "    shown = NearestNeighbors(n_neighbors=count).fit(places).kneighbors(return_distance=False)\n"
    "    return np.mean([len(set(a) & set(b)) / count for a, b in zip(near, shown)])",
    another="import numpy as np\n"
    "def kept(rows, places, count):\n"
    "    def near(table):\n"
    "        away = np.linalg.norm(table[:, None] - table, axis=2)\n"
    "        np.fill_diagonal(away, np.inf)\n"
    "        return away <= np.sort(away, axis=1)[:, [count - 1]]\n"
    "    return (near(rows) & near(places)).sum() / (count * len(rows))",
    judge=_judge_kept,
    hints=(
        "`NearestNeighbors(n_neighbors=count).fit(rows).kneighbors(return_distance=False)` gives the numbers of the nearest "
        "rows. Called without rows, `kneighbors` leaves each row itself out.",
        "Do the same with `places`. `len(set(a) & set(b))` says how many two lists share; `zip` walks through both at once.",
    ),
    misconceptions={
        "itself": _kept(
            _WITH_ITSELF + "    return np.mean([len(set(a) & set(b)) / count for a, b in zip(near, shown)])"
        ),
        "in_order": _kept(_NEAR + "    return (near == shown).mean()"),
        "no_share": _kept(_NEAR + "    return np.mean([len(set(a) & set(b)) for a, b in zip(near, shown)])"),
        "set_of_tables": _kept(
            _NEAR.replace("return_distance=False", "")
            + "    return np.mean([len(set(a) & set(b)) / count for a, b in zip(near, shown)])"
        ),
        "each_row": _kept(_NEAR + "    return [len(set(a) & set(b)) / count for a, b in zip(near, shown)]"),
    },
    setup="import numpy as np\nfrom sklearn.neighbors import NearestNeighbors\n",
)


def _judge_perplexity(namespace):
    perplexity = written(namespace, "perplexity", _PERPLEXITY_STARTER)
    fading = 3 * np.exp(-np.arange(12.0) / 4)
    shares = fading / fading.sum()
    bits = -(shares * np.log2(shares)).sum()

    def found(weights):
        with np.errstate(all="ignore"):
            said = returned(perplexity, weights)
        answer = np.asarray(said)
        if answer.dtype.kind not in "fiu" or answer.size != 1:
            numbers(said, "perplexity(weights)", ())
        return float(answer.reshape(()))  # NaN as well: what it comes from is told below

    even, value = found(np.full(8, 0.125)), found(fading)
    if np.isclose(value, 2 ** -(fading * np.log2(fading)).sum()) or np.isclose(
        value, -(fading * np.log2(fading)).sum()
    ):
        raise NotYet(
            "The weights that came in do not sum to 1, and entropy is about shares. Divide by their sum first.",
            "no_shares",
        )
    if np.isclose(even, 3) or np.isclose(value, bits):
        raise NotYet(
            f"Eight equal neighbours gave {even:.0f}: that is the entropy, in bits. Perplexity turns it back into a number of "
            "neighbours: 2 to that power.",
            "entropy",
        )
    if np.isclose(value, 2 ** (bits * np.log(2))):
        raise NotYet(
            f"Eight equal neighbours gave {even:.2f}. The entropy is in natural units and the power has the base 2: take "
            "`np.log2`, or `np.exp` for the power.",
            "two_bases",
        )
    if not np.isclose(even, 8):
        raise NotYet(f"Eight equal neighbours should count as 8; they gave {even:.3g}.", "other_value")
    if not np.isclose(value, 2**bits):
        raise NotYet(f"For weights that fade away {2**bits:.3f} was expected, and {value:.3f} came.", "other_value")
    lone = found(np.array([1.0, 1.0, 0.0, 0.0]))
    if not np.isclose(lone, 2):
        raise NotYet(
            f"Two equal neighbours and two of weight 0 should count as 2; they gave {lone:.3g}. 0 times the logarithm of 0 is "
            "NaN in NumPy and 0 in the formula: leave the zeros out.",
            "zeros",
        )
    return f"Eight equal neighbours count as 8, twelve fading ones as {2**bits:.1f}. This is the dial you turned."


def _perplexity(body):
    return f"import numpy as np\ndef perplexity(weights):\n    {body}"


_SHARES = "shares = weights / weights.sum()\n    "

PERPLEXITY = Exercise(
    id="manifolds.perplexity",
    title="What perplexity counts",
    text=(
        "Write `perplexity(weights)`: turn the weights into shares that sum to 1, take their entropy in bits (the sum of -share "
        "times log2(share)), and return 2 to that power. A weight of 0 adds nothing."
    ),
    starter=_PERPLEXITY_STARTER,
    solution="def perplexity(weights):\n"
    '    """The effective number of neighbours that these weights describe."""\n'
    "    shares = weights[weights > 0] / weights.sum()\n"
    "    return 2 ** -(shares * np.log2(shares)).sum()",
    another=_perplexity(
        "from scipy.special import entr\n    return np.exp(entr(np.asarray(weights) / np.sum(weights)).sum())"
    ),
    judge=_judge_perplexity,
    hints=(
        "Begin with the zeros: `weights[weights > 0]` leaves them out. Then divide by the sum.",
        "With `shares` in hand, `-(shares * np.log2(shares)).sum()` is the entropy in bits; 8 equal shares have 3 bits.",
    ),
    misconceptions={
        "no_shares": _perplexity("kept = weights[weights > 0]\n    return 2 ** -(kept * np.log2(kept)).sum()"),
        "entropy": _perplexity(
            "shares = weights[weights > 0] / weights.sum()\n    return -(shares * np.log2(shares)).sum()"
        ),
        "two_bases": _perplexity(
            "shares = weights[weights > 0] / weights.sum()\n    return 2 ** -(shares * np.log(shares)).sum()"
        ),
        "zeros": _perplexity(_SHARES + "return 2 ** -(shares * np.log2(shares)).sum()"),
    },
    setup="import numpy as np\n",
)
