"""How many fitted objects of scikit-learn become a Core ML model: by coremltools' own converter, and by ours.

Every public estimator that is neither classifier nor regressor is fitted, with its defaults, on the 150 flowers of the
iris data; what cannot be fitted so (it wants text, or another estimator) is left out. coremltools 9 converts models of
scikit-learn up to 1.5.1, so it gets that version, in an environment of its own under .cache/bench, and once more the
version of today.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
OLD = ROOT / ".cache" / "bench" / "scikit-learn-1.5"
WANTED = ("scikit-learn==1.5.1", "coremltools==9.0", "numpy>=2,<2.3")


def measure():
    """The part of the report."""
    lines = []
    for python, ask, words in ((_old_python(), "coremltools", "coremltools"), (sys.executable, "coremltools", "coremltools"),
                               (sys.executable, "ours", "Beyond Labels")):  # fmt: skip
        if python is None:
            lines.append(f"- {words}: not measured, the environment could not be installed.")
            continue
        found = _counted(python, ask)
        named = f": {', '.join(found['converted'])}" if 0 < len(found["converted"]) < 10 else ""
        lines.append(
            f"- {words} on scikit-learn {found['version']}: {len(found['converted'])} of {found['fitted']}{named}."
        )
    return (
        "## Fitted objects that become a Core ML model\n\nPublic estimators of scikit-learn that are neither classifier nor "
        "regressor, fitted with their defaults on the iris data.\n\n" + "\n".join(lines) + "\n"
    )


def _old_python():
    """The Python of the environment with scikit-learn 1.5.1, made when it is not there; None without a network."""
    python, stamp = OLD / "bin" / "python", OLD / "installed"
    if not (stamp.is_file() and stamp.read_text("utf-8") == "\n".join(WANTED)):
        print(f"bench: installing {', '.join(WANTED)} …", file=sys.stderr, flush=True)
        venv.create(OLD, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        if subprocess.run([*pip, *WANTED]).returncode:
            return None
        stamp.write_text("\n".join(WANTED), "utf-8")
    return str(python)


def _counted(python, ask):
    done = subprocess.run(
        [python, str(HERE), ask], capture_output=True, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    return json.loads(done.stdout.splitlines()[-1])


def count(ask):
    """{"version", "fitted", "converted"} for this environment's scikit-learn; ``ask`` is "coremltools" or "ours"."""
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import sklearn

    fitted, converted = 0, []
    rows, labels = _flowers()
    for model in _fitted(rows, labels):
        fitted += 1
        if _converts(model, rows, ask):
            converted.append(type(model).__name__)
    return {"version": sklearn.__version__, "fitted": fitted, "converted": converted}


def _flowers():
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def _fitted(rows, labels):
    from sklearn.utils import all_estimators

    labelled = {name for kind in ("classifier", "regressor") for name, _ in all_estimators(type_filter=kind)}
    for name, kind in all_estimators():
        if name in labelled:
            continue
        try:
            yield kind().fit(rows, labels)
        except Exception:  # it wants text, another estimator, or fewer columns: not a case for this count
            continue


def _converts(model, rows, ask):
    """Whether a Core ML model comes out; ours only counts when the saved file passed parity."""
    if ask == "ours":
        import beyondlabels as bl

        with tempfile.TemporaryDirectory() as folder:
            try:
                bl.export(model, Path(folder) / "m.mlpackage", sample=rows)
            except bl.NotExportable:
                return False
        return True
    import coremltools

    try:
        coremltools.converters.sklearn.convert(model)
    except Exception:  # unknown to it, or (for a scikit-learn of today) switched off
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(count(sys.argv[1])))
