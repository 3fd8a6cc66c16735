"""One function per MIL operation, parameters named as MIL names them: dispatch is ``OPS[kind](**inputs)``.

The rules followed are those of the MIL operation reference (Apple, coremltools API, MIL Ops, 2025).
"""

from . import elementwise, linear, reduction, shape

OPS = {
    name.rstrip("_"): function
    for module in (elementwise, linear, reduction, shape)
    for name, function in vars(module).items()
    if callable(function) and getattr(function, "__module__", None) == module.__name__ and not name.startswith("_")
}
