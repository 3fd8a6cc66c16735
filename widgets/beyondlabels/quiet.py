"""One door to coremltools: imported late (it takes over a second) and without its log noise about missing Apple libraries."""

import importlib.machinery
import importlib.util
import logging
import sys
from functools import cache
from pathlib import Path

_EXPECTED = ("Failed to load _ML", "Fail to import", "is not supported. Minimum required", "has not been tested with")


def _worth_reading(record):
    return not any(text in record.getMessage() for text in _EXPECTED)


@cache
def coremltools():
    """The coremltools module. Off a Mac it logs that its Apple libraries are missing and that this scikit-learn is too
    new for its own converter; neither matters here (we use the MIL builder and our own runtime), so both are filtered.
    """
    logging.getLogger("coremltools").addFilter(_worth_reading)
    import coremltools

    return coremltools


def protobufs():
    """The generated modules ``(Model_pb2, MIL_pb2)`` of Core ML's model format, read from coremltools' folder without the rest
    of coremltools, which takes twenty times as long. Their classes are coremltools' own, whichever is loaded first: protobuf
    keeps one class for each message."""
    package = _proto_package()
    return tuple(importlib.import_module(f"{package}.{name}") for name in ("Model_pb2", "MIL_pb2"))


@cache
def _proto_package():
    """The name under which ``coremltools/proto`` is loaded."""
    name = f"{__package__}._coremltools_proto"
    (folder,) = importlib.util.find_spec("coremltools").submodule_search_locations
    place = Path(folder) / "proto"
    spec = importlib.machinery.ModuleSpec(
        name, None, is_package=True
    )  # its own __init__ would import modules we do not need
    spec.submodule_search_locations = [str(place)]
    sys.modules[name] = importlib.util.module_from_spec(spec)
    return name
