"""A saved package, read from its bytes: the manifest, the model description, the program and the weights.

A ``.mlmodel`` file, and a package that holds a model of a kind from before ML Programs, are handed to ``older``.

The program is read straight from Core ML's own format (``Model.proto`` and ``MIL.proto`` of Apple's open-source
coremltools), without the MIL builder that wrote it, so that a fault in writing cannot hide behind the same fault in reading.
"""

import json
from pathlib import Path

from ..errors import BadPackage
from ..quiet import protobufs
from .package import Package
from .program import Port, Program
from .reading import Reader
from .weights import Weights

_NEWEST_SPECIFICATION = 9  # iOS 18; a later one may hold operations with other rules
_ARRAY_TYPES = {65552: "float16", 65568: "float32", 65600: "float64", 131080: "int8", 131104: "int32"}
_LABELS = {"int64Type": "int64", "stringType": "str", "dictionaryType": "dict"}  # what a classifier gives
_NO_LIMIT = 2**31 - 1  # the upper bound of an axis that the package leaves open


def load(path):
    """The package or ``.mlmodel`` at ``path``, ready to run: a ``Package`` for an ML Program, an ``OlderModel`` for the kinds
    before it. Raises ``BadPackage`` when it cannot be read."""
    path = Path(path)
    model = _model_file(path)
    Model_pb2, _ = protobufs()
    spec = Model_pb2.Model()
    try:
        spec.ParseFromString(model.read_bytes())
    except OSError as error:
        raise BadPackage(f"{path}: the model file cannot be read ({error.strerror}); save the package again") from None
    except Exception:
        raise BadPackage(
            f"{path}: the model file is damaged: it is not a Core ML specification; save it again"
        ) from None
    _insist_known_version(path, spec)
    if spec.WhichOneof("Type") not in (None, "mlProgram"):
        from .older import OlderModel

        return OlderModel(path, spec)
    return Package(_program(path, model.parent / "weights", spec))


def of_specification(specification, weights_folder):
    """The package that a specification not yet saved will be, its weights already in ``weights_folder``."""
    return Package(_program(weights_folder, weights_folder, specification))


def _model_file(path):
    if path.suffix == ".mlmodel" and path.is_file():
        return path
    if not path.is_dir():
        found = "a file" if path.exists() else "nothing"
        raise BadPackage(f"{path}: expected a .mlpackage folder or a .mlmodel file, found {found}")
    try:
        manifest = json.loads((path / "Manifest.json").read_text("utf-8"))
        entry = manifest["itemInfoEntries"][manifest["rootModelIdentifier"]]["path"]
        model = (path / "Data" / entry).resolve()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise BadPackage(
            f"{path}: Manifest.json is missing or damaged, so the model cannot be found; save the package again"
        ) from None
    if not model.is_relative_to(path.resolve()):
        raise BadPackage(f"{path}: the manifest points outside the package, to {entry!r}; it is not opened")
    return model


def _insist_known_version(path, spec):
    if spec.specificationVersion > _NEWEST_SPECIFICATION:
        raise BadPackage(
            f"{path}: specification version {spec.specificationVersion} is newer than {_NEWEST_SPECIFICATION} (iOS 18), "
            "the newest this runtime knows"
        )


def _program(path, weights_folder, spec):
    if spec.WhichOneof("Type") != "mlProgram":
        raise BadPackage(f"{path}: expected a model, found an empty specification")
    name = spec.description.defaultFunctionName or "main"
    names = list(spec.mlProgram.functions)
    if name not in names:
        raise BadPackage(f"{path}: expected a function {name!r}, found {names or 'none'}")
    function = spec.mlProgram.functions[name]
    if function.opset not in function.block_specializations:
        raise BadPackage(f"{path}: the function {name} has no block for its own opset {function.opset!r}")
    interface = next((each for each in spec.description.functions if each.name == name), spec.description)
    weights_path = weights_folder / "weight.bin"
    reader = Reader(Weights(weights_path) if weights_path.exists() else None)
    block = reader.block(function.block_specializations[function.opset])
    stated = {each.name: reader.type(each.type) for each in function.inputs}
    states = {each.name for each in interface.state}
    metadata = spec.description.metadata
    inputs = {port.name: _input(port, stated) for port in interface.input if port.name not in states}
    return Program(
        path=str(path),
        specification=spec.specificationVersion,
        inputs=inputs,
        outputs=_outputs(interface, inputs, block.operations),
        constants=block.constants,
        operations=block.operations,
        results=block.results,
        metadata=dict(metadata.userDefined),
        weights_sha256=reader.weights.sha256() if reader.weights else "",
        notes={
            "description": metadata.shortDescription,
            "inputs": {port.name: port.shortDescription for port in interface.input},
            "outputs": {port.name: port.shortDescription for port in interface.output},
        },
        states={name: stated[name] for name in sorted(states & set(stated))},
    )


def _input(port, stated):
    """The port of an input; an image takes numbers in the type and shape that the program itself states."""
    if port.type.WhichOneof("Type") == "imageType" and port.name in stated:
        dtype, shape = stated[port.name]
        bounds = tuple((1, _NO_LIMIT) if size is None else (size, size) for size in shape)
        kind = port.type.imageType
        color = kind.ColorSpace.Name(kind.colorSpace) if len(bounds) == 4 else ""
        return Port(port.name, dtype, bounds, color if color in ("RGB", "BGR", "GRAYSCALE") else "")
    return _port(port)


def _outputs(interface, inputs, operations):
    """The output ports; where the interface states no shape, the program's own, its open axis being the input's rows."""
    made = {name: shape for operation in operations for name, _, shape in operation.outputs}
    rows = next((port.bounds[0] for port in inputs.values() if port.bounds), (1, 1))
    ports = {}
    for port in interface.output:
        kind = port.type.WhichOneof("Type")
        found = Port(port.name, _LABELS[kind], None) if kind in _LABELS else _port(port)
        if found.bounds is None and made.get(found.name) is not None and kind not in _LABELS:
            bounds = tuple(rows if size is None else (size, size) for size in made[found.name])
            found = Port(found.name, found.dtype, bounds)
        ports[found.name] = found
    return ports


def _port(port):
    """What the interface says of an input or output. Raises ``BadPackage`` for anything but an array of numbers."""
    array = port.type.multiArrayType
    dtype = _ARRAY_TYPES.get(array.dataType)
    if port.type.WhichOneof("Type") != "multiArrayType" or dtype is None:
        found = port.type.WhichOneof("Type") or "nothing"
        raise BadPackage(f"{port.name!r} is declared as {found} {array.dataType}; expected an array of numbers")
    if array.WhichOneof("ShapeFlexibility") == "shapeRange":
        ranges = array.shapeRange.sizeRanges
        bounds = tuple((axis.lowerBound, _NO_LIMIT if axis.upperBound < 0 else axis.upperBound) for axis in ranges)
    elif array.WhichOneof("ShapeFlexibility") == "enumeratedShapes":
        sizes = zip(*(each.shape for each in array.enumeratedShapes.shapes), strict=False)
        bounds = tuple((min(axis), max(axis)) for axis in sizes)
    else:
        bounds = tuple((size, size) for size in array.shape) or None
    return Port(port.name, dtype, bounds)
