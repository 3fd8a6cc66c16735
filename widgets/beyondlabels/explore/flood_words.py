"""What a flood has done and found, in sentences for a learner."""

from . import words
from .flood import NOISE, UNSEEN


def here(count, noun, radius, least):
    """How many points lie in the circle, and whether that would do for a core point."""
    told = f"{words.sentence(words.count(count, noun))} within {radius} of here."
    if count >= least:
        return f"{told} At least {least}, itself included, make a {words.one(noun)} core."
    return f"{told} A core {words.one(noun)} has at least {least}, itself included."


def waiting(flood, noun):
    """Before the first step."""
    return (
        f"No {words.one(noun)} has a cluster yet. Carry the circle over the map, then step: the flood starts at a core "
        f"{words.one(noun)} under it."
    )


def started(flood, noun, inside, radius):
    """A cluster has begun at a core point."""
    return f"Cluster {flood.count} starts here: {words.count(inside, noun)} within {radius} of this one make it core."


def spread(flood, noun, joined):
    """One wave further; with the whole cluster where it was the last."""
    told = f"{words.sentence(words.count(joined, noun))} joined cluster {flood.count}"
    if len(flood.front):
        return f"{told}; {len(flood.front):,} of its newest are core, so it spreads on."
    size = int(flood.sizes[flood.count - 1])
    edge = int((flood.border & (flood.labels == flood.count - 1)).sum())
    waves = "one wave" if flood.waves == 1 else f"{words.count(flood.waves, 'waves')}"
    kinds = f"{edge:,} of them border" if edge else "all of them core"
    return f"{told}, and nothing new lies within reach: {size:,} in {waves}, {kinds}."


def finished(flood, noun):
    """The whole run."""
    return f"{words.sentence(found(flood, noun))}."


def found(flood, noun):
    """ "17 clusters, the largest of 264 quakes; 181 (18 %) are noise"."""
    if not flood.count:
        return f"no clusters: no {words.one(noun)} is core, so all {len(flood.labels):,} are noise"
    if not flood.done:
        left = int((flood.labels == UNSEEN).sum())
        return f"{words.count(flood.count, 'clusters')} so far; {words.count(left, noun)} not reached yet"
    noise = _noise(flood)
    clusters = f"one cluster of {words.count(int(flood.sizes[0]), noun)}"
    if flood.count > 1:
        clusters = f"{words.count(flood.count, 'clusters')}, the largest of {words.count(int(flood.sizes.max()), noun)}"
    if not noise:
        return f"{clusters}; nothing is noise"
    return f"{clusters}; {noise:,} ({_share(noise, flood)}) {'is' if noise == 1 else 'are'} noise"


def changed(flood, noun, radius, was):
    """After a change of eps or min_samples that the labels followed."""
    told = f"With {radius} and at least {flood.min_samples}: {found(flood, noun)}."
    return told if was == flood.count else f"{told} Before, there {'was' if was == 1 else 'were'} {was or 'none'}."


def together(labels):
    """Whether named points (name -> label) lie in one cluster: a sentence with a space before it, or nothing."""
    if len(labels) < 2:
        return ""
    names = list(labels)
    listed = words.listed(names)
    lost = [name for name in names if labels[name] == NOISE]
    if lost:
        return f" {' and '.join(lost)} {'is' if len(lost) == 1 else 'are'} noise."
    if len(set(labels.values())) == 1:
        return f" {listed} lie in the same cluster."
    return f" {listed} lie in {'different clusters' if len(set(labels.values())) == len(names) else 'more than one cluster'}."


def where(flood, row):
    """The cluster of one point, short: "cluster 3, 264", "noise", "–"."""
    label = flood.labels[row]
    if label == UNSEEN:
        return "–"
    return "noise" if label == NOISE else f"cluster {label + 1}, of {int(flood.sizes[label]):,}"


def numbers(flood):
    """The figures beside the stage, in words."""
    noise = _noise(flood)
    seen = flood.labels >= 0
    return {
        "clusters": f"{flood.count:,}",
        "core": f"{int((seen & flood.core).sum()):,}",
        "border": f"{int(flood.border.sum()):,}",
        "noise": f"{noise:,}" if flood.done else "–",
        "share": _share(noise, flood) if flood.done else "",
    }


def _noise(flood):
    return int((flood.labels == NOISE).sum())


def _share(noise, flood):
    share = 100 * noise / len(flood.labels)
    return "under 1 %" if 0 < share < 1 else f"{share:.0f} %"
