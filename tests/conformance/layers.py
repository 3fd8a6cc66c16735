"""Apple's own tests of network layers, judged by our runtime: ``PYTHONPATH=tests python -m conformance.layers`` (5 minutes)."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILE = "test/neural_network/test_numpy_nn_layers.py"


def run(log, select="not gpu and not Stress", fault=""):
    """One entry for each test that ran: name, outcome, why, predictions. GPU variants repeat the CPU ones."""
    file = Path(find_spec("coremltools").origin).parent / FILE
    environment = os.environ | {"LAYERS_LOG": str(log), "LAYERS_FAULT": fault}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
    options = ["-p", "conformance.judge_layers", "-p", "no:cacheprovider", "-p", "no:warnings", "-p", "no:xdist", "-q"]
    options += ["--rootdir", str(file.parent), "-o", "addopts=", "-k", select]
    Path(log).write_text("")
    command = [sys.executable, "-m", "pytest", *options, str(file)]
    done = subprocess.run(command, env=environment, cwd=file.parent, capture_output=True, text=True)
    entries = [json.loads(line) for line in Path(log).read_text("utf-8").splitlines()]
    if not entries:
        raise RuntimeError(f"no test ran:\n{done.stdout[-2000:]}")
    return entries


def verdict(entry):
    """ "passed", "failed", "other libraries", "known to Apple" or "nothing evaluated" for one entry."""
    if "'torch' has no attribute" in entry["why"]:
        return "other libraries"
    if entry["outcome"] == "skipped":
        return "known to Apple"
    if not entry["predictions"]:
        return "nothing evaluated" if entry["outcome"] == "passed" else "failed"
    return entry["outcome"]


def main():
    log = Path(sys.argv[1] if len(sys.argv) > 1 else ".cache/layers.jsonl")
    log.parent.mkdir(parents=True, exist_ok=True)
    entries = run(log)
    counts = {}
    for entry in entries:
        counts[verdict(entry)] = counts.get(verdict(entry), 0) + 1
    predictions = sum(entry["predictions"] for entry in entries)
    print(f"{len(entries)} tests, {predictions:,} networks predicted: {counts}")
    for entry in entries:
        if verdict(entry) == "failed":
            print(f"  {entry['test']}: {entry['why']}")


if __name__ == "__main__":
    main()
