"""The explorables: widgets in which the learner moves the thing and sees the consequence. Each loads when used."""

from importlib import import_module

_HOMES = {
    "Components": "components",
    "DBSCAN": "dbscan",
    "Detectors": "detectors",
    "KMeans": "kmeans",
    "Mixture": "mixture",
    "PCA": "pca",
    "TSNE": "tsne",
    "Windows": "windows",
}

__all__ = [*_HOMES]


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"bl.explore has no {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)
