"""Models of the older kinds, made by coremltools' own builders or set by hand in the specification."""

import numpy as np

from beyondlabels.quiet import coremltools, protobufs
from beyondlabels.runtime import load

ARRAY = {"float32": 65568, "float64": 65600, "int32": 131104}


def specification(version=4):
    return protobufs()[0].Model(specificationVersion=version)


def declare(features, name, kind, *shape, dtype="float64"):
    """Add a feature: "double", "int64", "string", "array", or "dict" with its key as ``dtype``."""
    added = features.add(name=name)
    if kind == "array":
        added.type.multiArrayType.shape.extend(shape)
        added.type.multiArrayType.dataType = ARRAY[dtype]
    elif kind == "dict":
        getattr(added.type.dictionaryType, f"{dtype}KeyType").SetInParent()
    else:
        getattr(added.type, f"{kind}Type").SetInParent()
    return added


def classifier(spec, label="string", chances="chances"):
    """Declare the outputs of a classifier."""
    declare(spec.description.output, "label", label)
    spec.description.predictedFeatureName = "label"
    if chances:
        declare(spec.description.output, chances, "dict", dtype=label)
        spec.description.predictedProbabilitiesName = chances


def saved(spec, folder, name="model.mlmodel"):
    """Write the specification as it is, and read it back with the runtime."""
    path = folder / name
    path.write_bytes(spec.SerializeToString())
    return load(path)


def builder(inputs, outputs, exact=False, mode=None):
    """coremltools' network builder for inputs and outputs by name -> shape (``None``: not declared)."""
    coremltools()
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    def features(shapes):
        return [(name, shape if shape is None else datatypes.Array(*shape)) for name, shape in shapes.items()]

    return NeuralNetworkBuilder(features(inputs), features(outputs), mode=mode, disable_rank5_shape_mapping=exact)


def neighbors(rows, labels, count=3, weighting="uniform", index="linear", default="none"):
    coremltools()
    from coremltools.models.nearest_neighbors import KNearestNeighborsClassifierBuilder

    made = KNearestNeighborsClassifierBuilder(
        "x",
        "label",
        np.shape(rows)[1] if len(rows) else 2,
        default,
        number_of_neighbors=count,
        weighting_scheme=weighting,
        index_type=index,
    )
    if len(rows):
        made.add_samples(np.asarray(rows, np.float32), labels)
    return made.spec


def trees(kind, features, outputs=1, transform="NoTransform", labels=("no", "yes")):
    """coremltools' builder of a tree ensemble: its inputs are numbers by name."""
    coremltools()
    from coremltools.models import datatypes
    from coremltools.models.tree_ensemble import TreeEnsembleClassifier, TreeEnsembleRegressor

    inputs = [(name, datatypes.Double()) for name in features]
    if kind == "classifier":
        made = TreeEnsembleClassifier(inputs, list(labels), ["label", "chances"])
    else:
        made = TreeEnsembleRegressor(inputs, [("y", datatypes.Double())])
        if outputs > 1:
            del made.spec.description.output[:]
            declare(made.spec.description.output, "y", "array", outputs)
    made.set_default_prediction_value([0.0] * outputs)
    made.set_post_evaluation_transform(transform)
    return made
