"""The systems a package can be written for, and the names people know them by."""

from ..errors import BadInput
from ..quiet import coremltools

TARGETS = {
    "iOS15": "iOS 15 and macOS 12",
    "iOS16": "iOS 16 and macOS 13",
    "iOS17": "iOS 17 and macOS 14",
    "iOS18": "iOS 18 and macOS 15",
}
PRECISIONS = ("float32", "float16")


def checked(target, precision):
    """Raise ``BadInput`` unless both are known."""
    if target not in TARGETS:
        raise BadInput(f"target {target!r} is not known; choose one of {', '.join(TARGETS)}")
    if precision not in PRECISIONS:
        raise BadInput(f"precision {precision!r} is not known; choose one of {', '.join(PRECISIONS)}")


def opset(target):
    """coremltools' own name for the target."""
    return getattr(coremltools().target, target)
