"""10,000 rows through a saved package in NumPy, against the model's own methods and onnxruntime on the converted model.

The package gives all its outputs at once; the model is asked for the same ones, a method each. Aim: a median at or below
1.0 of the model's own time.
"""

import statistics
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx_road as road
from report import table

ROWS = 10_000


def forests():
    """(name, fitted model, rows) of forests in the size that people use: 100 trees."""
    from sklearn.ensemble import GradientBoostingRegressor, IsolationForest, RandomForestClassifier

    data = np.random.default_rng(0).normal(size=(2_000, 8))
    yes = (data[:, 0] + data[:, 1] * data[:, 2] > 0).astype(int)
    yield "IsolationForest, 100 trees", IsolationForest(random_state=0).fit(data), data
    yield "RandomForestClassifier, 100 trees", RandomForestClassifier(random_state=0).fit(data, yes), data
    yield "GradientBoostingRegressor, 100 trees", GradientBoostingRegressor(random_state=0).fit(data, data[:, 0]), data


def cases():
    """(name, fitted model, a sample, 10,000 rows)."""
    from beyondlabels.matrix.data import DATA

    for row, model, sample in road.fitted_rows():
        rows = DATA[row.data](rows=ROWS)
        if row.data != "square":  # a kernel matrix cannot have more rows without more columns
            yield road.name_of(row), model, sample, rows
    for name, model, data in forests():
        yield name, model, data[:200], np.random.default_rng(1).normal(size=(ROWS, data.shape[1]))


def measure():
    """The part of the report."""
    import beyondlabels as bl
    from beyondlabels.conversion.registry import find_recipe

    both = road.available()
    lines, own_ratios, onnx_ratios = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, model, sample, rows in cases():
            narrow = np.asarray(rows, np.float32)
            given = rows if hasattr(rows, "columns") else narrow.astype(np.float64)
            result = bl.export(model, Path(folder) / "m.mlpackage", sample=sample, overwrite=True)
            package, recipe = bl.runtime.load(result.path), find_recipe(model)
            ours, _ = road.timed(lambda: package.predict({"x": narrow}))  # noqa: B023
            own, _ = road.timed(lambda: _own(model, recipe, result.outputs, given))  # noqa: B023
            other = _onnx(model, narrow) if both and not name.startswith("IsolationForest, 100") else None
            own_ratios.append(ours / own)
            onnx_ratios += [ours / other] if other else []
            against = f"{1e3 * other:.1f}" if other else "–"
            lines.append([name, f"{1e3 * ours:.1f}", f"{1e3 * own:.1f}", f"{ours / own:.2f}", against])
    head = ["model", "package in NumPy, ms", "the model itself, ms", "ratio", "onnxruntime, ms"]
    said = (
        f" Against onnxruntime on the {len(onnx_ratios)} it has: {statistics.median(onnx_ratios):.2f}."
        if onnx_ratios
        else ""
    )
    return (
        f"## Running, {ROWS:,} rows\n\n{table(head, lines)}\n\nMedian ratio to the model itself "
        f"{statistics.median(own_ratios):.2f} over {len(own_ratios)} models.{said}\n"
    )


def _own(model, recipe, outputs, rows):
    """The model's own methods, as a user calls them; the recipe's reference where an output has no method of its own."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for method in outputs.values():
            if hasattr(model, method) and method != "inverse_transform":
                getattr(model, method)(rows)
            else:
                recipe.expected(model, method, rows)


def _onnx(model, rows):
    """Seconds that onnxruntime takes, ``None`` where skl2onnx does not know the model or makes what cannot run."""
    try:
        session = road.load(road.convert(model, rows.shape[1]))
        return road.timed(lambda: road.run(session, rows))[0]
    except Exception:
        return None
