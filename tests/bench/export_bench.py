"""From a fitted model to a saved and verified file: ours against skl2onnx and onnxruntime, for every row both know.

Ours: write, save, ask the model, read back, run, compare, with the proof inside. Theirs: convert, save, load, ask the
model, run, compare. Aim: a total under half of theirs; k-means within 60 ms once everything is imported.
"""

import statistics
import tempfile
from pathlib import Path

import numpy as np
import onnx_road as road
from report import table

WRONG = 1e-3


def measure():
    """The part of the report."""
    import beyondlabels as bl
    from beyondlabels.conversion.registry import find_recipe

    title = "## Export, save and verify\n\n"
    if not road.available():
        return f"{title}Not measured: skl2onnx and onnxruntime could not be installed.\n"
    lines, ours, theirs, alone, wrong = [], [], [], 0, []
    kmeans = None
    with tempfile.TemporaryDirectory() as folder:
        for row, model, rows in road.fitted_rows():
            package, file = Path(folder) / "m.mlpackage", Path(folder) / "m.onnx"
            seconds, result = road.timed(lambda: bl.export(model, package, sample=rows, overwrite=True))  # noqa: B023
            kmeans = seconds if row.name == "KMeans" else kmeans
            narrow = np.asarray(rows, np.float32)

            def onnx():
                file.write_bytes(road.convert(model, narrow.shape[1]))  # noqa: B023
                found = road.run(road.load(str(file)), narrow)  # noqa: B023
                given = rows if hasattr(rows, "columns") else narrow.astype(np.float64)  # noqa: B023
                answers = road.own_answers(find_recipe(model), model, result.outputs, given)  # noqa: B023
                return road.difference(found, answers)

            try:
                other, error = road.timed(onnx)
            except Exception:  # it does not know the model, or cannot run what it made
                alone += 1
                continue
            ours.append(seconds)
            theirs.append(other)
            if error is not None and error > WRONG:
                wrong.append(row.name)
            error = "no such output" if error is None else f"{error:.0e}"
            lines.append(
                [road.name_of(row), f"{1e3 * seconds:.0f}", f"{1e3 * other:.0f}", f"{seconds / other:.2f}", error]
            )
    head = ["model", "ours, ms", "skl2onnx and onnxruntime, ms", "ratio", "their largest relative error"]
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    without = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    return (
        f"{title}{table(head, lines)}\n\n{len(ours)} rows that both know ({road.versions()}): {sum(ours):.1f} s against "
        f"{sum(theirs):.1f} s, ratio of the totals {sum(ours) / sum(theirs):.2f}, median ratio {ratio:.2f} "
        f"(from {without[0]:.2f} to {without[-1]:.2f}). {alone} rows that only we know. Theirs differ from the model by "
        f"more than {WRONG:g} for: {', '.join(wrong) or 'none'}. k-means: {1e3 * kmeans:.0f} ms.\n"
    )
