"""Rules that place a new point on the map of an embedding, learned from where the embedding placed its own rows."""

import warnings

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ...errors import BadInput
from ..verdict import Placement, Substitute
from .held_out import held_out, matching_rows

NETWORK = "small neural network"
MEAN = "mean of 5 neighbours, weighted by nearness"
PROJECTION = "PCA"
_NEIGHBOURS = 5
_LEAST = 16  # rows of which a quarter still has neighbours to speak of


def network(model):
    """Two layers of 32, trained on the embedding: a parametric embedding (van der Maaten 2009). Carries no row."""
    return _offer(
        NETWORK, "two layers of 32 that learn where rows were placed; carries no row of yours", model, _network
    )


def weighted_mean(model):
    """The mean place of the five nearest rows, weighted by 1 / distance."""
    return _offer(MEAN, "the mean place of the nearest rows; carries every row", model, _mean)


def projection(model):
    """For classical MDS on Euclidean distances: PCA, which gives the same places (Gower 1966)."""
    return _offer(PROJECTION, "exact: on Euclidean distances, classical MDS is PCA", model, _projection)


def _offer(name, summary, model, fit_part):
    def fit(X):
        return fit_part(matching_rows(model, X, model.embedding_), _places(model))

    return Substitute(name, summary, fit, lambda X: placement(model, X, fit_part))


def _places(model):
    """The places the model gave its rows, float64. Raises ``BadInput`` where it found none."""
    places = np.asarray(model.embedding_, np.float64)
    if not np.isfinite(places).all():
        raise BadInput("the model found no finite place for some rows; fit it again with fewer components")
    return places


def _network(rows, places):
    """Learns standardised places; their scale is then written into the last layer."""
    centre, spread = places.mean(axis=0), places.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    made = make_pipeline(
        StandardScaler(),
        MLPRegressor(hidden_layer_sizes=(32, 32), solver="lbfgs", alpha=0.3, max_iter=200, random_state=0),
    )
    target = (places - centre) / spread
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # stopping early is meant
        made.fit(rows, target[:, 0] if target.shape[1] == 1 else target)
    layers = made[-1]
    layers.coefs_[-1] = layers.coefs_[-1] * spread
    layers.intercepts_[-1] = layers.intercepts_[-1] * spread + centre
    return made


def _mean(rows, places):
    return KNeighborsRegressor(min(_NEIGHBOURS, len(rows)), weights="distance").fit(rows, places)


def _projection(rows, places):
    if places.shape[1] > min(rows.shape):
        raise BadInput(f"PCA of {rows.shape[0]} rows and {rows.shape[1]} features has no {places.shape[1]} components")
    made = PCA(places.shape[1], svd_solver="full").fit(rows)
    signs = np.where((made.transform(rows) * places).sum(axis=0) < 0, -1.0, 1.0)
    made.components_ = made.components_ * signs[:, None]
    return made


def placement(model, X, fit_part):
    """Hold out every fourth row of a seeded shuffle, fit the substitute on the others and the places the model gave them, and
    judge where it places the held-out rows. ``fit_part(rows, places)`` returns it fitted. Raises ``BadInput``."""
    rows, places = matching_rows(model, X, model.embedding_), _places(model)
    held, keep = held_out(rows, _LEAST)
    made = fit_part(rows[keep], places[keep])
    answer = made.transform if isinstance(made, PCA) else made.predict
    found = np.asarray(answer(rows[held])).reshape(len(held), -1)
    spread = np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1).mean()) or 1.0
    how = (
        f"fitted on {keep.sum()} rows with the model's places, judged on the other {len(held)} by their "
        f"{_near(held)} nearest neighbours; the export uses all rows"
    )
    if fit_part is _projection:
        apart = np.abs(_projection(rows, places).transform(rows) - places).max() / spread
        how += f" and then gives the model's own places, to {apart:.0e} of the map's spread"
    error = np.median(np.linalg.norm(found - places[held], axis=1)) / spread
    return Placement(len(held), *_kept(rows[held], found), *_kept(rows[held], places[held]), float(error), how)


def _near(held):
    return min(_NEIGHBOURS, (len(held) - 1) // 2)


def _kept(rows, places):
    """Trustworthiness and continuity: the second is the first with data and map exchanged (Venna and Kaski 2001)."""
    near = _near(rows)
    return float(trustworthiness(rows, places, n_neighbors=near)), float(
        trustworthiness(places, rows, n_neighbors=near)
    )
