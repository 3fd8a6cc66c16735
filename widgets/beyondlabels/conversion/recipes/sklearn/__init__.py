"""Recipes for scikit-learn's estimators and for the substitutes made from them."""

from . import centroids, decomposition, density, neighbors, pipeline, scaling

__all__ = ["centroids", "decomposition", "density", "neighbors", "pipeline", "scaling"]
