"""The kinds of model from before ML Programs, in ``.mlmodel`` files: networks, neighbours, trees, linear models, support
vectors, feature steps and pipelines of these.

The rules are those of the Core ML Model Format Specification (apple/coremltools, ``mlmodel/format``, 2026); each module names
its file, and says where the specification leaves something open. Networks compute in float32, the others in double precision.
Not covered, and refused by name: custom layers and models, non-maximum suppression, Apple's own text, sound and vision
models, recommenders, linked and encrypted models.
"""

from .interface import PIPELINES
from .model import KINDS, OlderModel
from .table import flat

__all__ = ["KINDS", "PIPELINES", "OlderModel", "flat"]
