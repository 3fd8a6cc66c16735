"""The parts of a program as Core ML's protobuf holds them (``MIL.proto``), turned into arrays, operations and blocks."""

from collections import Counter
from math import prod

import numpy as np

from ..errors import BadPackage
from .program import Block, Operation, Ref, storage
from .weights import unpack_bits

DTYPES = {
    1: "bool",
    2: "str",
    10: "float16",
    11: "float32",
    12: "float64",
    21: "int8",
    22: "int16",
    23: "int32",
    24: "int64",
    25: "int4",
    31: "uint8",
    32: "uint16",
    33: "uint32",
    34: "uint64",
    35: "uint4",
    36: "uint2",
    37: "uint1",
    38: "uint6",
    39: "uint3",
}
_LOOSE = {"listType": "list", "dictionaryType": "dict", "tupleType": "list"}


class Reader:
    """Turns the parts of a program's protobuf into arrays, operations and blocks."""

    def __init__(self, weights):
        self.weights = weights

    def block(self, block, depth=0, taken=()):
        """A block with its constants by name, its operations in order, and what it takes and returns; ``taken``: names that
        it may not give again. Raises ``BadPackage`` where two values have one name."""
        if depth > 64:
            raise BadPackage("the program nests blocks more than 64 deep; this runtime does not follow them")
        names = Counter([*taken, *(each.name for each in block.inputs)])
        names.update(out.name for operation in block.operations for out in operation.outputs)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise BadPackage(
                f"two values of one block are called {twice[0]!r}; each needs a name of its own: save it again"
            )
        constants, operations = {}, []
        for operation in block.operations:
            if operation.type == "const":
                name = operation.outputs[0].name if operation.outputs else ""
                constants[name] = self.value(operation.attributes["val"])
            else:
                operations.append(self.operation(operation, depth))
        inputs = tuple(each.name for each in block.inputs)
        return Block(inputs, constants, tuple(operations), tuple(block.outputs))

    def operation(self, operation, depth=0):
        """One operation; the parameters of a ``constexpr_…`` may stand among its attributes, as before iOS 18."""
        name = self.value(operation.attributes["name"]) if "name" in operation.attributes else ""
        # A protobuf map comes in another order in every process; x before axes, so that a listing reads well and stays the same.
        given = sorted(operation.inputs.items(), key=lambda each: (len(each[0]), each[0]))
        inputs = {key: self._argument(argument) for key, argument in given}
        if operation.type.startswith("constexpr_"):
            inputs |= {key: self.value(value) for key, value in operation.attributes.items() if key != "name"}
        outputs = tuple((out.name, *self.type(out.type)) for out in operation.outputs)
        blocks = tuple(self.block(block, depth + 1) for block in operation.blocks)
        return Operation(operation.type, str(name), inputs, outputs, blocks)

    def _argument(self, argument):
        values = [
            Ref(binding.name) if binding.WhichOneof("binding") == "name" else self.value(binding.value)
            for binding in argument.arguments
        ]
        return values[0] if len(values) == 1 else values

    def type(self, value_type):
        """(dtype, shape) of a tensor; lists and dictionaries are ("list", ()) and ("dict", ()), a state is what it holds.
        The shape is ``None`` where even the number of axes is open, and has ``None`` for an axis that is."""
        kind = value_type.WhichOneof("type")
        if kind in _LOOSE:
            return _LOOSE[kind], ()
        if kind == "stateType":
            return self.type(value_type.stateType.wrappedType)
        tensor = value_type.tensorType
        if kind != "tensorType" or tensor.dataType not in DTYPES:
            raise BadPackage(f"a value of type {kind} ({tensor.dataType}) is beyond this runtime")
        if any(size.unknown.variadic for size in tensor.dimensions):
            return DTYPES[tensor.dataType], None
        shape = tuple(
            int(size.constant.size) if size.WhichOneof("dimension") == "constant" else None
            for size in tensor.dimensions
        )
        return DTYPES[tensor.dataType], shape

    def value(self, value):
        """A read-only array, a ``str`` for a text, or a list. Raises ``BadPackage`` when bytes and declared shape disagree."""
        dtype, shape = self.type(value.type)
        if shape is None or None in shape:
            raise BadPackage(f"a constant of {dtype} does not say its shape, found {shape}; the package is damaged")
        if value.WhichOneof("value") == "blobFileValue":
            if self.weights is None or value.blobFileValue.fileName != "@model_path/weights/weight.bin":
                raise BadPackage(
                    f"the weights {value.blobFileValue.fileName!r} are missing from the package; save it again"
                )
            return self.weights.array(int(value.blobFileValue.offset), dtype, shape)
        immediate = value.immediateValue
        if immediate.WhichOneof("value") in ("list", "tuple"):
            return [self.value(each) for each in getattr(immediate, immediate.WhichOneof("value")).values]
        return self._immediate(immediate.tensor, dtype, shape)

    def _immediate(self, tensor, dtype, shape):
        kind = tensor.WhichOneof("value")
        if kind is None:
            raise BadPackage(f"a constant of {dtype} and shape {shape} has no value; the package is damaged")
        content = getattr(tensor, kind).values
        if kind == "strings":
            return str(content[0]) if len(content) == 1 else [str(text) for text in content]
        try:
            if kind == "bytes":
                flat = unpack_bits(np.frombuffer(content, np.uint8), dtype, prod(shape))
            else:
                flat = np.array(content, storage(dtype))
            array = flat.reshape(shape)
        except (ValueError, TypeError, OverflowError):
            raise BadPackage(
                f"a constant declared as {dtype} of shape {shape} holds other data; the package is damaged"
            ) from None
        array.flags.writeable = False
        return array
