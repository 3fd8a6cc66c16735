"""The road that people take today: skl2onnx and onnxruntime, put under .cache/bench beside this environment's packages.

They are no part of the project's requirements; without a network the parts that need them say so.
"""

import importlib
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

HOME = Path(__file__).resolve().parents[2] / ".cache" / "bench" / "packages"
WANTED = ("skl2onnx==1.20.0", "onnx>=1.17,<2", "onnxruntime>=1.20,<2", "flatbuffers", "ml_dtypes")
LONG = 1.0  # seconds; what takes longer is measured once


def available():
    """Whether the packages are there; installs them the first time. The others they need are in this environment."""
    if not (HOME / "skl2onnx").is_dir():
        print(f"bench: installing {', '.join(WANTED)} into {HOME} …", file=sys.stderr, flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "--target", str(HOME)]
        if subprocess.run([*pip, *WANTED]).returncode:
            return False
    if str(HOME) not in sys.path:
        sys.path.append(str(HOME))  # last, so that this environment's own packages win
        importlib.invalidate_caches()
    return True


def versions():
    return f"skl2onnx {_skl2onnx().__version__}, onnxruntime {_onnxruntime().__version__}"


def convert(model, width):
    """The model as ONNX bytes; raises whatever skl2onnx raises for a model it does not know."""
    from skl2onnx.common.data_types import FloatTensorType

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return _skl2onnx().to_onnx(model, initial_types=[("X", FloatTensorType([None, width]))]).SerializeToString()


def load(model):
    """A session for ONNX bytes or for a file."""
    options = _onnxruntime().SessionOptions()
    options.log_severity_level = 3
    return _onnxruntime().InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(session, rows):
    """Every output for float32 rows."""
    return session.run(None, {"X": rows})


def difference(found, expected):
    """The largest relative error over the expected outputs, each compared with the output of its size and kind that is
    nearest; ``None`` when there is no such output for any."""
    errors = []
    for wanted in expected:
        wanted = np.asarray(wanted.toarray() if hasattr(wanted, "toarray") else wanted)
        whole, wanted = wanted.dtype.kind in "iub", wanted.astype(float)
        size = np.sqrt(np.square(wanted).mean(axis=0)) + np.abs(wanted)
        alike = [np.asarray(output) for output in found if np.size(output) == wanted.size]
        alike = [output for output in alike if output.dtype.kind in ("iub" if whole else "f")]
        gaps = [np.abs(output.reshape(wanted.shape) - wanted) for output in alike]
        errors += [min(float((gap / np.where(size > 0, size, 1)).max(initial=0.0)) for gap in gaps)] if gaps else []
    return max(errors, default=None)


def timed(work, times=5):
    """(median seconds of some runs after one that warms up, the last answer); one run when it takes long."""
    begun = time.perf_counter()
    answer = work()
    first, runs = time.perf_counter() - begun, []
    while first < LONG and len(runs) < times:
        begun = time.perf_counter()
        answer = work()
        runs.append(time.perf_counter() - begun)
    return float(np.median(runs)) if runs else first, answer


def fitted_rows():
    """(row, fitted model, its rows) of every row of the matrix that has a package of its own."""
    import beyondlabels as bl
    from beyondlabels.matrix import all_rows
    from beyondlabels.matrix.data import DATA
    from beyondlabels.matrix.runs import fit

    for row in all_rows():
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            model = fit(row.make, row)
            if bl.assess(model).exportable:
                yield row, model, DATA[row.data]()


def own_answers(recipe, model, outputs, rows):
    """What the model's own methods give, one for each output of the package."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return [recipe.expected(model, method, rows) for method in outputs.values()]


def name_of(row):
    return row.name if row.data == "numbers" else f"{row.name} of {row.data}"


def _skl2onnx():
    return importlib.import_module("skl2onnx")


def _onnxruntime():
    return importlib.import_module("onnxruntime")
