"""Recipes for scikit-learn's estimators and for the substitutes made from them."""

from . import centroids, decomposition, density, neighbors, pipeline, scaling, side_by_side, wrappers

__all__ = ["centroids", "decomposition", "density", "neighbors", "pipeline", "scaling", "side_by_side", "wrappers"]
