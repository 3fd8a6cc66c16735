"""A saved package, read from its bytes: the manifest, the model description, the program and the weights.

A ``.mlmodel`` file, and a package that holds a model of a kind from before ML Programs, are handed to ``older``.

The program is read straight from Core ML's own format (``Model.proto`` and ``MIL.proto`` of Apple's open-source
coremltools), without the MIL builder that wrote it, so that a fault in writing cannot hide behind the same fault in reading.
"""

import json
import zipfile
from pathlib import Path

from ..errors import BadInput, BadPackage
from ..quiet import protobufs
from .guard import guarded
from .package import Package
from .program import Port, Program
from .reading import Reader
from .weights import Weights

_NEWEST_SPECIFICATION = 9  # iOS 18; a later one may hold operations with other rules
_ARRAY_TYPES = {65552: "float16", 65568: "float32", 65600: "float64", 131080: "int8", 131104: "int32"}
_LABELS = {"int64Type": "int64", "stringType": "str", "dictionaryType": "dict"}  # what a classifier gives
_FITTED = (
    ".skops",
    ".keras",
    ".h5",
    ".hdf5",
    ".pkl",
    ".pickle",
    ".joblib",
)  # where models are kept before they are exported
_NO_LIMIT = 2**31 - 1  # the upper bound of an axis that the package leaves open
_LARGEST = 2**31 - 1  # bytes of one message: what protobuf can read


def load(path, function=None):
    """The package or ``.mlmodel`` at ``path``, ready to run: a ``Package`` for an ML Program, an ``OlderModel`` for the kinds
    before it. ``function``: which one, by name, of a package that holds several (default: the one that the package itself
    names). Raises ``BadPackage`` when it cannot be read, ``BadInput`` for what is no path, or a function that is not there."""
    path = checked_path(path)
    model = _model_file(path)
    spec = _specification(path, model)
    _insist_known_version(path, spec)
    if spec.WhichOneof("Type") not in (None, "mlProgram"):
        from .older import OlderModel

        if function is not None:
            raise BadInput(f"{path} is no ML Program, so it has no function {function!r}; load it without function=")
        return OlderModel(path, spec)
    weights = _inside(path, model.parent / "weights" / "weight.bin", "the weights") if path.is_dir() else None
    with guarded(path, "read"):
        return Package(_program(path, weights, spec, function))


def checked_path(path):
    """``path`` as a ``Path``. Raises ``BadInput`` for what cannot be one."""
    try:
        return Path(path)
    except TypeError:
        raise BadInput(
            f"expected the path of a .mlpackage folder or a .mlmodel file, found {path!r:.60} of type {type(path).__name__}"
        ) from None


def of_specification(specification, weights_folder):
    """The package that a specification not yet saved will be, its weights already in ``weights_folder``."""
    return Package(_program(weights_folder, weights_folder / "weight.bin", specification))


def _specification(path, model):
    Model_pb2, _ = protobufs()
    spec = Model_pb2.Model()
    try:
        size = model.stat().st_size
        if not model.is_file() or size > _LARGEST:
            found = f"{size:,} bytes" if model.is_file() else "a folder or a pipe"
            raise BadPackage(
                f"{path}: the model file cannot be read: expected a file of at most {_LARGEST:,} bytes, found {found}; save the "
                "package again"
            )
        spec.ParseFromString(model.read_bytes())
    except OSError as error:
        raise BadPackage(f"{path}: the model file cannot be read ({error.strerror}); save the package again") from None
    except BadPackage:
        raise
    except Exception:
        raise BadPackage(
            f"{path}: the model file is damaged: it is not a Core ML specification; save it again"
        ) from None
    return spec


def _model_file(path):
    if path.suffix == ".mlmodel" and path.is_file():
        return path
    if not path.is_dir():
        found = "nothing"
        if path.is_file() and path.suffix.lower() in _FITTED:
            found = "a model file: export it first, with beyondlabels export or bl.export"
        elif path.is_file():
            found = "a zip file: unpack it first" if zipfile.is_zipfile(path) else "a file of another kind"
        elif path.exists():
            found = "neither"
        raise BadPackage(f"{path}: expected a .mlpackage folder or a .mlmodel file, found {found}")
    file = _inside(path, path / "Manifest.json", "the manifest")
    try:
        if not file.is_file():
            raise FileNotFoundError(file)
        manifest = json.loads(file.read_text("utf-8"))
        entry = manifest["itemInfoEntries"][manifest["rootModelIdentifier"]]["path"]
        model = (path / "Data" / entry).resolve()
        outside = not model.is_relative_to(path.resolve())
    except (OSError, ValueError, KeyError, TypeError, RecursionError, RuntimeError, MemoryError):
        raise BadPackage(
            f"{path}: Manifest.json is missing or damaged, so the model cannot be found; save the package again"
        ) from None
    if outside:
        raise BadPackage(f"{path}: the manifest points outside the package, to {entry!r:.200}; it is not opened")
    return model


def _inside(path, file, what):
    """Where ``file`` truly lies. Raises ``BadPackage`` where a link leads out of the package at ``path``, or round in a
    circle."""
    try:
        place = file.resolve()
        outside = not place.is_relative_to(path.resolve())
    except (OSError, RuntimeError) as error:
        raise BadPackage(f"{path}: {what} cannot be found: {error}; save the package again") from None
    if outside:
        raise BadPackage(f"{path}: {what} is a link to {place}, outside the package; it is not opened: save it again")
    return place


def _insist_known_version(path, spec):
    if spec.specificationVersion > _NEWEST_SPECIFICATION:
        raise BadPackage(
            f"{path}: specification version {spec.specificationVersion} is newer than {_NEWEST_SPECIFICATION} (iOS 18), "
            "the newest this runtime knows"
        )


def _program(path, weights_path, spec, wanted=None):
    """``weights_path``: the weight file, or ``None`` where there can be none; ``wanted``: the function, if not the default."""
    if spec.WhichOneof("Type") != "mlProgram":
        raise BadPackage(f"{path}: expected a model, found an empty specification")
    name = spec.description.defaultFunctionName or "main"
    names = sorted(spec.mlProgram.functions)
    if wanted is not None and wanted not in names:
        raise BadInput(f"{path} has no function {wanted!r}; it holds {', '.join(names) or 'none'}")
    name = wanted or name
    if name not in names:
        raise BadPackage(f"{path}: expected a function {name!r}, found {names or 'none'}")
    function = spec.mlProgram.functions[name]
    if function.opset not in function.block_specializations:
        raise BadPackage(f"{path}: the function {name} has no block for its own opset {function.opset!r}")
    interface = next((each for each in spec.description.functions if each.name == name), spec.description)
    reader = Reader(Weights(weights_path) if weights_path is not None and weights_path.exists() else None)
    stated = {each.name: reader.type(each.type) for each in function.inputs}
    block = reader.block(function.block_specializations[function.opset], taken=stated)
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
            "functions": names,
            "function": name,
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
        shapes = tuple(tuple(map(int, each.shape)) for each in array.enumeratedShapes.shapes)
        bounds = tuple((min(axis), max(axis)) for axis in zip(*shapes, strict=False))
        return Port(port.name, dtype, bounds, shapes=shapes)
    else:
        bounds = tuple((size, size) for size in array.shape) or None
    return Port(port.name, dtype, bounds)
