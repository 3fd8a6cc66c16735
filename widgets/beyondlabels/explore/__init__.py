"""The explorables: widgets in which the learner moves the thing and sees the consequence. Each loads when used."""

from ..lazily import lazily

_HOMES = {
    "Components": "components",
    "DBSCAN": "dbscan",
    "Detectors": "detectors",
    "KMeans": "kmeans",
    "Mixture": "mixture",
    "PCA": "pca",
    "TSNE": "tsne",
    "Tree": "tree",
    "Windows": "windows",
}

__all__ = [*_HOMES]
__getattr__, __dir__ = lazily(globals(), "bl.explore", _HOMES)
