"""Keras models as a whole: what goes in, what comes out, what the model itself says, and what is refused."""

import re
from math import prod

import keras
import numpy as np

from ....errors import BadInput
from ....limits import get
from ....typeset import counted
from ...inputs import Input, Inputs
from ...registry import explain, recipe
from ...verdict import Carries
from . import inside
from .walk import MOST_AXES, Refused, Walk, functional, graph, identifier, name_of, unknown, unknown_limit, writer

_MADE_UP = re.compile(r"keras_tensor(_\d+)?|input_layer(_\d+)?")
_BATCH, _FEWEST, _MOST = 1_024, 16, 2**25
# Both sides compute in float32, and a proof may have two rows only, whose columns may all be small beside the whole output.
# Layers on their own stay within 2e-6 of the output's scale (asserted for every case in tests/conversion/keras); whole models add
# up their layers' roundings, so a package is held to 1e-5.
_TOLERANCE = 1e-5


def inputs_of(model):
    """The model's own inputs, rows left out, by their Keras names; ``x`` where nobody gave one a name. ``Inputs``."""
    found, tensors, keys = [], graph(model).inputs, _keys(graph(model)._inputs_struct)
    for index, tensor in enumerate(tensors):
        kind = "int32" if "int" in tensor.dtype or tensor.dtype == "bool" else "float32"
        name = identifier(tensor.name)
        if _MADE_UP.fullmatch(name):  # numbered over the whole session, so the same model would give another file
            name = "x" if len(tensors) == 1 else f"x{index}"
        called, table = (tensor.name, *keys[index : index + 1]), _vectors(model, tensor)
        found.append(Input(_unused(name, found), tuple(tensor.shape[1:]), kind, called=called, table=table))
    return Inputs(found)


def _keys(struct):
    """The keys of the dict that a model was made with, in the order of its inputs or outputs; none where it was no dict."""
    flat = isinstance(struct, dict) and not any(isinstance(each, (dict, list, tuple)) for each in struct.values())
    return sorted(struct) if flat else []


def _vectors(model, tensor):
    """How many vectors the smallest Embedding has that looks up this input of the model; ``None`` without one."""
    tables = [
        each.input_dim
        for each in graph(model).operations
        if type(each) is keras.layers.Embedding
        and any(given is tensor for node in each._inbound_nodes for given in node.input_tensors)
    ]
    return min(tables, default=None)


def _unused(name, found):
    names, free, count = [each.name for each in found], name, 0
    while free in names:
        count += 1
        free = f"{name}_{count}"
    return free


def outputs_of(model):
    """Output name -> the model's own call: the keys of a dict of outputs, else the names of the output layers, numbered where one
    occurs twice."""
    keys = _keys(graph(model)._outputs_struct)
    taken, names = {each.name for each in inputs_of(model)}, []
    for called in keys or [name_of(tensor._keras_history.operation) for tensor in graph(model).outputs]:
        base = identifier(str(called))
        name, count = base, 0
        while name in taken or name in names:
            count += 1
            name = f"{base}_{count}"
        names.append(name)
    if len(names) == 1:
        return {names[0]: "predict"}
    return {name: f"predict()[{called!r}]" for name, called in zip(names, keys or range(len(names)), strict=True)}


def written(model, x):
    """Output name -> Var, for a Var, or a dict of Vars by name."""
    ports = inputs_of(model)
    given = [x[port.name] for port in ports] if isinstance(x, dict) else [x]
    walk = Walk(taken=[*(port.name for port in ports), *outputs_of(model)])
    return walk.outputs(dict(zip(outputs_of(model), walk.model(model, given), strict=True)))


def predicted(model, method, X):
    """What the model gives in inference for a table of its inputs side by side; float32, as the backend computes it.

    Wide layers get fewer rows at once, so that pictures do not take all the memory. Batches are filled up
    to a power of two with copies of their last row: JAX compiles anew for every number of rows.
    """
    index = list(outputs_of(model).values()).index(method)
    ports = inputs_of(model)
    if np.shape(X)[1] != ports.width:
        raise BadInput(f"the network takes {ports.width} numbers a row, and is given {np.shape(X)[1]}")
    parts, most = [], _at_once(model)
    for start in range(0, len(X), most):
        batch = np.asarray(X)[start : start + most]
        filled = np.pad(batch, ((0, min(_filled(len(batch)), most) - len(batch)), (0, 0)), mode="edge")
        given = list(ports.split(filled).values())
        made = graph(model)(given[0] if len(given) == 1 else _structured(model, given), training=False)
        parts.append(keras.ops.convert_to_numpy(keras.tree.flatten(made)[index])[: len(batch)])
    return np.concatenate(parts)


def between(model, X):
    """Layer's name -> what it gives in inference, for a table of the model's inputs side by side."""
    filled = np.pad(np.asarray(X), ((0, _filled(len(X)) - len(X)), (0, 0)), mode="edge")
    made = inside.run(model, list(inputs_of(model).split(filled).values()))
    return {name: value[: len(X)] for name, value in made.items()}


def _at_once(model):
    """How many rows a batch may have, a power of two, so that no layer gives more than 33 million numbers."""
    return 1 << (max(1, min(_BATCH, _MOST // _widest(model))).bit_length() - 1)


def _widest(model):
    """How many numbers a row has at most in what a layer or operation of the model gives."""
    made = [
        prod(size for size in tensor.shape[1:] if size)
        for each in graph(model).operations
        for node in each._inbound_nodes
        for tensor in node.output_tensors
    ]
    inner = [_widest(each) for each in graph(model).operations if graph(each) is not None]
    return max([1, *made, *inner])


def _filled(count):
    return max(_FEWEST, 1 << (count - 1).bit_length())


def _structured(model, given):
    """The inputs in the structure that the model was made with: a list, or a dict."""
    return keras.tree.pack_sequence_as(graph(model)._inputs_struct, given)


def _built(model):
    return bool(model.built) and graph(model) is not None


def _refuse(model):
    found = [unknown_limit(path, each) for path, each in unknown(model)] or _open_shapes(model) or _policies(model)
    return found or _options(model)


def _open_shapes(model):
    return [
        get("keras-open-shape").because(f"input {tensor.name!r} has the shape {tuple(tensor.shape)}")
        for tensor in graph(model).inputs
        if None in tensor.shape[1:]
    ]


def _policies(model):
    found = _precisions(model)
    found += [f"input {each.name!r} is of type {each.dtype}" for each in graph(model).inputs if each.dtype == "string"]
    found += [f"input {each.name!r} has {each.ndim} axes" for each in graph(model).inputs if each.ndim > MOST_AXES]
    return [get("keras-option").because(each) for each in found]


def _precisions(model):
    """What is said of layers that do not compute in float32: one sentence for each precision, however many they are."""
    layers = {}
    for each in sorted(layers_of(model), key=lambda each: isinstance(each, keras.layers.InputLayer)):
        mode = getattr(each, "quantization_mode", None)
        how = f"quantised to {mode}" if mode else each.compute_dtype
        if how not in ("float32", None):
            layers.setdefault(how, []).append(each.name)
    said = []
    for how, names in layers.items():
        who = f"layer {names[0]!r}" if len(names) == 1 else f"layers {names[0]!r} and {len(names) - 1} more"
        way = (
            "export the model as it was before quantize(), and make the package smaller with beyondlabels.shrink"
            if how.startswith("quantised")
            else "call keras.config.set_dtype_policy('float32'), build the model again and set_weights(model.get_weights()); "
            "precision='float16' then makes a package in half precision"
        )
        one, several = ("is", "are") if how.startswith("quantised") else ("computes in", "compute in")
        said.append(f"{who} {one if len(names) == 1 else several} {how}: {way}")
    return said


def layers_of(model):
    """Every layer that is walked to, nested models opened."""
    for each in graph(model).operations:
        if isinstance(each, keras.layers.Layer) and graph(each) is None:
            yield each
        elif graph(each) is not None:
            yield from layers_of(each)


def _options(model):
    """Write the program once to see whether every layer's options can be written."""
    from ....mil import program

    try:
        with program.ALONE:
            program.build(inputs_of(model), lambda x: written(model, x), "iOS15")
    except Refused as error:
        return [error.limit]
    except OverflowError:
        return []  # export says which number it was
    return []


def _carries(model):
    weights = sum(prod(each.shape) for each in model.weights)
    if not weights:
        return Carries("none", "Nothing of your rows.")
    tables = sum(type(each) is keras.layers.Embedding for each in layers_of(model))
    listed = ""
    if tables:
        listed = f", {tables} of them {'a table' if tables == 1 else 'tables'} with one learned vector for each number"
    layers = sum(bool(each.weights) for each in layers_of(model))
    return Carries(
        "statistics", f"{counted(weights, 'learned weight')} in {counted(layers, 'layer')}{listed}. None of your rows."
    )


def _one_unit(model):
    """Outputs that are pictures or sequences: their numbers share a unit, and one place of a few rows may be small by chance."""
    return tuple(name for name, tensor in zip(outputs_of(model), graph(model).outputs, strict=True) if tensor.ndim > 2)


def _facts(model):
    return {
        "name": model.name,
        "weights": model.count_params(),
        "layers": [type(each).__name__ for each in layers_of(model)],
    }


def _width(model):
    ports = inputs_of(model)
    return ports[0].width if len(ports) == 1 and len(ports[0].shape) == 1 else None


def _asked(name, otherwise):
    """A question that ``ties`` answers; that module walks with what stands here."""

    def ask(*given):
        from . import ties

        return getattr(ties, name)(*given)

    return ask


@recipe(
    keras.Sequential,
    functional(),
    outputs={},
    available=lambda model, outputs: outputs_of(model),
    inputs=inputs_of,
    reference=predicted,
    inside=between,
    refuse=_refuse,
    fitted=_built,
    carries=_carries,
    facts=_facts,
    one_unit=_one_unit,
    ties=_asked("ties", None),
    jumps=_asked("jumps", ()),
    width=_width,
    tolerance=_TOLERANCE,
    library="Keras",
    versions=("keras", keras.config.backend()),
)
def model(model, x):
    """The graph, layer by layer. Inputs keep their Keras names and shapes, rows flexible; outputs bear the keys of a
    dict of outputs, else the names of the output layers."""
    return written(model, x)


def _explained(model):
    name = f"{type(model).__module__}.{type(model).__qualname__}"
    return [get("keras-subclass").because(name)]


def _lone_layer(each):
    if writer(each) is None:
        return [unknown_limit(each.name, each)]
    return [get("keras-alone").because(f"layer {each.name!r} of {type(each).__name__}")]


explain(keras.Model, _explained)
explain(keras.layers.Layer, _lone_layer)
