"""Reading ``weight.bin``: a 64-byte header, then for each tensor a 64-byte record that says where its bytes lie.

The layout is that of MILBlob in Apple's open-source coremltools (``mlmodel/src/MILBlob/Blob/StorageFormat.hpp``, 2024):
a record holds, little-endian, uint32 sentinel 0xDEADBEEF, uint32 type, uint64 size in bytes, uint64 offset of the data.
"""

import hashlib
import struct
from math import prod

import numpy as np

from ..errors import BadPackage
from .program import SUB_BYTE, storage

_SENTINEL = 0xDEADBEEF
_TYPES = {
    1: "float16",
    2: "float32",
    3: "uint8",
    4: "int8",
    6: "int16",
    7: "uint16",
    8: "int4",
    9: "uint1",
    10: "uint2",
}
_TYPES |= {11: "uint4", 12: "uint3", 13: "uint6", 14: "int32", 15: "uint32"}


class Weights:
    """The bytes of a weight file, mapped and never copied whole. Raises ``BadPackage`` where a record does not hold."""

    def __init__(self, path):
        self.path = path
        if not path.is_file():
            raise BadPackage(
                f"the weights {path.name} cannot be read: expected a file, found a folder or a pipe; save the package again"
            )
        try:
            self._bytes = np.memmap(path, np.uint8, "r") if path.stat().st_size else np.zeros(0, np.uint8)
        except (OSError, ValueError) as error:
            raise BadPackage(
                f"the weights {path.name} cannot be read ({getattr(error, 'strerror', None) or error}); save the package again"
            ) from None

    def sha256(self):
        """The sha-256 of the whole file, as hex."""
        return hashlib.sha256(self._bytes).hexdigest()

    def array(self, offset, dtype, shape):
        """The read-only array whose record lies at ``offset``; its type and size must be the declared ones."""
        record = self._slice(offset, 64, "a record")
        sentinel, kind, size, start = struct.unpack_from("<IIQQ", record.tobytes())
        if sentinel != _SENTINEL:
            raise BadPackage(f"the weights hold no record at byte {offset}; the package is damaged, save it again")
        if _TYPES.get(kind) != dtype:
            raise BadPackage(
                f"the weights at byte {offset} are {_TYPES.get(kind, f'type {kind}')}, the program expects {dtype}"
            )
        count = prod(shape)
        expected = -(-count * bit_width(dtype) // 8)
        if size != expected:
            raise BadPackage(
                f"the weights at byte {offset} are {size} bytes long, shape {tuple(shape)} needs {expected}"
            )
        data = self._slice(start, size, "data")
        if dtype in SUB_BYTE:
            array = unpack_bits(data, dtype, count).reshape(shape)
            array.flags.writeable = False
            return array
        return data.view(dtype).reshape(shape)

    def _slice(self, start, size, what):
        if start + size > self._bytes.size:
            raise BadPackage(
                f"{self.path.name} has {self._bytes.size} bytes; {what} of {size} bytes at {start} reaches past its end: "
                "the file is cut off, save the package again"
            )
        return self._bytes[start : start + size]


def bit_width(dtype):
    """Bits that one value of ``dtype`` takes in the file."""
    return SUB_BYTE[dtype] if dtype in SUB_BYTE else np.dtype(dtype).itemsize * 8


def unpack_bits(data, dtype, count):
    """``count`` values from bytes; those narrower than a byte lie packed from the least significant bit on.

    Raises ``ValueError`` when the bytes are too few or too many.
    """
    if dtype not in SUB_BYTE:
        return data.view(dtype)
    width = SUB_BYTE[dtype]
    if data.size != -(-count * width // 8):
        raise ValueError(data.size)
    bits = np.unpackbits(data, bitorder="little")[: count * width].reshape(count, width)
    values = (bits << np.arange(width, dtype=np.uint8)).sum(axis=1, dtype=np.uint8)
    if dtype == "int4":
        values = (values ^ 8).astype(np.int8) - 8  # the fourth bit is the sign
    return values.astype(storage(dtype), copy=False)
