"""Opening saved packages to change what is in them: the specification, single constants, whole files."""

import json
import struct

import numpy as np

from beyondlabels.errors import BadPackage
from beyondlabels.quiet import protobufs
from beyondlabels.runtime import check, load
from beyondlabels.runtime.check import PROOF

TYPES = {1: "<f2", 2: "<f4", 3: "u1", 4: "i1", 6: "<i2", 7: "<u2", 14: "<i4", 15: "<u4"}


def model_file(package):
    return package / "Data" / "com.apple.CoreML" / "model.mlmodel"


def weight_file(package):
    return package / "Data" / "com.apple.CoreML" / "weights" / "weight.bin"


def read_specification(package):
    Model_pb2, _ = protobufs()
    specification = Model_pb2.Model()
    specification.ParseFromString(model_file(package).read_bytes())
    return specification


def write_specification(package, specification):
    model_file(package).write_bytes(specification.SerializeToString(deterministic=True))


def main_block(specification):
    function = specification.mlProgram.functions["main"]
    return function.block_specializations[function.opset]


def records(package):
    """(name, offset of the data, NumPy dtype, count, offset of the record) of every constant in weight.bin."""
    found = []
    for operation in main_block(read_specification(package)).operations:
        value = operation.attributes["val"] if operation.type == "const" else None
        if value is None or value.WhichOneof("value") != "blobFileValue":
            continue
        record = value.blobFileValue.offset
        _, kind, size, start = struct.unpack_from("<IIQQ", weight_file(package).read_bytes(), record)
        dtype = np.dtype(TYPES[kind])
        found.append((operation.outputs[0].name, start, dtype, size // dtype.itemsize, record))
    return found


def proof(package):
    return json.loads(read_specification(package).description.metadata.userDefined[PROOF])


def change_proof(package, **changes):
    """Write ``changes`` into the recorded proof."""
    specification = read_specification(package)
    written = json.dumps(proof(package) | changes)
    specification.description.metadata.userDefined[PROOF] = written
    write_specification(package, specification)


def record_digests_again(package):
    """Make both recorded sha-256 fit the package as it is now, as someone who wants to deceive would."""
    program = load(package).program
    change_proof(package, weights_sha256=program.weights_sha256, program_sha256=program.digest())


def stored(package):
    """("weights", constant name, place) or ("inline", operation index, input or "val", place) of every stored number."""
    found = [("weights", name, place) for name, _, _, count, _ in records(package) for place in range(count)]
    for index, operation in enumerate(main_block(read_specification(package)).operations):
        for key, value in inline_values(operation):
            tensor = value.immediateValue.tensor
            kind = tensor.WhichOneof("value")
            if kind == "strings":
                continue
            count = len(numbers(value)) if kind == "bytes" else len(getattr(tensor, kind).values)
            found += [("inline", index, key, place) for place in range(count)]
    return found


def inline_values(operation):
    """(input name, value) of each number that stands in the program itself."""
    if operation.type == "const":
        values = [("val", operation.attributes["val"])]
    else:
        values = [
            (key, binding.value)
            for key, argument in operation.inputs.items()
            for binding in argument.arguments
            if binding.WhichOneof("binding") == "value"
        ]
    return [(key, value) for key, value in values if value.WhichOneof("value") == "immediateValue"]


def numbers(value):
    dtype = {10: np.float16, 11: np.float32, 23: np.int32, 21: np.int8, 31: np.uint8, 32: np.uint16, 22: np.int16}
    kind = dtype[value.type.tensorType.dataType]
    return np.frombuffer(value.immediateValue.tensor.bytes.values, kind).copy()


def tick(array, place):
    """The smallest change: the next number up, or one more, or the other truth value."""
    if array.dtype.kind == "f":
        array[place] = np.nextafter(array[place], array.dtype.type(np.inf))
    elif array.dtype.kind == "b":
        array[place] = ~array[place]
    else:
        array[place] += 1


def push(array, place):
    """A change that matters: a tenth of the tensor's size, or of 1 where all is 0; integers and truth values as above."""
    if array.dtype.kind == "f":
        array[place] += 0.1 * (np.sqrt(np.square(array.astype(np.float64)).mean()) or 1.0)
    else:
        tick(array, place)


def change(package, where, how):
    """Apply ``how(array, place)`` to one stored number of ``package``."""
    if where[0] == "weights":
        _, start, dtype, count, _ = next(each for each in records(package) if each[0] == where[1])
        content = bytearray(weight_file(package).read_bytes())
        array = np.frombuffer(content, dtype, count, start)
        how(array, where[2])
        weight_file(package).write_bytes(content)
        return
    specification = read_specification(package)
    _, index, key, place = where
    value = dict(inline_values(main_block(specification).operations[index]))[key]
    tensor = value.immediateValue.tensor
    kind = tensor.WhichOneof("value")
    if kind == "bytes":
        array = numbers(value)
        how(array, place)
        tensor.bytes.values = array.tobytes()
    else:
        types = {"floats": np.float32, "ints": np.int32, "bools": bool, "longInts": np.int64}
        array = np.array(getattr(tensor, kind).values, types[kind])
        how(array, place)
        getattr(tensor, kind).values[:] = array.tolist()
    write_specification(package, specification)


def noticed(package):
    """Whether the package no longer passes; a package that can no longer be read has been noticed too."""
    try:
        return not check(package).passed
    except BadPackage:
        return True


def put_back(package, whole):
    for file in (model_file, weight_file):
        if file(whole).exists():
            file(package).write_bytes(file(whole).read_bytes())


def label(package, where):
    """``reduce_argmin.axis`` or ``gather.x[3]`` for a place."""
    block = main_block(read_specification(package))
    name = where[1] if where[0] == "weights" else None
    if where[0] == "inline":
        operation = block.operations[where[1]]
        if operation.type != "const":
            return f"{operation.type}.{where[2]}"
        name = operation.outputs[0].name
    readers = [
        f"{operation.type}.{key}"
        for operation in block.operations
        for key, argument in operation.inputs.items()
        if any(binding.name == name for binding in argument.arguments)
    ]
    return readers[0] if readers else f"unused {name}"


def swap(operation, one, other):
    """Exchange two inputs of an operation."""
    kept = operation.inputs[one].arguments[0].SerializeToString()
    operation.inputs[one].CopyFrom(operation.inputs[other])
    operation.inputs[other].arguments[0].ParseFromString(kept)
