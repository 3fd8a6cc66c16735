"""Keras's own wrappers for scikit-learn: a model as a step of a pipeline."""

import numpy as np
from keras import wrappers

from ....limits import get
from ....mil.blocks import builder
from ...class_labels import classes_refused
from ...reasons import reasons_against
from ...registry import find_recipe, recipe
from .models import outputs_of, predicted


def _inner(name):
    """The same question asked of the recipe of the model inside."""

    def ask(wrapper):
        return getattr(find_recipe(wrapper.model_), name)(wrapper.model_)

    return ask


def _refuse(wrapper):
    found = reasons_against(wrapper.model_)
    if not found and len(outputs_of(wrapper.model_)) > 1:
        found = [get("option-not-covered").because("a Keras model with several outputs inside a scikit-learn wrapper")]
    return found


def _fitted(wrapper):
    return hasattr(wrapper, "model_")


def _flat(wrapper):
    """Whether the target was one number a row, which ``predict`` gives back without a second axis."""
    return getattr(wrapper._target_encoder, "ndim_", 2) == 1


OPTIONS = {
    "refuse": _refuse,
    "fitted": _fitted,
    "carries": _inner("carries"),
    "tolerance": lambda wrapper: find_recipe(wrapper.model_).tolerance_for(wrapper.model_),
    "facts": _inner("facts"),
    "library": "Keras",
    "versions": ("keras", "scikit-learn"),
}


def _made(wrapper, x):
    """The model's only output for the Var ``x``."""
    (value,) = find_recipe(wrapper.model_).write(wrapper.model_, x).values()
    return value


def _scores(wrapper, method, X):
    """The model's own output, without the progress that the wrapper's ``predict`` prints."""
    return predicted(wrapper.model_, "predict", X)


def _numbers(wrapper, method, X):
    made = _scores(wrapper, method, X)
    return made[:, 0] if _flat(wrapper) else made


def _labels(wrapper, method, X):
    scores = _scores(wrapper, method, X)
    return scores if method == "decision_function" else np.asarray(wrapper.classes_)[scores.argmax(axis=1)]


@recipe(wrappers.SKLearnRegressor, outputs={"predicted": "predict"}, reference=_numbers, **OPTIONS)
def regressor(wrapper, x):
    made = _made(wrapper, x)
    return {"predicted": builder().squeeze(x=made, axes=[1]) if _flat(wrapper) else made}


@recipe(wrappers.SKLearnTransformer, outputs={"transformed": "transform"}, reference=_scores, **OPTIONS)
def transformer(wrapper, x):
    return {"transformed": _made(wrapper, x)}


def _refuse_classes(wrapper):
    return classes_refused(wrapper.classes_) or _refuse(wrapper)


def _ties(wrapper, name, X, near):
    scores = np.sort(_scores(wrapper, "decision_function", X), axis=1)
    return scores[:, -1] - scores[:, -2] <= near * np.abs(scores[:, -1])


@recipe(
    wrappers.SKLearnClassifier,
    outputs={"label": "predict", "scores": "decision_function"},
    reference=_labels,
    ties=_ties,
    **{**OPTIONS, "refuse": _refuse_classes},
)
def classifier(wrapper, x):
    """The class with the largest score."""
    mb = builder()
    scores = _made(wrapper, x)
    place = mb.reduce_argmax(x=scores, axis=1, keep_dims=False)
    return {"label": mb.gather(x=np.asarray(wrapper.classes_, np.int32), indices=place, axis=0), "scores": scores}
