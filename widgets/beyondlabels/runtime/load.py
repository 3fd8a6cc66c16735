"""A saved package, read from its bytes: the manifest, the model description, the program and the weights.

The program is read straight from Core ML's own format (``Model.proto`` and ``MIL.proto`` of Apple's open-source
coremltools), without the MIL builder that wrote it, so that a fault in writing cannot hide behind the same fault in reading.
"""

import json
from pathlib import Path

import numpy as np

from ..errors import BadPackage
from ..quiet import protobufs
from .package import Package
from .program import Operation, Port, Program, Ref
from .weights import Weights

_NEWEST_SPECIFICATION = 9  # iOS 18; a later one may hold operations with other rules
_DTYPES = {
    1: "bool",
    2: "str",
    10: "float16",
    11: "float32",
    12: "float64",
    21: "int8",
    22: "int16",
    23: "int32",
    24: "int64",
}
_DTYPES |= {31: "uint8", 32: "uint16", 33: "uint32", 34: "uint64"}
_ARRAY_TYPES = {65552: "float16", 65568: "float32", 65600: "float64", 131104: "int32"}


def load(path):
    """The package at ``path``, ready to run. Raises ``BadPackage`` when it cannot be read."""
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
    return Package(_program(path, model.parent, spec))


def _model_file(path):
    if not path.is_dir():
        found = "a file" if path.exists() else "nothing"
        raise BadPackage(f"{path}: expected a .mlpackage folder, found {found}")
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


def _program(path, folder, spec):
    if spec.WhichOneof("Type") != "mlProgram":
        raise BadPackage(f"{path}: expected an ML Program, found {spec.WhichOneof('Type') or 'an empty specification'}")
    if spec.specificationVersion > _NEWEST_SPECIFICATION:
        raise BadPackage(
            f"{path}: specification version {spec.specificationVersion} is newer than {_NEWEST_SPECIFICATION} (iOS 18), "
            "the newest this runtime knows"
        )
    names = list(spec.mlProgram.functions)
    if "main" not in names:
        raise BadPackage(f"{path}: expected a function 'main', found {names or 'none'}")
    function = spec.mlProgram.functions["main"]
    if function.opset not in function.block_specializations:
        raise BadPackage(f"{path}: the function main has no block for its own opset {function.opset!r}")
    block = function.block_specializations[function.opset]
    weights_path = folder / "weights" / "weight.bin"
    reader = _Reader(Weights(weights_path) if weights_path.exists() else None)
    constants, operations = {}, []
    for operation in block.operations:
        if operation.type == "const":
            name = operation.outputs[0].name if operation.outputs else ""
            constants[name] = reader.value(operation.attributes["val"])
        else:
            operations.append(reader.operation(operation))
    return Program(
        path=str(path),
        specification=spec.specificationVersion,
        inputs={port.name: _port(port) for port in spec.description.input},
        outputs=_outputs(spec, operations),
        constants=constants,
        operations=tuple(operations),
        results=tuple(block.outputs),
        metadata=dict(spec.description.metadata.userDefined),
        weights_sha256=reader.weights.sha256() if reader.weights else "",
        notes={
            "description": spec.description.metadata.shortDescription,
            "inputs": {port.name: port.shortDescription for port in spec.description.input},
            "outputs": {port.name: port.shortDescription for port in spec.description.output},
        },
    )


def _outputs(spec, operations):
    """The output ports; where the interface states no shape, the program's own, its open axis being the input's rows."""
    made = {name: shape for operation in operations for name, _, shape in operation.outputs}
    rows = next((port.bounds[0] for port in map(_port, spec.description.input) if port.bounds), (1, 1))
    ports = {port.name: _port(port) for port in spec.description.output}
    for name, port in ports.items():
        if port.bounds is None and name in made:
            bounds = tuple(rows if size is None else (size, size) for size in made[name])
            ports[name] = Port(name, port.dtype, bounds)
    return ports


def _port(port):
    array = port.type.multiArrayType
    dtype = _ARRAY_TYPES.get(array.dataType, port.type.WhichOneof("Type") or "unknown")
    if array.WhichOneof("ShapeFlexibility") == "shapeRange":
        bounds = tuple((axis.lowerBound, axis.upperBound) for axis in array.shapeRange.sizeRanges)
    else:
        bounds = tuple((size, size) for size in array.shape) or None
    return Port(port.name, dtype, bounds)


class _Reader:
    """Turns the parts of a program's protobuf into arrays and operations."""

    def __init__(self, weights):
        self.weights = weights

    def operation(self, operation):
        if operation.blocks:
            raise BadPackage(
                f"operation {operation.type!r} has blocks of its own; this runtime runs no control flow yet"
            )
        name = self.value(operation.attributes["name"]) if "name" in operation.attributes else ""
        inputs = {key: self._argument(argument) for key, argument in operation.inputs.items()}
        outputs = tuple((out.name, *self._type(out.type)) for out in operation.outputs)
        return Operation(operation.type, str(name), inputs, outputs)

    def _argument(self, argument):
        values = [
            Ref(binding.name) if binding.WhichOneof("binding") == "name" else self.value(binding.value)
            for binding in argument.arguments
        ]
        return values[0] if len(values) == 1 else values

    def _type(self, value_type):
        tensor = value_type.tensorType
        if value_type.WhichOneof("type") != "tensorType" or tensor.dataType not in _DTYPES:
            raise BadPackage(
                f"a value of type {value_type.WhichOneof('type')} ({tensor.dataType}) is beyond this runtime"
            )
        shape = tuple(
            int(size.constant.size) if size.WhichOneof("dimension") == "constant" else None
            for size in tensor.dimensions
        )
        return _DTYPES[tensor.dataType], shape

    def value(self, value):
        """A read-only array, or a ``str`` for a text. Raises ``BadPackage`` when bytes and declared shape disagree."""
        dtype, shape = self._type(value.type)
        if value.WhichOneof("value") == "blobFileValue":
            if self.weights is None or value.blobFileValue.fileName != "@model_path/weights/weight.bin":
                raise BadPackage(
                    f"the weights {value.blobFileValue.fileName!r} are missing from the package; save it again"
                )
            return self.weights.array(value.blobFileValue.offset, dtype, shape)
        tensor = value.immediateValue.tensor
        kind = tensor.WhichOneof("value")
        if kind is None:
            raise BadPackage(f"a constant of {dtype} and shape {shape} has no value; the package is damaged")
        content = getattr(tensor, kind).values
        if kind == "strings":
            return str(content[0]) if len(content) == 1 else [str(text) for text in content]
        try:
            flat = np.frombuffer(content, dtype) if kind == "bytes" else np.array(content, dtype)
            array = flat.reshape(shape)
        except (ValueError, TypeError, OverflowError):
            raise BadPackage(
                f"a constant declared as {dtype} of shape {shape} holds other data; the package is damaged"
            ) from None
        array.flags.writeable = False
        return array
