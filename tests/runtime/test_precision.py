"""The same program in the other precision, in memory: rounded where a half-precision package rounds, and nowhere else."""

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.quiet import coremltools


@pytest.fixture(scope="module")
def pair(penguins, tmp_path_factory):
    """A k-means package in float32 and the same model exported in float16."""
    from sklearn.cluster import KMeans
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(penguins)
    folder = tmp_path_factory.mktemp("precisions")
    for precision in ("float32", "float16"):
        bl.export(model, folder / f"{precision}.mlpackage", sample=penguins, precision=precision)
    return [bl.runtime.load(folder / f"{precision}.mlpackage") for precision in ("float32", "float16")]


def test_the_simulated_float16_is_what_an_export_in_float16_computes(pair, penguins):
    single, half = pair
    simulated = bl.runtime.in_precision(single, "float16").values({"x": penguins})
    real = half.values({"x": penguins})
    for name in ("sub_0", "real_div_0", "square_0", "reduce_sum_0"):
        assert simulated[name].dtype == np.float16
        np.testing.assert_array_equal(simulated[name], real[f"{name}_cast_fp16"])
    np.testing.assert_array_equal(simulated["label"], real["label"])


def test_float32_of_a_float16_package_rounds_nothing_on_the_way(pair, penguins):
    _, half = pair
    wide = bl.runtime.in_precision(half, "float32")
    found = wide.values({"x": penguins})
    weights = half.program.constants
    means, spreads = weights["sub_0_y_0_to_fp16"], weights["real_div_0_y_0_to_fp16"]
    expected = (penguins.astype(np.float32) - means.astype(np.float32)) / spreads.astype(np.float32)
    np.testing.assert_array_equal(found["real_div_0_cast_fp16"], expected)
    assert {value.dtype.name for value in found.values() if getattr(value, "dtype", np.dtype(bool)).kind == "f"} == {
        "float32"
    }


def test_it_is_the_same_program_where_nothing_changes(pair, penguins):
    single, _ = pair
    same = bl.runtime.in_precision(single, "float32")
    for name, value in single.predict({"x": penguins}).items():
        np.testing.assert_array_equal(same.predict({"x": penguins})[name], value)


def test_the_package_itself_is_left_alone(pair, penguins):
    single, _ = pair
    before = single.program.digest()
    bl.runtime.in_precision(single, "float16").predict({"x": penguins})
    assert single.program.digest() == before


def test_too_large_for_float16_is_infinite(pair):
    single, _ = pair
    made = bl.runtime.in_precision(single, "float16").values({"x": np.full((1, 4), 70_000.0)})
    assert np.isinf(made["x_to_fp16"]).all()


def test_another_precision_is_refused(pair):
    with pytest.raises(bl.BadInput, match="float16, float32"):
        bl.runtime.in_precision(pair[0], "float8")


def test_the_steps_fold_constants_and_say_what_they_compute(pair):
    steps = bl.runtime.walk_through(pair[0])
    assert [step.kind for step in steps[:3]] == ["sub", "real_div", "expand_dims"]
    first = steps[0]
    assert first.reads == (("x", "x"),)
    assert [(each.parameter, each.value.shape) for each in first.constants] == [("y", (4,))]
    assert first.rule == "x - y, same dtype; shapes broadcast."
    assert steps[-1].outputs == (("distances", "float32", (None, 3)),)


def test_a_branch_shows_what_it_reads_and_is_rounded_inside_too(tmp_path):
    """x + 1/3 in float32, and in float16 the nearest it has: 0.33325."""
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 3))], opset_version=ct.target.iOS16)
    def program(x):
        third = mb.const(val=np.float32(1 / 3))
        positive = mb.greater(x=mb.reduce_sum(x=x, axes=[0, 1]), y=np.float32(0))
        return mb.cond(pred=positive, _true_fn=lambda: mb.add(x=x, y=third), _false_fn=lambda: mb.identity(x=x))

    made = ct.convert(program, minimum_deployment_target=ct.target.iOS16, compute_precision=ct.precision.FLOAT32)
    made.save(str(tmp_path / "cond.mlpackage"))
    package = bl.runtime.load(tmp_path / "cond.mlpackage")
    (branch,) = [step for step in bl.runtime.walk_through(package) if step.kind == "cond"]
    assert ("block", "x") in branch.reads
    assert "block()" in branch.inside
    assert "add(" in branch.inside
    (half,) = bl.runtime.in_precision(package, "float16").predict({"x": np.zeros((1, 3)) + 2}).values()
    assert half.dtype == np.float16
    np.testing.assert_array_equal(half, np.float16(2 + np.float32(np.float16(1 / 3))) * np.ones((1, 3), np.float16))
