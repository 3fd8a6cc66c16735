"""Groups found by merging rows, or in the graph of their similarities: labels for the rows, no rule for another (Ward 1963;
Shi and Malik 2000). Biclusters label the columns as well (Dhillon 2001; Kluger, Basri, Chang and Gerstein 2003)."""

from sklearn.cluster import AgglomerativeClustering, SpectralBiclustering, SpectralClustering, SpectralCoclustering

from ....limits import get
from ...registry import refusal
from ...surrogates import labelled


def _substitutes(model):
    if _given(model):
        return []
    several = len(set(model.labels_.tolist())) > 1
    return [*[labelled.centroid(model)] * several, labelled.vote(model)]


def _given(model):
    """Whether similarities or distances were given instead of rows."""
    return "precomputed" in (getattr(model, "metric", None), str(getattr(model, "affinity", ""))[:11])


refusal(
    AgglomerativeClustering,
    SpectralClustering,
    kind="surrogate",
    limits=lambda model: [get("no-out-of-sample")],
    substitutes=_substitutes,
    offers=(labelled.CENTROID, labelled.VOTE),
)

refusal(
    SpectralBiclustering,
    SpectralCoclustering,
    kind="impossible",
    limits=lambda model: [get("one-matrix")],
)
