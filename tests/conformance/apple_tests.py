"""Running Apple's own operation tests with our runtime as the predictor, and sorting what they say."""

import json
import os
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUITES = ("iOS14", "iOS15", "iOS16", "iOS17", "iOS18", "coreml_dialect")

# A case that is neither passed nor failed, and why. The order is that of the table.
REASONS = {
    "other libraries": "expected values come from PyTorch or TensorFlow, which are not installed here",
    "nothing evaluated": "the test asks about the builder (types, constants, errors); nothing is predicted",
    "float16 inside": "the program holds float16 values, but the test allows only float32's error; see below the table",
    "known to Apple": "Apple expects Core ML itself to fail it (xfail) or leaves it out (skip)",
    "undefined": "the documentation leaves the result undefined; the test only asks that it be some other one",
    "converter": "predictions compared equal; then the test counts operations that the converter put in",
    "neural network": "the test builds a neural network, not an ML Program",
}
_UNDEFINED = ("test_ios17_invalid_indices", "validate_indices=False")


def folder():
    """Where coremltools keeps its operation tests; found without importing it."""
    return Path(find_spec("coremltools").origin).parent / "converters/mil/mil/ops/tests"


def run(log, targets=(), part=1, seed=0, fault="", workers=0, select="", echo=False):
    """Run the tests in ``targets`` (paths below ``folder()``; all when empty) in a process of their own.

    ``part`` takes one in so many, drawn with ``seed``; ``fault`` plants one (see ``judge.py``). Returns the entries that
    ``judge`` wrote into the file ``log``.
    """
    environment = os.environ | {
        "CONFORMANCE_LOG": str(log),
        "CONFORMANCE_PART": str(part),
        "CONFORMANCE_SEED": str(seed),
        "CONFORMANCE_FAULT": fault,
        "PYMIL_TEST_TARGETS": "mlprogram",
        "INCLUDE_MIL_FP32_UNIT_TESTS": "1",
        "PYTHONPATH": str(HERE.parent),
        "TQDM_DISABLE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    environment = {key: value for key, value in environment.items() if not key.startswith("PYTEST_")}
    where = folder()
    options = ["-p", "conformance.judge", "-p", "no:cacheprovider", "-p", "no:warnings", "--rootdir", str(where)]
    options += [
        "-o",
        "addopts=",
        "-q",
        "--tb=short",
        "--color=no",
        *(["-n", str(workers)] if workers else ["-p", "no:xdist"]),
    ]
    options += ["--continue-on-collection-errors", *(["-k", select] if select else [])]
    command = [sys.executable, "-m", "pytest", *options, *(str(where / target) for target in targets or [""])]
    Path(log).write_text("")
    done = subprocess.run(
        command,
        env=environment,
        cwd=where,
        stdout=None if echo else subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    entries = [json.loads(line) for line in Path(log).read_text("utf-8").splitlines()]
    ran = {entry["test"] for entry in entries if "test" in entry}
    if not ran or len(ran) < max(entry.get("chosen", 0) for entry in entries):
        raise RuntimeError(f"{len(ran)} tests ran, not all, in {targets or where}:\n{(done.stdout or '')[-2000:]}")
    return entries


def control(log, fault, file, select):
    """(cases that ran the faulty operation and passed without the fault, how many of them fail with it)."""
    kind = fault.split(":")[0]
    whole, broken = (
        {entry["test"]: entry for entry in run(log, [file], select=select, fault=each) if "test" in entry}
        for each in ("", fault)
    )
    passed = [test for test, entry in whole.items() if verdict(entry) == "passed" and kind in entry["operations"]]
    return len(passed), sum(verdict(broken[test]) == "failed" for test in passed)


def verdict(entry):
    """ "passed", "failed" or one of ``REASONS`` for what became of one test."""
    why, outcome = entry["why"], entry["outcome"]
    name = entry["test"]
    if outcome == "xfailed" or why.startswith("expected to fail"):
        return "known to Apple"
    if outcome == "skipped":
        return "other libraries" if "not found" in why else "known to Apple"
    if "name 'torch' is not defined" in why or "name 'tf' is not defined" in why:
        return "other libraries"
    if "a neural network, no ML Program" in why:
        return "neural network"
    if not entry["evaluations"]:
        return "nothing evaluated" if outcome == "passed" else "failed"
    if all(word in name for word in _UNDEFINED):
        return "undefined"
    if entry["half"]:
        return "float16 inside"
    if outcome == "failed" and entry["comparisons"] and why.startswith("assert "):
        return "converter"
    return outcome


def short(entry):
    """A test's name without the folders, and without what all cases share."""
    name = entry["test"].split("::", 1)[1]
    for noise in (
        "compute_unit=ComputeUnit.CPU_ONLY-",
        "backend=BackendConfig(backend='mlprogram', precision='fp32', ",
    ):
        name = name.replace(noise, "")
    return name.replace("opset_version=<AvailableTarget.", "").replace(">)", "")


def tables(entries):
    """(file -> Counter of verdicts, verdicts of the float16 cases, collection errors, entries that failed)."""
    files, half, broken, failures = {}, Counter(), {}, []
    for entry in entries:
        if "collection" in entry:
            broken[entry["collection"]] = entry["why"]
        elif "test" in entry:
            found = verdict(entry)
            files.setdefault(entry["file"], Counter())[found] += 1
            if found == "float16 inside":
                half["near" if entry["near"] else entry["outcome"]] += 1
            if found == "failed":
                failures.append(entry)
    return files, half, broken, failures
