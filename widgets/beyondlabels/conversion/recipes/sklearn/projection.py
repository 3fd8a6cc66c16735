"""Linear maps without a centre: random projections, learned ones, and one followed by a sigmoid."""

from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.neural_network import BernoulliRBM
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

from ....mil.blocks import builder, constant
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries


def _directions(model):
    """``components_``, (components, features), as a dense array."""
    return model.components_.toarray() if hasattr(model.components_, "toarray") else model.components_


def _statistics(what):
    return lambda model: Carries("statistics", f"{model.components_.shape[0]:,} {what}. None of your rows.")


def _random(model):
    return Carries("none", f"{counted(model.components_.shape[0], 'random direction')}. Nothing of your rows.")


@recipe(GaussianRandomProjection, SparseRandomProjection, outputs={"transformed": "transform"}, carries=_random)
def random_projection(model, x):
    """x W^T with W drawn at random (Johnson and Lindenstrauss 1984; sparse: Achlioptas 2003, Li et al. 2006)."""
    return {"transformed": builder().matmul(x=x, y=constant(_directions(model).T))}


@recipe(
    NeighborhoodComponentsAnalysis,
    outputs={"transformed": "transform"},
    carries=_statistics("learned directions"),
)
def neighbourhood_components(model, x):
    """x W^T (Goldberger et al., Neighbourhood Components Analysis, 2004)."""
    return {"transformed": builder().matmul(x=x, y=constant(model.components_.T))}


@recipe(
    BernoulliRBM,
    outputs={"transformed": "transform"},
    carries=_statistics("hidden units, their weights and intercepts"),
)
def restricted_boltzmann(model, x):
    """The chance that each hidden unit is on: sigmoid(x W^T + b) (Tieleman 2008)."""
    mb = builder()
    inner = mb.matmul(x=x, y=constant(model.components_.T))
    return {"transformed": mb.sigmoid(x=mb.add(x=inner, y=constant(model.intercept_hidden_)))}
