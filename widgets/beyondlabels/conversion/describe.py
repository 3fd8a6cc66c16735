"""Words for a model and its package: titles, what the package says of itself, and the Swift that calls it."""

import platform
import re
from dataclasses import replace
from functools import cache
from importlib import metadata

from ..typeset import counted
from . import images, structure, swift_arrays, swift_images
from . import swift as one_table
from .registry import find_recipe
from .verdict import Carries

_PASSES = (None, "passthrough")
_NAMED = 20  # features up to which a description names each

__all__ = ["carried", "label", "model_facts", "refused", "swift", "title", "verdict_facts"]


def title(model):
    """``StandardScaler → KMeans`` for a pipeline, else the name of the class; that too where it is not put together well."""
    steps = _steps(model) if not structure.of_model(model) else None
    if steps is not None:
        return " → ".join(title(step) for _, step in steps if not structure.is_word(step, *_PASSES)) or "empty Pipeline"
    return type(model).__name__


def _steps(model):
    """The (name, step) pairs of a pipeline, ``None`` for any other model."""
    steps = structure.own(model, "steps")
    pairs = isinstance(steps, (list, tuple)) and all(
        isinstance(each, (list, tuple)) and len(each) == 2 for each in steps
    )
    return [(name, step) for name, step in steps] if pairs else None


def refused(verdict, limit):
    """The verdict with one more limit that forbids the export."""
    return replace(verdict, refused=(*verdict.refused, limit))


def carried(recipe, model):
    """What a package of ``model`` carries, in its recipe's words, or that its recipe does not say."""
    if recipe.carries:
        return recipe.carries(model)
    return Carries(
        "statistics", "the model's fitted parameters; its recipe does not say whether they hold rows of yours."
    )


def label(specification, name, verdict, features, inputs, library):
    """Fill in what Xcode and ``beyondlabels inspect`` show: description, inputs, outputs."""
    description = specification.description
    description.metadata.shortDescription = (
        f"{name}: {verdict.model}, exported from {library} and verified by beyondlabels"
    )
    shapes = {each.name: each.shape for each in inputs}
    for port in description.input:
        if images.sentence(inputs):
            port.shortDescription = images.sentence(inputs)
            continue
        port.shortDescription = f"rows of {_columns(features) if features else f'shape {shapes[port.name]}'}"
    for port in description.output:
        port.shortDescription = f"what {verdict.calls[port.name]} gives in {library}"


def _columns(features):
    """The features by name; of many the first and the last, for the metadata lists them all."""
    if len(features) <= _NAMED:
        return ", ".join(features)
    return f"{', '.join(features[:3])}, … {features[-1]}: {counted(len(features), 'feature')}"


def swift(name, path, verdict, features, outputs, inputs):
    """The Swift that calls the package: named features for the one input ``x``, arrays for any other inputs."""
    if inputs.plain:
        return one_table.swift(name, path, verdict, features, outputs)
    if inputs.one_at_a_time:
        return swift_images.swift(name, path, verdict, inputs, outputs)
    return swift_arrays.swift(name, path, verdict, inputs, outputs)


def model_facts(model, recipe):
    """The model's title, class and parameters, and the versions that made the package: plain data, for the metadata."""
    packages = dict.fromkeys(["beyondlabels", *_versions(model, recipe), "coremltools", "numpy"])
    return {
        "title": title(model),
        "class": f"{type(model).__module__}.{type(model).__qualname__}",
        "parameters": recipe.facts(model) if recipe.facts else _parameters(model),
        "versions": {name: _version(name) for name in packages} | {"python": platform.python_version()},
    }


def verdict_facts(verdict, recipe, model):
    """What is said of the package at its export, to be said again by whoever opens it: plain data, for the metadata."""
    return {"verdict": verdict.kind, "outputs": verdict.outputs, "carries": vars(carried(recipe, model))}


@cache
def _version(package):
    """Its metadata is a file that is read and parsed each time it is asked for."""
    return metadata.version(package)


def _versions(model, recipe):
    """The packages whose versions matter to a model: its own, and those of the steps or the model inside."""
    inner = [step for _, step in _steps(model) or () if not structure.is_word(step, *_PASSES)]
    inner += [model.model] if hasattr(model, "model") else []
    found = [(step, find_recipe(step)) for step in inner]
    return [*recipe.versions, *(name for step, each in found if each for name in _versions(step, each))]


def _parameters(model):
    steps = _steps(model)
    if steps is not None:
        return {name: _parameters(step) for name, step in steps}
    own = model.get_params(deep=False) if hasattr(model, "get_params") else {}
    return {
        name: value if isinstance(value, (bool, int, float, str, type(None))) else _short(value)
        for name, value in own.items()
    }


def _short(value):
    """A parameter in at most 80 characters, without memory addresses: an array of start centres is not to be copied here."""
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(value).replace("\n", " "))
    return text if len(text) <= 80 else text[:77] + "…"
