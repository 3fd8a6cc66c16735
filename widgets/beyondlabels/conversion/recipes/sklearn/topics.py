"""Topics: which share of a document each explains (Blei, Ng and Jordan 2003)."""

import numpy as np
from sklearn.decomposition import LatentDirichletAllocation

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.solvers import repeat
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    topics, words = model.components_.shape
    return Carries("statistics", f"how often {words:,} words stand in {counted(topics, 'topic')}. None of your rows.")


def _digamma(x):
    """The derivative of ln gamma for x > 0: raised by 6 by its recurrence, then the asymptotic series (Bernardo 1976)."""
    mb = builder()
    one = np.float32(1)
    passed = None
    for step in range(6):
        term = mb.real_div(x=one, y=mb.add(x=x, y=np.float32(step)) if step else x)
        passed = term if passed is None else mb.add(x=passed, y=term)
    x = mb.add(x=x, y=np.float32(6))
    inverse = mb.real_div(x=one, y=x)
    square = mb.square(x=inverse)
    series = np.float32(1 / 252)
    for coefficient in (1 / 120, 1 / 12):
        series = mb.sub(x=np.float32(coefficient), y=mb.mul(x=square, y=series))
    rest = mb.add(x=mb.mul(x=inverse, y=np.float32(0.5)), y=mb.mul(x=square, y=series))
    return mb.sub(x=mb.sub(x=mb.log(x=x), y=rest), y=passed)


def _expected_log_weights(weights):
    """exp of what ln(theta) is expected to be when theta is Dirichlet with these weights, (rows, topics)."""
    mb = builder()
    everything = mb.reduce_sum(x=weights, axes=[1], keep_dims=True)
    return mb.exp(x=mb.sub(x=_digamma(weights), y=_digamma(everything)))


@recipe(
    LatentDirichletAllocation,
    outputs={"transformed": "transform"},
    kind="iterative",
    limits=lambda model: [
        get("solver-stops").because(f"mean_change_tol={model.mean_change_tol:g}, each row on its own")
    ],
    tolerance=lambda model: max(1e-5, float(model.mean_change_tol)),
    carries=_carries,
)
def topics(model, x):
    """Variational Bayes (Hoffman, Blei and Bach 2010): share each word out among the topics by their weight in the document,
    sum, and again, until the weights of that document change by less than ``mean_change_tol`` on average."""
    mb = builder()
    words = constant(model.exp_dirichlet_component_)
    by_topic = np.ascontiguousarray(words.T)
    prior = np.float32(model.doc_topic_prior_)
    ones = mb.add(x=mb.matmul(x=x, y=np.zeros_like(by_topic)), y=np.float32(1))
    going = mb.reduce_sum(x=ones, axes=[1], keep_dims=True)  # above 0: this row goes on

    def step(count, weights, going):
        shares = _expected_log_weights(weights)
        explained = mb.add(x=mb.matmul(x=shares, y=words), y=np.float32(np.finfo(np.float64).eps))
        given = mb.matmul(x=mb.real_div(x=x, y=explained), y=by_topic)
        new = mb.add(x=mb.mul(x=shares, y=given), y=prior)
        change = mb.reduce_mean(x=mb.abs(x=mb.sub(x=new, y=weights)), axes=[1], keep_dims=True)
        moves = mb.greater(x=going, y=np.float32(0))
        weights = mb.select(cond=moves, a=new, b=weights)
        on = mb.cast(x=mb.greater_equal(x=change, y=np.float32(model.mean_change_tol)), dtype="fp32")
        return weights, mb.mul(x=going, y=on)

    def again(weights, going):
        return mb.greater(x=mb.reduce_max(x=going, axes=[0, 1], keep_dims=False), y=np.float32(0))

    weights, _ = repeat(step, (ones, going), model.max_doc_update_iter, again)
    return {"transformed": mb.real_div(x=weights, y=mb.reduce_sum(x=weights, axes=[1], keep_dims=True))}
