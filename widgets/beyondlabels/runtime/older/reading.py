"""Layers of a network as the protobuf holds them, turned into plain parameters under the format's own names."""

from dataclasses import dataclass
from types import SimpleNamespace

from ...errors import BadPackage
from .layers import CONTROL, LAYERS
from .weights import Weights


@dataclass(frozen=True)
class Layer:
    """One layer: ``kind`` as the format names it, names of blobs it reads and makes, and its parameters by name."""

    kind: str
    name: str
    inputs: tuple
    outputs: tuple
    parameters: dict
    updatable: bool = False


def layers(network, depth=0):
    """The layers of a ``NeuralNetwork`` message in order. Raises ``BadPackage`` naming a layer that is not known."""
    if depth > 32:
        raise BadPackage("the network nests branches and loops more than 32 deep; this runtime does not follow them")
    found = []
    for each in network.layers:
        kind = each.WhichOneof("layer") or "unnamed"
        if kind not in LAYERS and kind not in CONTROL:
            raise BadPackage(f"layer {kind!r} ({each.name}) is not one this runtime knows")
        known = parameters(getattr(each, kind), depth)
        found.append(Layer(kind, each.name, tuple(each.input), tuple(each.output), known, each.isUpdatable))
    return tuple(found)


def parameters(message, depth=0):
    """Field name -> value: weights as ``Weights``, a network as its layers, another message as a namespace or ``None``."""
    return {field.name: _value(message, field, depth) for field in message.DESCRIPTOR.fields}


def _value(message, field, depth):
    value = getattr(message, field.name)
    if field.message_type is None:
        repeated = hasattr(value, "extend")
        if field.containing_oneof is not None:
            return value if message.HasField(field.name) else None
        return list(value) if repeated else value
    if hasattr(value, "extend"):
        return [_message(each, depth) for each in value]
    return _message(value, depth) if message.HasField(field.name) else None


def _message(message, depth):
    if message.DESCRIPTOR.name == "WeightParams":
        return Weights(message)
    if message.DESCRIPTOR.name == "NeuralNetwork":
        return layers(message, depth + 1)
    return SimpleNamespace(**parameters(message, depth))
