"""The weights of a neural network's layer (``WeightParams``): numbers, half precision, or packed into a few bits.

After ``NeuralNetwork.proto`` and the packing of ``quantization_utils.py`` (Core ML Model Format Specification,
apple/coremltools, 2026): the bits of a packed value stand with the most significant first.
"""

import numpy as np


class Weights:
    """Weights whose shape only the layer knows; ``shaped`` gives them as float32, unpacked once and kept."""

    def __init__(self, message):
        self.updatable = message.isUpdatable
        self.quantization = message.quantization if message.HasField("quantization") else None
        self._shaped = {}
        if message.float16Value:
            self.stored = np.frombuffer(message.float16Value, "<f2")
        elif message.rawValue:
            self.stored = np.frombuffer(message.rawValue, np.uint8)
        elif message.int8RawValue:
            self.stored = np.frombuffer(message.int8RawValue, np.int8)
        else:
            self.stored = np.array(message.floatValue, np.float32)
        self.stored.flags.writeable = False
        self._packed = bool(message.rawValue or message.int8RawValue)

    def shaped(self, *shape, channels=0):
        """float32 of ``shape``; ``channels`` is the axis along which a linear quantisation has its scales.

        Raises ``ValueError`` when there are more or fewer weights than that.
        """
        shape = tuple(int(size) for size in shape)
        if shape not in self._shaped:
            values = self._unpacked(shape, channels) if self._packed else self.stored
            if values.size != int(np.prod(shape, dtype=object)):
                raise ValueError(f"it has {values.size} weights where shape {shape} is declared")
            made = np.ascontiguousarray(values.reshape(shape), np.float32)
            made.flags.writeable = False
            self._shaped[shape] = made
        return self._shaped[shape]

    def vector(self, size):
        """float32 of shape (size,); a single weight stands for all."""
        return np.broadcast_to(self.shaped(1), (size,)) if self.stored.size == 1 and size > 1 else self.shaped(size)

    def _unpacked(self, shape, channels):
        if self.quantization is None:
            raise ValueError("its weights are packed, but nothing says how")
        codes = self._codes(int(np.prod(shape, dtype=object)))
        if self.quantization.WhichOneof("QuantizationType") == "lookupTableQuantization":
            table = np.array(self.quantization.lookupTableQuantization.floatValue, np.float32)
            return table[codes]
        linear = self.quantization.linearQuantization
        scale, bias = (np.array(values, np.float32) for values in (linear.scale, linear.bias))
        spread = [1] * len(shape)
        spread[channels] = -1
        values = codes.reshape(shape).astype(np.float32) * (scale.reshape(spread) if scale.size > 1 else scale)
        return values if not bias.size else values + (bias.reshape(spread) if bias.size > 1 else bias)

    def _codes(self, count):
        if self.stored.dtype == np.int8:
            return self.stored
        width = int(self.quantization.numberOfBits)
        if not 1 <= width <= 8 or -(-count * width // 8) > self.stored.size:
            raise ValueError(f"{self.stored.size} bytes do not hold {count} weights of {width} bits")
        bits = np.unpackbits(self.stored)[: count * width].reshape(count, width)
        return (bits << np.arange(width - 1, -1, -1, dtype=np.uint8)).sum(axis=1, dtype=np.uint8)
