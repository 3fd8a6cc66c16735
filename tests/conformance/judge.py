"""A pytest plugin that makes this package's runtime the predictor in Apple's own operation tests.

Those tests (coremltools, ``converters/mil/mil/ops/tests``) build a program, save it, and off a Mac compare nothing. Here
``MLModel.predict`` reads the saved package with ``beyondlabels.runtime`` and the gates that ask for macOS open. Every
prediction and every comparison is counted for each test: a test that passes without one proves nothing, and says so.

``CONFORMANCE_LOG`` names the file that gets one JSON line for each test; ``CONFORMANCE_FAULT`` plants a fault
("operation:times_1.01" or "operation:replaced") that the tests must notice: the negative control.
"""

import gc
import json
import os
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from beyondlabels.errors import BeyondLabelsError
from beyondlabels.quiet import coremltools
from beyondlabels.runtime import load
from beyondlabels.runtime.ops import OPS, random
from beyondlabels.runtime.run import make_state, run

COUNTS = {"evaluations": 0, "comparisons": 0, "half": 0, "near": 0, "operations": {}}
MACOS = (15, 4)


def predict(self, data, state=None):
    """``MLModel.predict`` from the saved bytes. Numbers are cast to the type of the input, nothing else is checked."""
    if self.package_path is None:
        raise NotImplementedError("a neural network, no ML Program")
    COUNTS["evaluations"] += 1
    program = load(self.package_path).program
    inputs = {}
    for name, value in data.items():
        port = program.inputs[name]
        array = np.asarray(value).astype(port.dtype)
        inputs[name] = array.reshape(()) if port.bounds is None and array.shape == (1,) else array
    COUNTS["half"] += _holds_half(program.constants, program.operations) or "float16" in _dtypes(program.inputs)
    for operation in program.operations:
        COUNTS["operations"][operation.kind] = COUNTS["operations"].get(operation.kind, 0) + 1
    try:
        return {name: _given(value) for name, value in run(program, inputs, state=state).items()}
    except BeyondLabelsError as error:
        raise RuntimeError(f"Unable to compute the prediction using ML Program: {error}") from error  # Core ML's words


def _dtypes(ports):
    return {port.dtype for port in ports.values()}


def _holds_half(constants, operations):
    """Whether any value of these operations is a float16."""
    return any(getattr(value, "dtype", None) == np.float16 for value in constants.values()) or any(
        any(dtype == "float16" for _, dtype, _ in operation.outputs)
        or any(_holds_half(block.constants, block.operations) for block in operation.blocks)
        for operation in operations
    )


def _given(value):
    """Core ML has no scalars at its outputs, and no integers but int32 beside a classifier's label."""
    if not isinstance(value, np.ndarray):
        return int(value) if isinstance(value, np.integer) else value
    return np.atleast_1d(value)


def _counting(compare):
    def counted(mlmodel, input_key_values, expected_outputs, *args, **kwargs):
        before = dict(COUNTS)
        try:
            found = compare(mlmodel, input_key_values, expected_outputs, *args, **kwargs)
        except AssertionError:
            if COUNTS["half"] > before["half"] and kwargs.get("state") is None:
                _look_again(compare, mlmodel, input_key_values, expected_outputs, args, kwargs)
            raise
        COUNTS["comparisons"] += len(expected_outputs or ()) * (COUNTS["evaluations"] - before["evaluations"])
        return found

    return counted


def _look_again(compare, mlmodel, input_key_values, expected_outputs, args, kwargs):
    """A program with float16 inside that differs by more than float32's error: is it near at float16's?"""
    before = dict(COUNTS)
    try:
        compare(mlmodel, input_key_values, expected_outputs, *args, **kwargs | {"atol": 5e-3, "rtol": 5e-3})
        COUNTS.update(before, near=before["near"] + 1)
    except AssertionError:
        COUNTS.update(before)


def _open_the_gates():
    ct = coremltools()
    import coremltools.converters.mil.mil.ops.tests.testing_utils as builder_utils
    import coremltools.models.utils as model_utils
    from coremltools.converters.mil import testing_utils

    gc.collect = lambda *args: 0  # ``ct.convert`` spends two thirds of its time there
    model_utils._macos_version = lambda: MACOS
    shim = {name: value for name, value in vars(model_utils).items() if not name.startswith("__")}
    testing_utils._IS_MACOS = True
    testing_utils.coremltoolsutils = SimpleNamespace(**shim | {"_is_macos": lambda: True})
    testing_utils.compare_backend = builder_utils.compare_backend = _counting(testing_utils.compare_backend)
    ct.models.MLModel.predict = predict
    random._generator = _from_the_test
    ct.models.MLModel.make_state = lambda self: make_state(load(self.package_path).program)


def _from_the_test(seed):
    """Draws without a seed come from the test's own, which `pytest_runtest_protocol` sets: the same every time."""
    return np.random.default_rng(int(seed) if int(seed) >= 0 else np.random.randint(2**31))


def _plant(fault):
    """Make one operation wrong on purpose."""
    kind, how = fault.split(":")
    true = OPS[kind]

    def off(**inputs):
        made = true(**inputs)
        first = made[0] if isinstance(made, tuple) else made
        wrong = first * 1.01 if how == "times_1.01" else np.flip(first) + 1
        return (wrong, *made[1:]) if isinstance(made, tuple) else wrong

    OPS[kind] = off


def pytest_configure(config):
    _open_the_gates()
    if os.environ.get("CONFORMANCE_FAULT"):
        _plant(os.environ["CONFORMANCE_FAULT"])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Take float16 out (its tolerance of 0.5 is no test), and leave one in n of each file when a part is asked for."""
    kept, dropped = [], []
    for item in items:
        precision = _precision(item)
        (dropped if precision == "fp16" else kept).append(item)
    part = int(os.environ.get("CONFORMANCE_PART", "1"))
    if part > 1:
        chance, files, chosen = np.random.default_rng(int(os.environ.get("CONFORMANCE_SEED", "0"))), {}, set()
        for place, item in enumerate(kept):
            files.setdefault(str(item.fspath), []).append(place)
        for places in files.values():
            chosen.update(chance.permutation(places)[: -(-len(places) // part)].tolist())
        dropped += [item for place, item in enumerate(kept) if place not in chosen]
        kept = [item for place, item in enumerate(kept) if place in chosen]
    config.hook.pytest_deselected(items=dropped)
    items[:] = kept
    _log({"chosen": len(kept)})


def _precision(item):
    backend = getattr(item, "callspec", None) and item.callspec.params.get("backend")
    if backend is None:
        return "none"
    return backend[1] if isinstance(backend, tuple) else getattr(backend, "precision", "none")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    before = {**COUNTS, "operations": {}}
    COUNTS["operations"] = {}
    item.conformance = before
    # Some of Apple's tests compare two samples within three standard deviations: by chance one in some hundreds would fail.
    np.random.seed(zlib.crc32("/".join([*Path(item.fspath).parts[-2:], item.name]).encode()))
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" or report.outcome != "passed":
        before = item.conformance
        if report.when != "teardown":
            backend = getattr(item, "callspec", None) and item.callspec.params.get("backend")
            _log(
                {
                    "test": item.nodeid,
                    "file": "/".join(Path(item.fspath).parts[-2:]),
                    "outcome": "xfailed" if hasattr(report, "wasxfail") and report.skipped else report.outcome,
                    "why": _why(report),
                    "opset": str(getattr(backend, "opset_version", "")),
                    "half": COUNTS["half"] > before["half"],
                    "near": COUNTS["near"] > before["near"],
                    "evaluations": COUNTS["evaluations"] - before["evaluations"],
                    "comparisons": COUNTS["comparisons"] - before["comparisons"],
                    "operations": COUNTS["operations"],
                }
            )


def _why(report):
    if hasattr(report, "wasxfail"):
        return f"expected to fail: {report.wasxfail}"
    if report.skipped:
        return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if report.failed:
        crash = getattr(report.longrepr, "reprcrash", None)
        return " ".join(str(crash.message if crash else report.longrepr).split())[:300]
    return ""


def pytest_collectreport(report):
    if report.failed:
        text = " ".join(str(report.longrepr).split())
        _log({"collection": "/".join(Path(str(report.fspath)).parts[-2:]), "why": text[-200:]})


def _log(entry):
    if os.environ.get("CONFORMANCE_LOG"):
        with open(os.environ["CONFORMANCE_LOG"], "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
