"""A network with its inputs and outputs: how features become blobs and blobs features.

After ``NeuralNetwork.proto`` (Core ML Model Format Specification, apple/coremltools, 2026). With the old mapping (rank 5) an
input [C] or [C, H, W] becomes a blob (sequence 1, batch, C, H, W) and the rows go along the batch. With the exact mapping a
blob has the shape of the input, and rows are run one by one unless every layer treats them apart anyway.
"""

import numpy as np

from ...errors import BadInput, BadPackage
from ..bounds import prediction
from ..program import Operation, Ref
from .interface import Stage, class_labels, label_column
from .network import walk
from .reading import layers

_RANK5 = {
    *("activation", "add", "average", "bias", "clampedReLU", "clip", "convolution", "dot", "flatten", "innerProduct"),
    *(
        "l2normalize",
        "lrn",
        "max",
        "min",
        "multiply",
        "mvn",
        "padding",
        "permute",
        "pooling",
        "reduce",
        "reorganizeData",
    ),
    *("reshape", "resizeBilinear", "scale", "simpleRecurrent", "gru", "uniDirectionalLSTM", "biDirectionalLSTM"),
    *("slice", "softmax", "split", "unary", "upsample", "batchnorm", "concat", "embedding", "sequenceRepeat"),
}  # layers that leave the batch axis alone, so that all rows can go through at once
_FLAT = {
    "activation",
    "innerProduct",
    "unary",
    "clip",
    "tanh",
    "add",
    "multiply",
    "clampedReLU",
    "gelu",
}  # and (rows, n)


class Network:
    """The layers and the mapping of one network, and running it on columns."""

    def __init__(self, spec, known):
        self.known, self.kind = known, spec.WhichOneof("Type")
        model = getattr(spec, self.kind)
        self.layers = layers(model)
        if not self.layers:
            raise BadPackage("the network has no layers")
        self.old = model.arrayInputShapeMapping == 0
        self.old_images = model.imageInputShapeMapping == 0
        self.blues = {each.name for each in spec.description.input if each.type.imageType.colorSpace == 30}
        self.preprocessing = {each.featureName: each for each in model.preprocessing}
        self.together = self._together()
        self.labels, self.scores = None, ""
        if self.kind == "neuralNetworkClassifier":
            self.labels = class_labels(model)
            self.scores = model.labelProbabilityLayerName or self.layers[-1].outputs[0]

    def _together(self):
        kinds = {layer.kind for layer in self.layers}
        if any(_mixes_rows(layer) for layer in self.layers):
            return False
        if self.old and self.old_images:
            return kinds <= _RANK5
        return kinds <= _FLAT and all(
            each.kind == "array" and {len(shape) for shape in each.shapes} == {1} for each in self.known.inputs.values()
        )

    def outputs(self, columns):
        """Columns of the outputs for columns of the inputs."""
        count = len(next(iter(columns.values())))
        sequence = self.old and any(np.ndim(column) == 6 for column in columns.values())
        if self.together or count == 1:
            return self._named(self.blobs(columns), count, sequence)
        parts = [self._named(self.blobs(_row(columns, row)), 1) for row in range(count)]
        return {name: _joined([part[name] for part in parts]) for name in parts[0]}

    def blobs(self, columns):
        """Every blob by name, for rows that may go through together."""
        made = self.start(columns)
        with prediction():
            walk(self.layers, made)
        return made

    def start(self, columns):
        """The blobs of the inputs."""
        made = {name: self._blob(name, column) for name, column in columns.items()}
        for name, each in self.known.inputs.items():
            if name not in made and each.default is not None:
                shape = tuple(low for low, _ in each.shapes[0]) if each.shapes else ()
                made[name] = self._blob(name, np.full((1, *shape), each.default))
        return made

    def _blob(self, name, column):
        each = self.known.inputs[name]
        with np.errstate(over="ignore"):
            column = np.asarray(column, np.float32)
        if not np.isfinite(column).all():
            raise BadInput(f"input {name!r} holds a value that is too large for float32, in which networks compute")
        if each.kind == "image":
            column = self._prepared(name, column)
            return column[None] if self.old_images else column
        column = self._prepared(name, column)
        if not self.old:
            return column if self.together else column[0]
        if column.ndim == 6:  # one row of rank 5: the blob itself
            return column[0]
        if column.ndim in (2, 4):
            return column.reshape(1, *column.shape, *[1] * (4 - column.ndim))
        raise BadInput(f"input {name!r} has {column.ndim - 1} axes; a network of this kind takes 1 or 3")

    def _prepared(self, name, column):
        done = self.preprocessing.get(name) or (
            self.preprocessing.get("") if self.known.inputs[name].kind == "image" else None
        )
        if done is None:
            return column
        if done.WhichOneof("preprocessor") == "meanImage":
            mean = np.array(done.meanImage.meanImage, np.float32)
            if mean.size != column[0].size:
                raise BadPackage(f"the mean image has {mean.size} values, the input {column[0].size}")
            return column - mean.reshape(column.shape[1:])
        scaler = done.scaler
        colours = [scaler.blueBias, scaler.greenBias, scaler.redBias]
        biases = colours if name in self.blues else colours[::-1]
        biases = [scaler.grayBias] if column.shape[-3] == 1 else biases
        return column * np.float32(scaler.channelScale) + np.array(biases, np.float32).reshape(-1, 1, 1)

    def _named(self, blobs, count, sequence=False):
        made = {}
        if self.labels is not None:
            made.update(self._classified(blobs, count))
        for name, each in self.known.outputs.items():
            if name in made:
                continue
            if name not in blobs:
                raise BadPackage(f"the network makes no {name!r}, which is declared as an output")
            made[name] = self._rows(blobs[name], count, each, sequence)
        return made

    def _classified(self, blobs, count):
        if self.scores not in blobs:
            raise BadPackage(f"the classifier reads its probabilities from {self.scores!r}, which no layer makes")
        scores = self._by_row(blobs[self.scores], count).reshape(count, -1)
        if scores.shape[1] != len(self.labels):
            raise BadPackage(f"the network gives {scores.shape[1]} values for {len(self.labels)} classes")
        made = {self.known.predicted: label_column(self.labels, scores.argmax(1))}
        if self.known.chances:
            made[self.known.chances] = [dict(zip(self.labels, row, strict=True)) for row in scores.tolist()]
        return made

    def _by_row(self, blob, count):
        if not self.old:
            return blob if self.together else blob[None]
        if blob.ndim == 5 and blob.shape[1] == count:
            return np.moveaxis(blob, 1, 0)
        return np.broadcast_to(blob, (count, *blob.shape)) if count > 1 else blob[None]

    def _rows(self, blob, count, feature, sequence):
        """A blob as a column. With the old mapping (1, rows, C, H, W) gives (rows, C, H, W), (rows, C) where H and W are
        1; a sequence made inside keeps its axis: (rows, sequence, C, H, W). What was given as (sequence, batch, …) is
        given back so."""
        declared = feature.shapes[0] if len(feature.shapes) == 1 else ()
        if sequence:
            return (
                blob[None, ..., 0, 0]
                if blob.ndim == 5 and blob.shape[-2:] == (1, 1) and len(declared) != 3
                else blob[None]
            )
        rows = self._by_row(blob, count)
        if declared and len(declared) == rows.ndim - 1 and not self.old:
            return rows
        if self.old and rows.ndim == 5:
            rows = rows[:, 0] if rows.shape[1] == 1 else rows
            rows = rows[..., 0, 0] if rows.shape[-2:] == (1, 1) and len(declared) != 3 else rows
        return rows


def read(spec, known):
    """The ``Stage`` of a neuralNetwork, neuralNetworkClassifier or neuralNetworkRegressor."""
    network = Network(spec, known)
    operations = tuple(
        Operation(
            layer.kind, layer.name, {"x": [Ref(name) for name in layer.inputs], **_listed(layer)}, _outputs(layer)
        )
        for layer in network.layers
    )
    constants = {
        f"{layer.name}/{key}": value.stored
        for layer in network.layers
        for key, value in layer.parameters.items()
        if hasattr(value, "stored") and value.stored.size
    }

    def values(columns):
        if not network.together and len(next(iter(columns.values()))) > 1:
            raise BadInput("this network runs its rows one by one: ask for the values of one row")
        return network.blobs(columns)

    return Stage(network.outputs, operations, values=values, constants=constants)


def _mixes_rows(layer):
    known = layer.parameters
    if layer.kind == "batchnorm":
        return known["computeMeanVar"] and not known["instanceNormalization"]
    return (
        layer.kind in _FLAT
        and layer.kind == "activation"
        and (known["PReLU"] or known["parametricSoftplus"]) is not None
    )


def _listed(layer):
    """The parameters that say something, for a listing."""
    found = {}
    for key, value in layer.parameters.items():
        if hasattr(value, "stored"):
            if value.stored.size:
                found[key] = value.stored
        elif isinstance(value, (bool, int, float, str)):
            if value:
                found[key] = value if isinstance(value, str) else np.array(value)
        elif isinstance(value, list) and value and isinstance(value[0], (int, float)):
            found[key] = np.array(value)
        elif value is not None and not isinstance(value, (list, tuple)):
            found[key] = str(value).removeprefix("namespace")
    return found


def _outputs(layer):
    return tuple((name, "float32", None) for name in layer.outputs)


def _row(columns, row):
    return {name: column[row : row + 1] for name, column in columns.items()}


def _joined(parts):
    return [each for part in parts for each in part] if isinstance(parts[0], list) else np.concatenate(parts)
