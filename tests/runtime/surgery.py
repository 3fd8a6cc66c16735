"""Opening saved packages to change what is in them: the specification, single constants, whole files."""

import json
import struct

import numpy as np

from beyondlabels.quiet import protobufs
from beyondlabels.runtime import load
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
