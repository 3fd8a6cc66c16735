"""Training the updatable layers of a network on rows: mini-batches, a loss, the way back, one step of the optimizer each."""

from dataclasses import replace

import numpy as np

from ....errors import BadInput, BadPackage
from ..interface import interface
from ..network import walk
from ..neural import Network
from .gradients import BACKWARD, refusal
from .optimizers import make


class Trained:
    """Weights that change: what ``Weights`` offers to a layer, around the array that the optimizer keeps."""

    def __init__(self, values):
        self.stored = values

    def shaped(self, *shape, channels=0):
        """The values in ``shape``."""
        return self.stored.reshape(shape)

    def vector(self, size):
        """The values in the shape (size,)."""
        return self.stored.reshape(size)


class Trainer:
    """A network, its loss, and the weights that may change: ``weights`` maps (place of the layer, "weights" or "bias")."""

    def __init__(self, spec, known):
        self.network = Network(spec, known)
        message = getattr(spec, self.network.kind).updateParams
        if len(message.lossLayers) != 1:
            raise BadPackage(f"an updatable network has one loss, this one {len(message.lossLayers)}")
        kind = message.lossLayers[0].WhichOneof("LossLayerType")
        if kind is None:
            raise BadPackage("the loss of the network is of an unknown kind")
        loss = getattr(message.lossLayers[0], kind)
        self.entropy, self.input, self.target = kind.startswith("categorical"), loss.input, loss.target
        self.layers = list(self.network.layers)
        self.weights = dict(self._updatable())
        if not self.weights:
            raise BadPackage("the network is marked updatable, but no layer and weights are")
        self.route = self._route()

    def _updatable(self):
        for place, layer in enumerate(self.layers):
            if not layer.updatable:
                continue
            if layer.kind not in ("innerProduct", "convolution"):
                raise BadPackage(
                    f"layer {layer.kind!r} ({layer.name}) is marked updatable; Core ML updates dense and convolution"
                )
            for key in ("weights", "bias") if layer.parameters["hasBias"] else ("weights",):
                values = layer.parameters[key]
                if values.updatable:
                    if values.stored.dtype != np.float32:
                        raise BadPackage(f"layer {layer.name!r} is marked updatable, but its {key} are not float32")
                    yield (place, key), np.array(values.stored)

    def _route(self):
        """Places of the layers that the gradient goes through, from the loss on; the first is what makes its input."""
        made_by = {name: place for place, layer in enumerate(self.layers) for name in layer.outputs}
        learns = {}
        for place, layer in enumerate(self.layers):
            before = [made_by[name] for name in layer.inputs if made_by.get(name, place) < place]
            learns[place] = layer.updatable or any(learns[each] for each in before)
        last = made_by.get(self.input)
        if last is None or (self.entropy and self.layers[last].kind != "softmax"):
            raise BadPackage(f"the loss reads {self.input!r}, which no {'softmax' if self.entropy else 'layer'} makes")
        reached, route = {self.input}, []
        for place in range(last, -1, -1):
            layer = self.layers[place]
            if not learns[place] or not reached & set(layer.outputs):
                continue
            reason = "" if self.entropy and place == last else refusal(layer)
            if reason:
                raise BadPackage(
                    f"layer {layer.kind!r} ({layer.name}) stands between the loss and a layer to train: {reason}"
                )
            route.append(place)
            reached |= set(layer.inputs)
        self.learns = {
            place for place in route if any(learns.get(made_by.get(name), False) for name in self.layers[place].inputs)
        }
        return route

    def gradients(self, columns, targets):
        """(sum of the losses of the rows, gradients of the mean loss by key) for one mini-batch."""
        count = len(targets)
        parts = [slice(None)] if self.network.together or count == 1 else [slice(row, row + 1) for row in range(count)]
        total, found = 0.0, {}
        for part in parts:
            loss, made = self._back({name: column[part] for name, column in columns.items()}, targets[part])
            total += loss
            for key, gradient in made.items():
                found[key] = found.get(key, 0) + gradient / np.float32(count)
        return total, found

    def _current(self):
        layers = list(self.layers)
        for (place, key), values in self.weights.items():
            layers[place] = replace(layers[place], parameters={**layers[place].parameters, key: Trained(values)})
        return layers

    def _back(self, columns, targets):
        """(sum of losses, gradients of that sum) of rows that may go through together."""
        layers = self._current()
        blobs = self.network.start(columns)
        walk(layers, blobs)
        output = blobs[self.input]
        loss, gradient = (_cross_entropy if self.entropy else _squared_error)(output, targets)
        flowing, found = {self.input: gradient}, {}
        for place in self.route:
            layer = layers[place]
            arriving = flowing.pop(layer.outputs[0], None)
            if arriving is None:
                continue
            if self.entropy and layer.outputs[0] == self.input:
                flowing[layer.inputs[0]] = arriving  # of the softmax and the loss together
                continue
            x, y = blobs[layer.inputs[0]], blobs[layer.outputs[0]]
            back, of_weights = BACKWARD[layer.kind](layer, x, y, arriving)
            if place in self.learns:
                flowing[layer.inputs[0]] = flowing.get(layer.inputs[0], 0) + back
            for key, value in of_weights.items():
                if (place, key) in self.weights:
                    found[place, key] = np.asarray(value, np.float32).reshape(self.weights[place, key].shape)
        return loss, found


def train(spec, columns, settings):
    """Train the network in ``spec`` and write its weights there; the mean loss of each epoch."""
    known = interface(spec)
    trainer = Trainer(spec, known)
    inputs = {name: columns[name] for name in known.inputs if name in columns}
    targets = _targets(trainer, spec, columns)
    step, order = make(settings), np.random.default_rng(abs(settings["seed"]))
    count, size, losses = len(targets), settings["miniBatchSize"], []
    for epoch in range(settings["epochs"]):
        rows = order.permutation(count) if settings["shuffle"] else np.arange(count)
        total = 0.0
        for start in range(0, count, size):
            part = rows[start : start + size]
            with np.errstate(all="ignore"):
                loss, gradients = trainer.gradients({name: each[part] for name, each in inputs.items()}, targets[part])
                step(trainer.weights, gradients)
            total += loss
        losses.append(total / count)
        if not np.isfinite(losses[-1]) or not all(np.isfinite(each).all() for each in trainer.weights.values()):
            raise BadInput(
                f"the loss is no longer a number after epoch {epoch + 1}: train with a smaller learning rate"
            )
    layers = getattr(spec, trainer.network.kind).layers
    for (place, key), values in trainer.weights.items():
        message = getattr(getattr(layers[place], trainer.layers[place].kind), key)
        del message.floatValue[:]
        message.floatValue.extend(values.ravel().tolist())
    return losses


def _targets(trainer, spec, columns):
    """What the loss compares with: places of classes, or values (rows, …)."""
    name = trainer.target if trainer.target in columns else spec.description.predictedFeatureName
    if name not in columns:
        raise BadInput(f"training needs the target {trainer.target!r}")
    values = columns[name]
    if trainer.entropy and trainer.network.labels is not None and name == spec.description.predictedFeatureName:
        labels = trainer.network.labels
        unknown = [each for each in values.tolist() if each not in labels]
        if unknown:
            raise BadInput(f"{unknown[0]!r} is none of the classes {labels[:10]}")
        places = {label: place for place, label in enumerate(labels)}
        return np.array([places[each] for each in values.tolist()])
    values = np.asarray(values)
    if trainer.entropy:
        return values.reshape(len(values), -1)[:, 0].astype(np.int64)
    return values.reshape(len(values), -1).astype(np.float32)


def _cross_entropy(output, targets):
    """(sum over rows of -log p[target], its gradient at the softmax's input: p less 1 at the target)."""
    chances = output.reshape(len(targets), -1)
    if targets.min() < 0 or targets.max() >= chances.shape[1]:
        raise BadInput(f"a target lies outside 0 to {chances.shape[1] - 1}")
    rows = np.arange(len(targets))
    gradient = chances.copy()
    gradient[rows, targets] -= 1
    taken = np.maximum(chances[rows, targets], np.finfo(np.float32).tiny)
    return float(-np.log(taken, dtype=np.float64).sum()), gradient.reshape(output.shape)


def _squared_error(output, targets):
    """(sum over rows of the mean squared difference, its gradient)."""
    apart = output.reshape(len(targets), -1)
    if apart.shape != targets.shape:
        raise BadInput(f"the targets hold {targets.shape[1]} values a row, the network gives {apart.shape[1]}")
    apart = apart - targets
    loss = float(np.mean(apart.astype(np.float64) ** 2, axis=1).sum())
    return loss, (apart * np.float32(2 / apart.shape[1])).reshape(output.shape)
