"""A model of an older kind that has been read: what it expects, what it gives, and running it."""

import numpy as np

from ...errors import BadInput, BadPackage
from .. import core_ml
from ..guard import guarded
from ..program import Program
from . import arrays, encoding, linear, neighbors, neural, pipeline, scaling, support_vectors, table, trees
from .interface import PIPELINES, interface
from .saving import save

KINDS = {
    "arrayFeatureExtractor": arrays.read_extractor,
    "categoricalMapping": encoding.read_mapping,
    "dictVectorizer": encoding.read_dict_vectorizer,
    "featureVectorizer": arrays.read_vectorizer,
    "glmClassifier": linear.read_classifier,
    "glmRegressor": linear.read_regressor,
    "identity": arrays.read_identity,
    "imputer": scaling.read_imputer,
    "kNearestNeighborsClassifier": neighbors.read,
    "neuralNetwork": neural.read,
    "neuralNetworkClassifier": neural.read,
    "neuralNetworkRegressor": neural.read,
    "normalizer": scaling.read_normalizer,
    "oneHotEncoder": encoding.read_one_hot,
    "scaler": scaling.read_scaler,
    "supportVectorClassifier": support_vectors.read_classifier,
    "supportVectorRegressor": support_vectors.read_regressor,
    "treeEnsembleClassifier": trees.read,
    "treeEnsembleRegressor": trees.read,
}


def read_stage(spec, depth=0):
    """The ``Stage`` of a specification. Raises ``BadPackage`` for a kind that is not covered, naming it."""
    kind = spec.WhichOneof("Type") or "an empty specification"
    if kind in PIPELINES:
        return pipeline.read(spec, interface(spec), read_stage, depth)
    if kind not in KINDS:
        raise BadPackage(
            f"a model of the kind {kind} is beyond this runtime; it runs ML Programs and {', '.join(KINDS)}"
        )
    return KINDS[kind](spec, interface(spec))


class OlderModel:
    """A loaded model of a kind from before ML Programs: network, neighbours, trees, linear, feature steps, a pipeline.

    ``program`` is what ``inspect`` shows: features, one operation for each layer or model, constants and notes.
    """

    def __init__(self, path, spec):
        self.spec = spec
        with guarded(path, "read"):
            self._known = interface(spec)
            self._stage = read_stage(spec)
            self.program = self._program(str(path), spec.description)

    def _program(self, path, description):
        metadata = description.metadata
        return Program(
            path=path,
            specification=self.spec.specificationVersion,
            inputs={name: each.port for name, each in self._known.inputs.items()},
            outputs={name: each.port for name, each in self._known.outputs.items()},
            constants=self._stage.constants,
            operations=self._stage.operations,
            results=tuple(self._known.outputs),
            metadata=dict(metadata.userDefined),
            weights_sha256="",
            notes={
                "description": metadata.shortDescription,
                "inputs": {each.name: each.shortDescription for each in description.input},
                "outputs": {each.name: each.shortDescription for each in description.output},
            },
        )

    def __repr__(self):
        made = ", ".join(f"{port.name} {port.shape}" for port in self.program.outputs.values())
        taken = ", ".join(f"{port.name} {port.shape}" for port in self.program.inputs.values())
        return f"OlderModel({self.program.path!r}: {self.kind}, {taken} -> {made})"

    @property
    def kind(self):
        """The kind as the format names it, such as ``treeEnsembleClassifier``."""
        return self.spec.WhichOneof("Type")

    @property
    def updatable(self):
        """Whether the model says that it can be updated."""
        return self.spec.isUpdatable

    def predict(self, inputs):
        """Outputs by name for ``inputs`` by name: one row, or many when every input has a first axis of rows (a list, for
        texts and dicts).

        A classifier gives its label and, where it declares it, a dict from label to probability (for many rows an array of
        labels and a list of dicts). An image is an array (channels, height, width) in the order of its colour space, 0 to
        255. Raises ``BadInput`` for a missing or unknown name, a wrong shape or type, infinity, and NaN unless an imputer
        or a tree can deal with it; ``BadPackage`` when the model cannot run.
        """
        columns, many = self._columns(inputs)
        with guarded(self.program.path, "run"):
            made = pipeline.run(self._stage, self._known, columns)
        return made if many else {name: _first(column) for name, column in made.items()}

    def values(self, inputs):
        """Every value by name: the blobs of a network as it holds them, the features of a pipeline, else the outputs."""
        columns, many = self._columns(inputs)
        if self._stage.values is None:
            return {**inputs, **self.predict(inputs)}
        with guarded(self.program.path, "run"):
            made = self._stage.values(columns)
        return made if many or self.kind not in PIPELINES else {name: _first(column) for name, column in made.items()}

    def predict_with_core_ml(self, inputs):
        """The same for one row through Core ML itself. Raises ``BadInput`` off macOS, where there is no Core ML."""
        columns, many = self._columns(inputs)
        if many:
            raise BadInput("Core ML is asked row by row: pass one row")
        return core_ml.predict(self.program.path, {name: _first(column) for name, column in columns.items()})

    def save(self, path, overwrite=False):
        """Write the model to ``path``, which ends in ``.mlmodel``; see ``older.saving`` for the errors. Returns the path."""
        return save(self.spec, path, overwrite)

    def update(self, rows, **settings):
        """Train a copy on labelled ``rows``, as ``MLUpdateTask`` does: ``model.update({"x": X, "label": y}, epochs=5)``.

        Returns an ``Update`` with the new ``model`` and the ``losses``; see ``older.update.update`` for the settings, and
        for what Apple's documentation leaves open.
        """
        from .update import update

        return update(self, rows, **settings)

    def from_table(self, names, cells):
        """Inputs for ``predict`` from the cells of a CSV; see ``older.table``."""
        return table.inputs(self._known.inputs, names, cells)

    def _columns(self, inputs):
        if not isinstance(inputs, dict):
            raise BadInput(f"expected a dict of inputs by name, found {type(inputs).__name__}")
        wanted = self._known.inputs
        missing = [name for name, each in wanted.items() if name not in inputs and not each.optional]
        if missing or set(inputs) - set(wanted):
            raise BadInput(f"the model takes the inputs {list(wanted)}, found {sorted(map(str, inputs))}")
        return columns(wanted, inputs, self._stage.nan)


def columns(features, inputs, nan):
    """(name -> column, whether they are many rows) of what a caller gave for ``features``."""
    made = {name: each.column(inputs[name], nan) for name, each in features.items() if name in inputs}
    if not made:
        raise BadInput(f"expected inputs of the names {list(features)}, found none")
    counts = {(len(column), many) for column, many in made.values()}
    if len(counts) > 1:
        found = {name: len(column) if many else "one" for name, (column, many) in made.items()}
        raise BadInput(f"the inputs hold different numbers of rows: {found}")
    return {name: column for name, (column, _) in made.items()}, counts.pop()[1]


def _first(column):
    """The only row, as NumPy's or Python's own scalar where it is one."""
    value = column[0]
    return value if not isinstance(value, np.ndarray) or value.ndim else value[()]
