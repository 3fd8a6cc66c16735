"""Damage to an ML Program that takes knowing what one is: circles, shapes that lie, operations that ask for too much."""

import json

import numpy as np

from beyondlabels.runtime.ops import OPS
from beyondlabels.runtime.reading import DTYPES

from .bombs import BOMBS, put_in
from .fields import TEXTS

_SIZES = (0, 1, 3, 5, 2**20, 2**31, 2**40, 2**63, 2**64 - 1)


def circle(specification, chance):
    """An operation that reads itself or what comes later, or what is not there."""
    block = _block(specification, chance)
    place = int(chance.integers(max(len(block.operations), 1)))
    bindings = [
        (operation, binding)
        for operation in block.operations[place:]
        for _, argument in sorted(operation.inputs.items())
        for binding in argument.arguments
        if binding.WhichOneof("binding") == "name"
    ]
    made = [(each, out.name) for each in block.operations for out in each.outputs]
    if not bindings or not made:
        return "no names to turn"
    operation, binding = bindings[int(chance.integers(len(bindings)))]
    own = [name for each, name in made if each is operation]
    later = [name for _, name in made]
    binding.name = str(chance.choice(own or later)) if chance.random() < 0.4 else str(chance.choice([*later, "nobody"]))
    return f"{operation.type} reads {binding.name}"


def names(specification, chance):
    """Two values of one name; a constant, an input or a result that is called like something else."""
    block = _block(specification, chance)
    outputs = [out for operation in block.operations for out in operation.outputs]
    if not outputs:
        return "no outputs"
    out = outputs[int(chance.integers(len(outputs)))]
    ports = [port.name for port in [*specification.description.input, *specification.description.output]]
    others = [each.name for each in outputs] + ports + ["", "é"]
    out.name = str(chance.choice(others))
    if chance.random() < 0.3 and len(block.outputs):
        block.outputs[0] = str(chance.choice(others))
    return f"a value is called {out.name!r}"


def shapes(specification, chance):
    """A declared shape that is not the one of the bytes, or not complete."""
    types = [value.type for value in _values(specification, chance)]
    block = _block(specification, chance)
    types += [out.type for operation in block.operations for out in operation.outputs]
    for function in specification.mlProgram.functions.values():
        types += [each.type for each in function.inputs]
    tensors = [each.tensorType for each in types if each.WhichOneof("type") == "tensorType"]
    if not tensors:
        return "no tensors"
    tensor = tensors[int(chance.integers(len(tensors)))]
    how = chance.choice(["size", "size", "size", "unknown", "variadic", "more", "fewer", "type"])
    dimensions = tensor.dimensions
    if how == "type":
        tensor.dataType = int(chance.choice([*DTYPES, 0, 3, 999]))
    elif how == "more" or not len(dimensions):
        dimensions.add().constant.size = int(_SIZES[int(chance.integers(len(_SIZES)))])
    elif how == "fewer":
        del dimensions[0]
    elif how == "size":
        dimensions[int(chance.integers(len(dimensions)))].constant.size = int(_SIZES[int(chance.integers(len(_SIZES)))])
    else:
        dimensions[0].unknown.variadic = how == "variadic"
    return f"a tensor with a {how} that lies"


def constants(specification, chance):
    """A number, text or truth that stands in the program itself becomes another, in the declared type or in none."""
    values = [each for each in _values(specification, chance) if each.WhichOneof("value") == "immediateValue"]
    if not values:
        return "no constants"
    value = values[int(chance.integers(len(values)))]
    tensor = value.immediateValue.tensor
    how = tensor.WhichOneof("value")
    if how == "ints" and len(tensor.ints.values) and chance.random() < 0.8:
        place = int(chance.integers(len(tensor.ints.values)))
        tensor.ints.values[place] = int(chance.choice([0, -1, 1, 3, 7, 1000, 10**6, 10**8, 2**31 - 1, -(2**31)]))
    elif how == "strings" and chance.random() < 0.8:
        tensor.strings.values[:] = [str(chance.choice(TEXTS))]
    elif how == "floats" and len(tensor.floats.values) and chance.random() < 0.8:
        tensor.floats.values[0] = float(chance.choice([np.nan, np.inf, -np.inf, 0, 1e30, -1]))
    elif how == "bools" and chance.random() < 0.5:
        tensor.bools.values[:] = [not each for each in tensor.bools.values]
    else:
        tensor.ClearField("value")
        other = chance.choice(["strings", "floats", "bools", "doubles", "nothing", "bytes", "longInts"])
        if other == "bytes":
            tensor.bytes.values = chance.bytes(int(chance.integers(40)))
        elif other != "nothing":
            getattr(tensor, other).values.extend(["x"] * 2 if other == "strings" else [1] * int(chance.integers(4)))
        how = f"{how}, now {other}"
    return f"a constant of {how}"


def operations(specification, chance):
    """An operation of another kind, without or with more arguments, without or with more values, moved or left out."""
    block = _block(specification, chance)
    if not len(block.operations):
        return "no operations"
    place = int(chance.integers(len(block.operations)))
    operation = block.operations[place]
    how = chance.choice(["kind", "kind", "argument", "argument", "values", "moved", "left out", "block"])
    if how == "kind":
        operation.type = str(chance.choice([*sorted(OPS), "cond", "while_loop", "const", "conv9d", ""]))
    elif how == "argument" and len(operation.inputs):
        key = str(chance.choice(sorted(operation.inputs)))
        new = str(chance.choice(["x", "y", "axis", "shape", "nothing", key]))
        operation.inputs[new].CopyFrom(operation.inputs[key])
        if chance.random() < 0.5:
            del operation.inputs[key]
    elif how == "values":
        if len(operation.outputs) and chance.random() < 0.5:
            operation.outputs.pop()
        else:
            operation.outputs.add(name="more")
    elif how == "moved":
        block.operations.add().CopyFrom(operation)
        del block.operations[place]
    elif how == "left out":
        del block.operations[place]
    else:
        operation.blocks.add()
    return f"operation {place}: another {how}"


def nested(specification, chance):
    """Blocks in blocks, lists in lists, deeper than anybody needs."""
    block = _block(specification, chance)
    depth = int(chance.choice([20, 40, 60, 100, 3000]))
    if chance.random() < 0.5:
        operation = block.operations.add(type="cond")
        for _ in range(min(depth, 300)):
            inner = operation.blocks.add()
            operation = inner.operations.add(type="cond")
        return f"blocks {depth} deep"
    operation = block.operations.add(type="const")
    operation.outputs.add(name="deep").type.tensorType.dataType = 11
    value = operation.attributes["val"]
    for _ in range(depth):
        value.type.listType.SetInParent()
        value = value.immediateValue.list.values.add()
    return f"lists {depth} deep"


def proof(specification, chance):
    """The proof inside a package: other rows, other shapes, other words."""
    kept = specification.description.metadata.userDefined
    keys = sorted(kept)
    if not keys:
        kept["com.beyondlabels.proof"] = "{}"
        return "a proof of nothing"
    key = (
        "com.beyondlabels.proof"
        if "com.beyondlabels.proof" in kept and chance.random() < 0.7
        else str(chance.choice(keys))
    )
    try:
        found = json.loads(kept[key])
    except ValueError:
        found = kept[key]
    odd = [None, -1, 1e308, "x", [], {}, True, [[]], {"dtype": "float32", "shape": [2**40, 2**30], "base85": "0"}]
    odd.append({"dtype": "float32", "shape": [], "base85": ""})
    holder = found
    while isinstance(holder, dict) and holder:
        step = str(chance.choice(sorted(map(str, holder))))
        if step not in holder:
            break
        if chance.random() < 0.4 or not isinstance(holder[step], dict):
            holder[step] = odd[int(chance.integers(len(odd)))]
            break
        holder = holder[step]
    kept[key] = json.dumps(found)
    return f"{key} changed"


def bomb(specification, chance):
    """An operation put in that asks for more memory or time than there is."""
    name = str(chance.choice(sorted(BOMBS)))
    put_in(_main(specification), BOMBS[name])
    return f"a bomb: {name}"


def _main(specification):
    function = specification.mlProgram.functions["main"]
    return function.block_specializations[function.opset]


def _block(specification, chance):
    """The main block, or one inside it."""
    blocks = [_main(specification)]
    for block in blocks:
        blocks += [inner for operation in block.operations for inner in operation.blocks]
    return blocks[int(chance.integers(len(blocks)))]


def _values(specification, chance):
    """Every value that stands in some block."""
    found = []
    for operation in _block(specification, chance).operations:
        found += [operation.attributes[key] for key in sorted(operation.attributes)]
        for _, argument in sorted(operation.inputs.items()):
            found += [binding.value for binding in argument.arguments if binding.WhichOneof("binding") == "value"]
    return found


KINDS = {
    "circle": circle,
    "names": names,
    "shape": shapes,
    "constant": constants,
    "operation": operations,
    "nested": nested,
    "proof": proof,
    "bomb": bomb,
}
