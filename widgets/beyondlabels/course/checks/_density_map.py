"""Exercises on where DBSCAN breaks: degrees taken for distances, and clusters in nothing at all."""

from functools import cache

import numpy as np

from ..exercises import Exercise, NotYet
from ._density_data import EPS, KM_PER_DEGREE, LEAST, SETUP, degrees, recognise, same_clusters
from ._tools import begun, labels, numbers

_EARTH = 6371


@cache
def _variants():
    """The right labels and those of the usual mistakes, (996,) each."""
    from sklearn.cluster import DBSCAN

    longitude, latitude = degrees().T
    right, mixed = np.column_stack([latitude, longitude]), np.column_stack([longitude, latitude])

    def sphere(eps, rows):
        return DBSCAN(eps=eps, min_samples=LEAST, metric="haversine").fit_predict(rows)

    return {
        "right": sphere(EPS / _EARTH, np.radians(right)),
        "radius_in_km": sphere(EPS, np.radians(right)),
        "not_radians": sphere(EPS / _EARTH, right),
        "swapped": sphere(EPS / _EARTH, np.radians(mixed)),
        "flat_degrees": DBSCAN(eps=EPS / KM_PER_DEGREE, min_samples=LEAST).fit_predict(mixed),
    }


_SAID = {
    "radius_in_km": "Everything is one cluster: the circle covers the whole map. The haversine distance is an angle "
    "in radians, neither kilometres nor degrees; divide 20 km by the Earth's radius, 6371.",
    "not_radians": "The distance took your degrees for radians, so -119 went around the circle 19 times. `np.radians` "
    "turns the table into radians.",
    "swapped": "Longitude came first, and haversine wants latitude first. At latitude -119 nothing is where it was; "
    "no error is raised, and the clusters mean nothing.",
    "flat_degrees": "These are clusters of flat degrees: the circle is 20 km north to south and 16 km east to west. "
    "Use "
    'metric="haversine", which knows the sphere.',
}


def _judge_haversine(namespace):
    found = labels(begun(namespace, "sphere_labels"), "sphere_labels", len(degrees()))
    variants = _variants()
    if same_clusters(found, variants["right"]):
        count = len(set(variants["right"].tolist())) - 1
        return (
            f"{count} clusters on the sphere, the same as in projected kilometres. Over a few hundred kilometres "
            "the two agree; over an ocean only the sphere is right."
        )
    recognise(_SAID, lambda name: same_clusters(found, variants[name]))
    raise NotYet(
        f"`sphere_labels` has {len(set(found.tolist()) - {-1})} clusters and {(found < 0).sum()} quakes as noise. "
        f"Expected is DBSCAN with "
        'eps = 20 km as an angle, min_samples=8 and metric="haversine" on latitude and longitude in radians.',
        "other",
    )


_SPHERE = 'sphere_labels = DBSCAN(eps={eps}, min_samples=8, metric="haversine").fit_predict({rows})'
_RADIANS = 'np.radians(quakes[["latitude", "longitude"]])'

HAVERSINE = Exercise(
    id="density.haversine",
    title="The same on the sphere",
    text=(
        'Cluster the quakes without any projection: DBSCAN with `metric="haversine"`, a circle of 20 km and '
        "`min_samples=8`; the 996 labels go into `sphere_labels`. Haversine wants latitude first, everything in "
        "radians, and gives an angle: kilometres divided by the Earth's radius, 6371."
    ),
    setup=SETUP,
    starter="sphere_labels = ...",
    solution=_SPHERE.format(eps="20 / 6371", rows=_RADIANS),
    another="from sklearn.metrics.pairwise import haversine_distances\n"
    f"angles = haversine_distances({_RADIANS})\n"
    'sphere_labels = DBSCAN(eps=20, min_samples=8, metric="precomputed").fit(6371 * angles).labels_',
    judge=_judge_haversine,
    hints=(
        '`quakes[["latitude", "longitude"]]` picks two columns in that order, and `np.radians` works on a whole table.',
        '`DBSCAN(eps=20 / 6371, min_samples=8, metric="haversine").fit_predict(...)`.',
    ),
    misconceptions={
        "radius_in_km": _SPHERE.format(eps="20", rows=_RADIANS),
        "not_radians": _SPHERE.format(eps="20 / 6371", rows='quakes[["latitude", "longitude"]]'),
        "swapped": _SPHERE.format(eps="20 / 6371", rows='np.radians(quakes[["longitude", "latitude"]])'),
        "flat_degrees": "sphere_labels = DBSCAN(eps=20 / 111.195, min_samples=8).fit_predict(quakes[['longitude', "
        "'latitude']])",
        "model_not_labels": f'sphere_labels = DBSCAN(eps=20 / 6371, min_samples=8, metric="haversine").fit({_RADIANS})',
    },
)


def _judge_on_noise(namespace):
    from sklearn.cluster import DBSCAN

    eps = float(numbers(begun(namespace, "noise_eps"), "noise_eps", ()))
    noise = numbers(namespace["noise"], "noise", degrees().shape)
    if np.allclose(noise.std(axis=0), np.std(namespace["X"], axis=0), rtol=0.02):
        raise NotYet("`noise` now holds the quakes. Run the cell above that makes it again.", "quakes")
    if eps <= 0:
        raise NotYet(f"`noise_eps` is {eps:g}; a circle has a radius above nought, in kilometres.", "not_a_radius")
    found = DBSCAN(eps=eps, min_samples=LEAST).fit_predict(noise)
    count, lost = int(found.max()) + 1, (found < 0).mean()
    if count >= 10:
        return (
            f"{count} clusters in pure chance, and {lost:.0%} called noise. The rule did what it says: these "
            "places are denser, by accident. Whether a cluster means anything, DBSCAN cannot tell you."
        )
    if lost > 0.8:
        raise NotYet(
            f"With {eps:g} km, {lost:.0%} of the points are noise and there are {count} clusters. That is DBSCAN "
            "at its best: it says that nothing is there. Now make the circle larger until it is fooled.",
            "too_small",
        )
    raise NotYet(
        f"With {eps:g} km only {count} {'cluster is' if count == 1 else 'clusters are'} left, because the flood "
        "runs through everywhere. Somewhere between 'all noise' and 'all one' lies what is asked.",
        "too_large",
    )


ON_NOISE = Exercise(
    id="density.on_noise",
    title="Fool it",
    text=(
        "Open question: `noise` is 996 points thrown at random on the same map, so there is nothing to find. "
        "Choose `noise_eps`, in kilometres, so that DBSCAN with `min_samples=8` reports at least ten clusters in "
        "it all the same."
    ),
    setup=SETUP + "noise = np.random.default_rng(seed).uniform(X.min(axis=0), X.max(axis=0), X.shape)\n",
    starter="noise_eps = ...",
    solution="noise_eps = 38",
    another="noise_eps = next(eps for eps in range(20, 80) if DBSCAN(eps=eps, min_samples=8).fit_predict(noise).max() "
    ">= 14)",
    judge=_judge_on_noise,
    hints=(
        "Draw the k-distance curve of `noise`: it is much flatter than that of the quakes. Where does it begin?",
        "Try 20, 30, 40, 50 and 60 and count `DBSCAN(eps=noise_eps, min_samples=8).fit_predict(noise).max() + 1`.",
    ),
    misconceptions={
        "too_small": "noise_eps = 20",
        "too_large": "noise_eps = 60",
        "not_a_radius": "noise_eps = -1",
        "quakes": "noise = X\nnoise_eps = 20",
    },
)
