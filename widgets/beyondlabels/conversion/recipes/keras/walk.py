"""The walk over a Keras graph: each layer and each ``keras.ops`` call is handed to its writer.

Keras's own walk is ``Function._run_through_graph`` (keras/src/ops/function.py, Keras 3.15, 2026). It is private, so it is
called here and nowhere else. It fills in the arguments of every node, so nested models, shared layers, masks and several
inputs or outputs come as they do in Keras.
"""

import inspect
import re
from collections import Counter

import keras

from ....limits import get
from ....mil.blocks import builder
from .masks import UNCLEAR, Masks

_LAYERS = {}
_OPERATIONS = {}
_REFUSED = {}  # layer class, or name of an operation -> why, and the way out
MOST_AXES = 5  # "Core ML only supports tensor rank <= 5" (coremltools 9, frontend/torch/ops.py, 2025)
_RESERVED = re.compile(
    "any|bool|program|func|tensor|list|dict|tuple|true|false|string|state|(bf16|fp16|fp32|fp64)|u?int(8|16|32|64)"
)


class Refused(Exception):
    """A layer, or an option of it, cannot be written. ``limit`` names it."""

    def __init__(self, limit):
        super().__init__(limit.detail)
        self.limit = limit


def layer(*classes):
    """Register the decorated ``write(layer, x, …)`` for exactly these layer classes; it returns what ``call`` returns."""

    def register(write):
        _LAYERS.update(dict.fromkeys(classes, write))
        return write

    return register


def operation(*names):
    """Register the decorated ``write(operation, …)`` for the ``keras.ops`` nodes with these class names."""

    def register(write):
        _OPERATIONS.update(dict.fromkeys(names, write))
        return write

    return register


def refused_layer(reason, *classes):
    """Say why these layers of Keras are refused, and what to do instead."""
    _REFUSED.update(dict.fromkeys(classes, reason))


def refused_operation(reason, *names):
    """The same for ``keras.ops`` nodes."""
    _REFUSED.update(dict.fromkeys(names, reason))


def refuse(what):
    """Raise ``Refused`` with the limit that an option is not covered."""
    raise Refused(get("keras-option").because(what))


def graph(model):
    """The functional graph of a model or layer, ``None`` where it has none."""
    if type(model) is keras.Sequential:
        return model._functional
    return model if type(model) is functional() else None


def functional():
    """The class that ``keras.Model(inputs, outputs)`` makes."""
    from keras.src.models.functional import Functional

    return Functional


def writer(each):
    """What writes this layer or operation: a function, or ``None``. Layers are looked up by their exact class."""
    if isinstance(each, keras.layers.Layer):
        return _LAYERS.get(type(each))
    ours = type(each).__module__.startswith("keras.src.")
    return _OPERATIONS.get(type(each).__name__) if ours else None


def unknown(model, path=""):
    """(path, layer) of every layer inside ``model`` that nothing can write, nested models included."""
    found = []
    for each in graph(model).operations:
        own = f"{path}{name_of(each)}"
        if isinstance(each, keras.layers.InputLayer):
            continue
        if graph(each) is not None:
            found += unknown(each, f"{own}/")
        elif writer(each) is None:
            found.append((own, each))
    return found


class Walk:
    """One way through a model, on MIL Vars. Every operation written is named after the layer that it is part of."""

    def __init__(self, taken=()):
        self._taken, self._named, self._path, self._counts = set(taken), set(), [], {}
        self._wished, self._masks = {}, Masks()

    def model(self, model, inputs):
        """The outputs of ``model``, in the order of its own ``outputs``, for Vars in the order of its ``inputs``."""
        made = graph(model)._run_through_graph(list(inputs), operation_fn=self.one)
        return keras.tree.flatten(made)

    def one(self, each):
        """What Keras's walk calls in place of the layer or operation ``each``."""

        def call(*args, **kwargs):
            before = _last_operation()
            self._path.append(name_of(each))
            try:
                made = self._written(each, args, kwargs)
                self._name_new(before, made)
            finally:
                self._path.pop()
            return made

        return call

    def _written(self, each, args, kwargs):
        if graph(each) is not None:
            made = self.model(each, keras.tree.flatten(args[0]))
            return made[0] if len(made) == 1 else made
        write = writer(each)
        if write is None:
            raise Refused(unknown_limit("/".join(self._path), each))
        if kwargs.pop("training", None) and not _trains_unasked(each):
            refuse(f"{self._where()}: training=True is part of the graph")
        kwargs = {name: value for name, value in kwargs.items() if value is not None and value is not False}
        masks = self._masks.arguments(each, args, kwargs)
        if UNCLEAR in [mask for mask in keras.tree.flatten(list(masks.values())) if isinstance(mask, str)]:
            refuse(f"{self._where()}: {UNCLEAR}")
        kwargs |= masks
        known = inspect.signature(write).parameters
        for name in kwargs:
            if name not in known and not any(each.kind is inspect.Parameter.VAR_KEYWORD for each in known.values()):
                refuse(f"{self._where()}: called with {name}")
        extra = {"walk": self} if "walk" in known else {}
        try:
            made = write(each, *args, **kwargs, **extra)
            if isinstance(each, keras.layers.Layer):
                self._masks.passed_on(each, args, kwargs, made)
            return made
        except Refused as error:
            own = self._where()
            raise (error if own in str(error) else Refused(error.limit.because(f"{own}: {error}"))) from error
        except (OverflowError, MemoryError):
            raise
        except Exception as error:
            raise Refused(get("keras-option").because(f"{self._where()}: {error}")) from error

    def _where(self):
        return f"layer {'/'.join(self._path)!r}"

    def _name_new(self, before, made):
        """Name the operations after ``before``: the layer's own name for the one that makes its result."""
        own = identifier("_".join(self._path))
        fresh = [op for op in _operations_after(before) if id(op) not in self._named]
        computing = [op for op in fresh if op.op_type != "const"]
        if any(value.rank > MOST_AXES for op in computing for value in op.outputs):
            refuse(f"{self._where()}: a value of more than {MOST_AXES} axes, which Core ML's arrays cannot have")
        main = _main(computing)
        for op in computing:
            wish = own if op is main else f"{own}_{op.op_type}"
            name = self.unused(wish)
            self._wished[name] = wish
            _rename(op, name)
        for op in fresh:
            if op.op_type == "const":
                _rename(op, self.unused(_constant_name(op, own)))
        self._named |= {id(op) for op in fresh}

    def outputs(self, named):
        """The Vars by output name, each bearing that name: renamed where it only lacks it because outputs come first, an
        identity of it elsewhere."""
        times = Counter(id(value) for value in named.values())
        return {name: self._as_output(name, value, times[id(value)] == 1) for name, value in named.items()}

    def _as_output(self, name, value, alone):
        if value.dtype is _bool():
            return builder().cast(x=value, dtype="int32", name=name)  # Core ML has no output of bools
        if alone and self._wished.get(value.name) == name:
            _rename(value.op, name)
            return value
        return builder().identity(x=value, name=name)

    def unused(self, name):
        """``name``, with a number behind it when it is taken; taken from now on."""
        free, count = name, self._counts.get(name, 0)
        while free in self._taken:
            count += 1
            free = f"{name}_{count}"
        self._counts[name] = count
        self._taken.add(free)
        return free


def _trains_unasked(each):
    """Whether Keras itself writes training=True into the graph, as it does for augmentation; in use it is turned off again."""
    given = inspect.signature(each.call).parameters.get("training")
    return given is not None and given.default is True


def unknown_limit(path, each):
    """The limit that says why ``each`` has no writer."""
    kind = f"{type(each).__module__}.{type(each).__qualname__}"
    if type(each).__name__ == "Lambda" and isinstance(each, keras.layers.Layer):
        return get("keras-lambda").because(f"layer {path!r}")
    if isinstance(each, keras.Model):
        return get("keras-subclass").because(f"layer {path!r} of {kind}")
    if not isinstance(each, keras.layers.Layer):
        name = type(each).__name__
        reason = f": {_REFUSED[name]}" if name in _REFUSED else ""
        return get("keras-operation").because(f"operation {path!r}, {name} of keras.ops{reason}")
    reason = f": {_REFUSED[type(each)]}" if type(each) in _REFUSED else ""
    return get("keras-layer").because(f"layer {path!r} of {kind}{reason}")


def name_of(each):
    """A layer's own name; an operation's without the number, which Keras counts over the whole session: the same model made
    again would otherwise give another file."""
    return each.name if isinstance(each, keras.layers.Layer) else re.sub(r"_\d+$", "", each.name)


def identifier(name):
    """``name`` as Core ML allows it: ASCII letters, digits and underscores, a letter first, no word of its own language."""
    plain = re.sub(r"[^0-9A-Za-z_]", "_", name)
    plain = plain if plain[:1].isalpha() else f"x{plain}"
    return f"{plain}_" if _RESERVED.fullmatch(plain) else plain


def _main(computing):
    """The operation that bears the layer's name: the last, but not the transpose back to Keras's layout."""
    for op in reversed(computing):
        if op.op_type not in ("transpose", "squeeze"):
            return op
    return computing[-1] if computing else None


def _bool():
    from coremltools.converters.mil.mil import types

    return types.bool


def _block():
    from coremltools.converters.mil.mil.block import curr_block

    return curr_block()


def _last_operation():
    operations = list(_block().operations)
    return operations[-1] if operations else None


def _operations_after(before):
    operations = list(_block().operations)
    return operations[operations.index(before) + 1 :] if before is not None else operations


def _rename(op, name):
    op.name = name
    for index, value in enumerate(op.outputs):
        value.name = name if len(op.outputs) == 1 else f"{name}_{index}"


def _constant_name(op, own):
    """``<operation>_<parameter>`` of the operation that reads the constant."""
    value = op.outputs[0]
    for reader in value.child_ops:
        for parameter, given in reader.inputs.items():
            if given is value or (isinstance(given, (list, tuple)) and any(each is value for each in given)):
                return f"{reader.name}_{parameter}"
    return f"{own}_value"
