"""What the judges of lesson 05 measure against, and the code that sets up a test."""

from functools import cache

import numpy as np

from . import _pca_data

ROLL = """
import numpy as np
from sklearn.datasets import make_swiss_roll
from sklearn.neighbors import kneighbors_graph

roll, turn = make_swiss_roll(800, noise=0.3, random_state=0)
along = (turn * np.sqrt(1 + turn**2) + np.arcsinh(turn)) / 2
flat = np.column_stack([along, roll[:, 1]])
"""
DIGITS = """
import numpy as np
import beyondlabels as bl
from sklearn.decomposition import PCA
from sklearn.manifold import Isomap, trustworthiness
from beyondlabels.course.checks._manifolds_data import digits

pixels, new_pixels, tsne = digits()
places = tsne.embedding_
"""


@cache
def digits():
    """The lesson's 500 digits (500, 64), the 500 after them, which nothing has seen, and the t-SNE of the first."""
    from sklearn.manifold import TSNE

    every = _pca_data.digits()[0]
    order = np.random.default_rng(0).permutation(len(every))
    pixels, new_pixels = every[order[:500]], every[order[500:1000]]
    return pixels, new_pixels, TSNE(perplexity=30, random_state=0).fit(pixels)
