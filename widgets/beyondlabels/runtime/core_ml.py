"""Core ML itself, where it exists. Off a Mac every answer here is an honest no.

Written with care from Apple's coremltools guide, Model Prediction (2025), and not yet run on a Mac by the authors.
"""

import platform

import numpy as np

from ..errors import BadInput
from ..quiet import coremltools


def available():
    """Whether this system has Core ML: macOS 12 or later, where ML Programs run."""
    if platform.system() != "Darwin":
        return False
    major = platform.mac_ver()[0].split(".")[0]
    return major.isdigit() and int(major) >= 12


def predict(path, inputs, colors=None):
    """Outputs by name from Core ML on its CPU, for checked ``inputs``; ``colors`` names those that are images.

    Raises ``BadInput`` where there is no Core ML.
    """
    if not available():
        raise BadInput(f"Core ML runs on macOS 12 and later; this is {platform.system()}. Use predict() instead.")
    ct = coremltools()
    model = ct.models.MLModel(str(path), compute_units=ct.ComputeUnit.CPU_ONLY)
    colors = colors or {}
    given = {name: _picture(value, colors[name]) if name in colors else value for name, value in inputs.items()}
    return {name: np.asarray(value) for name, value in model.predict(given).items()}


def _picture(value, color):
    """An image of Pillow, which coremltools wants, from (1, channels, height, width)."""
    from PIL import Image

    pixels = np.moveaxis(np.rint(value[0]).astype(np.uint8), 0, -1)
    if color == "GRAYSCALE":
        return Image.fromarray(pixels[..., 0], "L")
    return Image.fromarray(np.ascontiguousarray(pixels[..., ::-1] if color == "BGR" else pixels), "RGB")
