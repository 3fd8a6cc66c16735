"""A pytest plugin that makes ``runtime.older`` the predictor in Apple's own tests of network layers.

Those tests (coremltools, ``test/neural_network/test_numpy_nn_layers.py``) build a network and compare Core ML's answer with
NumPy's; off a Mac they are skipped. Here ``MLModel`` is a stand-in that asks our runtime. ``LAYERS_LOG`` names the file that
gets one JSON line for each test with the number of its predictions; ``LAYERS_FAULT`` names a layer to get wrong by 5 %.
"""

import json
import os
import sys
import types

import numpy as np
import pytest

from beyondlabels.quiet import coremltools
from beyondlabels.runtime.older import OlderModel
from beyondlabels.runtime.older.layers import LAYERS

PREDICTIONS = [0]


class Model:
    """As much of ``MLModel`` as these tests use."""

    def __init__(self, model, **_):
        self.spec = coremltools().utils.load_spec(model) if isinstance(model, str) else getattr(model, "spec", model)

    def get_spec(self):
        return self.spec

    def save(self, path):
        coremltools().utils.save_spec(self.spec, path)

    def predict(self, data, **_):
        PREDICTIONS[0] += 1
        found = OlderModel("model.mlmodel", self.spec).predict(
            {name: np.asarray(value) for name, value in data.items()}
        )
        return {name: value if isinstance(value, dict) else np.asarray(value) for name, value in found.items()}


def pytest_configure(config):
    ct = coremltools()
    import coremltools.models.utils as utils

    sys.modules.setdefault("torch", types.ModuleType("torch"))  # imported at the top, used by seven tests
    utils._is_macos, utils._macos_version = lambda: True, lambda: (15, 4)
    ct.models.MLModel = utils.MLModel = Model
    sort = np.argsort
    np.argsort = lambda values, axis=-1, **_: sort(
        values, axis=axis, kind="stable"
    )  # so that ties are not left to chance
    fault = os.environ.get("LAYERS_FAULT")
    if fault:
        true = LAYERS[fault]
        LAYERS[fault] = lambda *inputs, **parameters: true(*inputs, **parameters) * 1.05 + 0.05


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.when == "setup":
        item.predictions = PREDICTIONS[0]
    if report.when == "call" or (report.when == "setup" and report.skipped):
        line = {
            "test": item.nodeid.split("::")[-1],
            "outcome": report.outcome,
            "why": str(report.longrepr or "")[-300:],
        }
        line["predictions"] = PREDICTIONS[0] - item.predictions
        with open(os.environ["LAYERS_LOG"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
