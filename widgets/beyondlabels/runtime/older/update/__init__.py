"""Learning from new rows, as ``MLUpdateTask`` does on a device: an updatable nearest-neighbours classifier, an updatable
network, or a pipeline that ends in one.

What is followed: ``NetworkUpdateParameters``, ``SGDOptimizer``, ``AdamOptimizer`` and the loss layers of
``NeuralNetwork.proto``, and ``UpdatableNeuralNetworkValidator.cpp`` (Core ML Model Format Specification, apple/coremltools,
2026). Apple's documentation leaves these open, and they are decided here, so that weights trained here and on a device need
not agree digit for digit:

- the order of shuffling: a new permutation before each epoch, the first included, from NumPy's generator with the seed;
- momentum: v = momentum v - rate gradient, w = w + v (Sutskever and others, On the importance of initialization and momentum
  in deep learning, 2013, classical momentum);
- Adam: with bias correction and eps beside the root (Kingma and Ba, Adam: a method for stochastic optimization, 2015,
  algorithm 1);
- the mean squared error: over all values of a mini-batch; the cross-entropy: over its rows;
- the last mini-batch of an epoch is smaller where the rows do not divide;
- batch normalisation uses its stored mean and variance, and does not change them.
"""

from dataclasses import dataclass
from pathlib import Path

from ....errors import BadInput, BadPackage
from ...guard import guarded
from .. import pipeline
from ..features import feature
from ..interface import NETWORKS, PIPELINES, interface
from ..saving import save
from . import neighbors, network
from .settings import Settings, called


@dataclass(frozen=True)
class Update:
    """What ``update`` gives: the new ``model``, the mean loss of each epoch (none for neighbours), and where it was saved."""

    model: object
    losses: tuple
    path: Path | None = None


def update(
    model,
    rows,
    *,
    epochs=None,
    learning_rate=None,
    mini_batch_size=None,
    momentum=None,
    beta1=None,
    beta2=None,
    eps=None,
    shuffle=None,
    seed=None,
    path=None,
    overwrite=False,
):
    """Train a copy of ``model`` on ``rows``, a dict from the model's training inputs to columns of rows; the labels of a
    classifier go by the name of its predicted feature. ``model`` itself stays as it is.

    Settings that are not given are the model's own; those it allows only in a range are held to it. Only layers and weights
    marked updatable change. With ``path`` the new model is saved there as ``.mlmodel``. Returns an ``Update``. The loss of
    an epoch is the mean over its rows, each measured before the step it takes part in. Raises ``BadInput`` for a model that
    is not updatable, rows that do not fit, a setting out of range, or a loss that is no longer finite; ``BadPackage`` for
    a network with a layer on the way that cannot be trained through.
    """
    given = {
        "epochs": epochs,
        "learningRate": learning_rate,
        "miniBatchSize": mini_batch_size,
        "momentum": momentum,
        "beta1": beta1,
        "beta2": beta2,
        "eps": eps,
        "shuffle": shuffle,
        "seed": seed,
    }
    given = {name: value for name, value in given.items() if value is not None}
    if not model.spec.isUpdatable:
        raise BadInput(f"this {model.kind} is not marked updatable; make a new model instead")
    spec = type(model.spec)()
    spec.CopyFrom(model.spec)
    with guarded(model.program.path, "trained"):
        losses = _train(spec, _columns(spec, rows), given)
    updated = type(model)(path or model.program.path, spec)
    saved = save(spec, path, overwrite) if path is not None else None
    return Update(updated, tuple(losses), saved)


def _columns(spec, rows):
    from ..model import columns

    wanted = {each.name: feature(each) for each in spec.description.trainingInput}
    if not wanted:
        raise BadPackage("the model says that it is updatable, but not what it learns from")
    if not isinstance(rows, dict) or set(rows) != set(wanted):
        found = sorted(map(str, rows)) if isinstance(rows, dict) else type(rows).__name__
        raise BadInput(f"training takes columns of rows by the names {list(wanted)}, found {found}")
    return columns(wanted, rows, nan=False)[0]


def _train(spec, columns, given):
    """Change ``spec`` by what ``columns`` teach; the loss of each epoch."""
    kind = spec.WhichOneof("Type")
    if kind in PIPELINES:
        return _train_pipeline(spec, columns, given)
    if kind in NETWORKS:
        return network.train(spec, columns, Settings(getattr(spec, kind).updateParams, given))
    if given:
        raise BadInput(f"a {kind} has no settings to train with, found {called(sorted(given))}")
    if kind == "kNearestNeighborsClassifier":
        return neighbors.train(spec, columns)
    raise BadPackage(f"a {kind} is marked updatable, but this runtime does not update it")


def _train_pipeline(spec, columns, given):
    from ..model import read_stage

    kind = spec.WhichOneof("Type")
    models = (spec.pipeline if kind == "pipeline" else getattr(spec, kind).pipeline).models
    for model in models[:-1]:
        columns = {**columns, **pipeline.run(read_stage(model), interface(model), columns)}
    wanted = [each.name for each in models[-1].description.trainingInput]
    missing = [name for name in wanted if name not in columns]
    if missing or not models[-1].isUpdatable:
        raise BadPackage(
            f"the last model of the pipeline cannot learn: it is not updatable, or nothing makes {missing}"
        )
    return _train(models[-1], {name: columns[name] for name in wanted}, given)


__all__ = ["Update", "update"]
