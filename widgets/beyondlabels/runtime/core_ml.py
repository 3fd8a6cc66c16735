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


def predict(path, inputs):
    """Outputs by name from Core ML on its CPU, for checked ``inputs``. Raises ``BadInput`` where there is no Core ML."""
    if not available():
        raise BadInput(f"Core ML runs on macOS 12 and later; this is {platform.system()}. Use predict() instead.")
    ct = coremltools()
    model = ct.models.MLModel(str(path), compute_units=ct.ComputeUnit.CPU_ONLY)
    return {name: np.asarray(value) for name, value in model.predict(inputs).items()}
