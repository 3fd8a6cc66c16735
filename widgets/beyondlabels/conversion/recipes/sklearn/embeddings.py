"""Maps of the rows they were given, with no rule for another (van der Maaten and Hinton 2008; Kruskal 1964; Belkin and
Niyogi 2003; Torgerson 1952)."""

from sklearn.manifold import MDS, TSNE, SpectralEmbedding

from ....limits import get
from ...registry import refusal
from ...surrogates import embedding

try:
    from sklearn.manifold import ClassicalMDS
except ImportError:  # new in scikit-learn 1.8
    ClassicalMDS = None


def _given(model):
    """Whether similarities or distances were given instead of rows."""
    options = (getattr(model, name, "") for name in ("metric", "affinity", "dissimilarity"))
    return any(str(each).startswith("precomputed") for each in options)


def _substitutes(model):
    return [] if _given(model) else [embedding.network(model), embedding.weighted_mean(model)]


def _is_pca(model):
    """Whether the distances are Euclidean, and no more components asked for than there can be."""
    euclidean = model.metric in ("euclidean", "l2", "minkowski") and not model.metric_params
    return euclidean and model.embedding_.shape[1] <= min(model.n_features_in_, len(model.embedding_))


refusal(
    TSNE,
    MDS,
    SpectralEmbedding,
    kind="surrogate",
    limits=lambda model: [get("no-embedding")],
    substitutes=_substitutes,
    offers=(embedding.NETWORK, embedding.MEAN),
)

if ClassicalMDS is not None:
    refusal(
        ClassicalMDS,
        kind="surrogate",
        limits=lambda model: [get("no-embedding")],
        substitutes=lambda model: [embedding.projection(model)] if _is_pca(model) else _substitutes(model),
        offers=(embedding.PROJECTION, embedding.NETWORK, embedding.MEAN),
    )
