"""Rows for recipes/sklearn/embeddings.py."""

from sklearn.manifold import MDS, TSNE, SpectralEmbedding

from .. import Row

ROWS = [
    Row(
        "TSNE",
        lambda: TSNE(perplexity=10, max_iter=350, init="pca", random_state=0),
        variants={"three axes": lambda: TSNE(3, perplexity=10, max_iter=350, init="pca", random_state=0)},
    ),
    Row(
        "MDS",
        lambda: MDS(n_init=1, max_iter=30, random_state=0),
        variants={"one axis": lambda: MDS(1, n_init=1, max_iter=30, random_state=0)},
    ),
    Row(
        "SpectralEmbedding",
        lambda: SpectralEmbedding(n_neighbors=60, random_state=0),
        variants={"affinity rbf": lambda: SpectralEmbedding(affinity="rbf", gamma=0.1, random_state=0)},
    ),
]

try:
    from sklearn.manifold import ClassicalMDS
except ImportError:  # new in scikit-learn 1.8
    pass
else:
    ROWS.append(
        Row(
            "ClassicalMDS",
            lambda: ClassicalMDS(2),
            variants={"metric manhattan": lambda: ClassicalMDS(2, metric="cityblock")},
        )
    )
