"""The settings of a training: the model's own, or those asked for, held to what the model allows."""

from numbers import Integral, Real

from ....errors import BadInput, BadPackage

_WHOLE = ("epochs", "miniBatchSize", "seed")
_SGD = ("learningRate", "miniBatchSize", "momentum")
_ADAM = ("learningRate", "miniBatchSize", "beta1", "beta2", "eps")
_CALLED = {"learningRate": "learning_rate", "miniBatchSize": "mini_batch_size"}  # by the arguments of ``update``
_EPOCHS = 1000  # that a model may ask for by itself


class Settings:
    """``values`` by the names of ``MLParameterKey``, and ``optimizer``: "sgd" or "adam".

    Raises ``BadInput`` for a setting that the optimizer does not have, or a value that the model does not allow;
    ``BadPackage`` for a network that names no optimizer.
    """

    def __init__(self, message, given):
        kind = message.optimizer.WhichOneof("OptimizerType")
        if kind is None:
            raise BadPackage("the network says that it is updatable, but names no optimizer")
        self.optimizer = kind.removesuffix("Optimizer")
        names = _SGD if self.optimizer == "sgd" else _ADAM
        unknown = set(given) - {*names, "epochs", "shuffle", "seed"}
        if unknown:
            raise BadInput(
                f"the optimizer is {self.optimizer}; it has no {called(sorted(unknown))}, only {called(names)}"
            )
        holder = getattr(message.optimizer, kind)
        self.values = {name: _number(name, holder, given) for name in names}
        self.values |= {name: _number(name, message, given) for name in ("epochs", "seed")}
        self.values["shuffle"] = bool(given.get("shuffle", message.shuffle.defaultValue))
        for name in ("epochs", "miniBatchSize"):
            if self.values[name] < 1:
                raise BadInput(f"{called([name])[0]} is {self.values[name]}; expected 1 or more")
        if "epochs" not in given and self.values["epochs"] > _EPOCHS:
            raise BadInput(
                f"the model asks for {self.values['epochs']:,} epochs; more than {_EPOCHS:,} are run only when they are asked "
                "for: pass epochs="
            )
        if not self.values["learningRate"] > 0 or self.values.get("momentum", 0) < 0:
            raise BadInput("the learning rate is a number above 0, momentum one from 0 on")
        if any(not 0 <= self.values.get(name, 0) < 1 for name in ("beta1", "beta2")):
            raise BadInput("beta1 and beta2 are numbers from 0 to below 1")

    def __getitem__(self, name):
        return self.values[name]


def called(names):
    """The settings as ``update`` takes them."""
    return [_CALLED.get(name, name) for name in names]


def _number(name, holder, given):
    parameter, (said,) = getattr(holder, name), called([name])
    value = given.get(name, parameter.defaultValue)
    kind, word = (Integral, "a whole number") if name in _WHOLE else (Real, "a number")
    if isinstance(value, bool) or not isinstance(value, kind) or value != value or abs(value) == float("inf"):
        raise BadInput(f"{said} is {value!r}; expected {word}")
    allowed = parameter.WhichOneof("AllowedValues")
    if allowed == "range" and not parameter.range.minValue <= value <= parameter.range.maxValue:
        raise BadInput(f"{said} is {value}; the model allows {parameter.range.minValue} to {parameter.range.maxValue}")
    if allowed == "set" and value not in parameter.set.values:
        raise BadInput(f"{said} is {value}; the model allows {sorted(parameter.set.values)}")
    return value
