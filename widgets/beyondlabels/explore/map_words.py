"""What the t-SNE explorable says and shows in numbers."""

import numpy as np

from . import words
from .embedding import ITERATIONS
from .map_run import NEAR
from .misreadings import NO_GROUP


def state(run, event=""):
    """Where the run stands, and at its end what the map keeps and what it seems to say."""
    if not run.done:
        return f"{event}Iteration {run.iteration:,} of {ITERATIONS:,}."
    trust, continuity = run.quality
    line = f"{event}Perplexity {run.perplexity:g}: trustworthiness {trust:.2f}, continuity {continuity:.2f}."
    if run.told is None:
        return line
    label, data, shown = run.told
    return f"{line} {label[0].upper()}{label[1:]}: {data:.2f} in the data, {shown:.2f} on the map."


def picked(run, row, one):
    """How many of a point's nearest in the data are among its nearest on the map."""
    data, near = run.neighbours(row)
    kept = len(np.intersect1d(data, near))
    where = "on the map" if run.done else f"on the map at iteration {run.iteration:,}"
    return (
        f"{one.capitalize()} {row + 1}: {kept} of its {NEAR} nearest in the data are among its {NEAR} nearest {where}, "
        f"with {words.count(NEAR - kept, 'strangers')}."
    )


def figures(run, names):
    """The numbers, the handles, the knob and the legend, as the front end shows them."""
    quality = [f"{value:.3f}" for value in run.quality] if run.iteration else ["–", "–"]
    told = run.told
    knob = run.set.knob
    handles = zip(run.means.tolist(), run.tops.tolist(), strict=True) if run.set.movable else ()
    return {
        "quality": quality,
        "told": told and [told[0], f"{told[1]:.2f}", f"{told[2]:.2f}"],
        "seen": _seen(run),
        "knob": knob and [knob.label, knob.low, knob.high, run.knob],
        "handles": [[*mean, *top] for mean, top in handles],
        "legend": _legend(run, names),
    }


def _seen(run):
    """What of the data is drawn."""
    width = run.rows.shape[1]
    if run.set.shown is None:
        return "their first two principal components"
    return "as they are" if width == 2 else f"two of their {words.count(width, 'numbers')}"


def _legend(run, names):
    if run.groups[0] == NO_GROUP:
        return []
    counts = np.bincount(run.groups)
    named = names if run.preset == "own" else [f"{run.set.of} {group + 1}" for group in range(len(counts))]
    return [[group, f"{name}: {count}"] for group, (name, count) in enumerate(zip(named, counts.tolist(), strict=True))]


def framed(places):
    """The map as fractions of a square around it, the longer side from 0.05 to 0.95: float32 (n, 2)."""
    low, high = places.min(axis=0), places.max(axis=0)
    size = float((high - low).max()) or 1.0
    return (0.5 + 0.9 * (places - (low + high) / 2) / size).astype("<f4")
