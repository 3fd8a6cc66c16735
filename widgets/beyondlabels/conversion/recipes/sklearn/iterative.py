"""Non-negative factorization: a new row's weights have no closed form, so the program runs scikit-learn's own solver."""

import numpy as np
from sklearn.decomposition import NMF, MiniBatchNMF

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.multiplicative import even_start, loss, updates
from ....mil.solvers import non_negative_least_squares, repeat, total
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries

_BETA = {"frobenius": 2.0, "kullback-leibler": 1.0, "itakura-saito": 0.0}


def _carries(model):
    parts, features = model.components_.shape
    return Carries("statistics", f"{counted(parts, 'part')} of {counted(features, 'feature')}. None of your rows.")


def _limits(model):
    return [get("solver-stops").because(f"tol={model.tol:g}, all rows of a call together")]


def _tolerance(model):
    """A row's weights may be off by what one sweep more or less changes where scikit-learn stops: its own ``tol``."""
    return max(1e-4, float(model.tol))


def _together(model, method, X):
    """The model's own method on a thousand rows at a time, as many as the package is compared on in one call."""
    parts = [X[start : start + 1000] for start in range(0, len(X), 1000)]
    return np.concatenate([getattr(model, method)(part) for part in parts])


def _penalties(model):
    """(of |w|, of w^2 / 2), as scikit-learn scales them."""
    alpha = model.components_.shape[1] * model.alpha_W
    return alpha * model.l1_ratio, alpha * (1 - model.l1_ratio)


def _invert(model, z):
    return builder().matmul(x=z, y=constant(model.components_))


_OPTIONS = {
    "outputs": {"transformed": "transform"},
    "kind": "iterative",
    "limits": _limits,
    "tolerance": _tolerance,
    "reference": _together,
    "carries": _carries,
    "invert": _invert,
}


def _refuse(model):
    if model.solver == "cd" and model.shuffle:
        return [get("option-not-covered").because("shuffle=True: every sweep draws its own order")]
    return []


@recipe(NMF, refuse=_refuse, **_OPTIONS)
def factorization(model, x):
    """Coordinate descent, or multiplicative updates (Fevotte and Idier 2011) that look at the loss every ten sweeps."""
    parts = np.asarray(model.components_, np.float64)
    if model.solver == "cd":
        l1, l2 = _penalties(model)
        products = builder().matmul(x=x, y=constant(parts.T))
        products = builder().sub(x=products, y=np.float32(l1)) if l1 else products
        gram = parts @ parts.T + l2 * np.eye(len(parts))
        return {"transformed": non_negative_least_squares(products, gram, model.tol, model.max_iter)}
    return {"transformed": _multiplicative(model, x, parts)}


def _multiplicative(model, x, parts):
    mb = builder()
    beta = _beta(model)
    update = updates(x, parts, beta, *_penalties(model))
    start = even_start(x, parts)
    at_start = loss(x, start, parts, beta) if model.tol else np.float32(0)

    def step(count, w, before, better):
        w = update(w, _grown(count) if beta == 1 else np.float32(1))
        if beta < 1:
            w = mb.mul(x=w, y=mb.cast(x=mb.greater_equal(x=w, y=np.float32(2.0**-52)), dtype="fp32"))
        if not model.tol:
            return w, mb.identity(x=before), mb.identity(x=better)
        tenth = mb.equal(x=mb.mod(x=count, y=np.int32(10)), y=np.int32(9))
        now = loss(x, w, parts, beta)
        gain = mb.sub(x=before, y=now)
        enough = mb.greater_equal(x=gain, y=mb.mul(x=at_start, y=np.float32(model.tol)))
        return (
            w,
            mb.select(cond=tenth, a=now, b=before),
            mb.logical_or(x=enough, y=mb.logical_not(x=tenth)),
        )

    return repeat(step, (start, at_start, True), model.max_iter, lambda w, before, better: better)[0]


def _grown(count):
    """How often scikit-learn has added the L1 penalty by this sweep: with the Kullback-Leibler loss ``NMF.transform`` adds
    it to a sum that it keeps from sweep to sweep (1.6 to 1.9, ``_multiplicative_update_w``), so it grows."""
    mb = builder()
    return mb.cast(x=mb.add(x=count, y=np.int32(1)), dtype="fp32")


@recipe(MiniBatchNMF, **_OPTIONS)
def batch_factorization(model, x):
    """Multiplicative updates until the weights of all rows together change by no more than ``tol`` of their length."""
    mb = builder()
    parts = np.asarray(model.components_, np.float64)
    update = updates(x, parts, _beta(model), *_penalties(model))
    most = model.max_iter if model.transform_max_iter is None else model.transform_max_iter

    def step(count, w, change):
        new = update(w)
        moved = mb.sqrt(x=total(mb.square(x=mb.sub(x=new, y=w))))
        return new, mb.real_div(x=moved, y=mb.sqrt(x=total(mb.square(x=new))))

    def again(w, change):
        return (
            mb.greater(x=change, y=np.float32(model.tol)) if model.tol else mb.greater_equal(x=change, y=np.float32(0))
        )

    return {"transformed": repeat(step, (even_start(x, parts), np.float32(0)), most, again)[0]}


def _beta(model):
    return float(_BETA.get(model.beta_loss, model.beta_loss))
