"""One door to coremltools: imported late (it takes over a second) and without its log noise about missing Apple libraries."""

import logging
from functools import cache

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
    """The generated modules ``(Model_pb2, MIL_pb2)`` of Core ML's model format."""
    coremltools()
    from coremltools.proto import MIL_pb2, Model_pb2

    return Model_pb2, MIL_pb2
