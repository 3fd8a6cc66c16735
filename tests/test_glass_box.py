"""The glass box: what it finds in a program, what it tells the browser, and what it says where no kernel runs."""

import base64
import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl
from beyondlabels.glass_box import against, figures, groups, words
from beyondlabels.quiet import coremltools
from beyondlabels.runtime import walk_through
from runtime.surgery import main_block, read_specification, write_specification


class Named:
    """As much of a step as the groups look at."""

    def __init__(self, name, kind="add"):
        self.name, self.kind = name, kind


@pytest.fixture(scope="module")
def scaled(penguins, tmp_path_factory):
    """(model, path) of a scaler and k-means."""
    model = make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(penguins)
    path = tmp_path_factory.mktemp("glass") / "kmeans.mlpackage"
    bl.export(model, path, sample=penguins)
    return model, path


@pytest.fixture(scope="module")
def box(scaled, penguins):
    model, path = scaled
    return bl.GlassBox(path, penguins, model=model)


@pytest.fixture(scope="module")
def keras_pair(penguins, tmp_path_factory):
    """(model, path) of a small autoencoder whose layers have names."""
    import keras

    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(8, "tanh", name="encoder"),
            layers.Dense(2, name="code"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(4, name="out"),
        ]
    )
    path = tmp_path_factory.mktemp("glass") / "ae.mlpackage"
    bl.export(model, path, sample=penguins / 1000)
    return model, path


def saved(build, path, *shapes):
    """A package of the program that ``build(mb, *inputs)`` writes, its inputs of fixed shapes."""
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb

    specs = [mb.TensorSpec(shape=shape) for shape in shapes]
    bodies = {1: lambda x: build(mb, x), 2: lambda x, z: build(mb, x, z)}
    program = mb.program(input_specs=specs, opset_version=ct.target.iOS16)(bodies[len(shapes)])
    ct.convert(program, minimum_deployment_target=ct.target.iOS16, compute_precision=ct.precision.FLOAT32).save(
        str(path)
    )
    return path


def test_a_pipeline_agrees_step_by_step(box):
    found = {mark.other: (mark.value, mark.by, mark.passed) for mark in box.against_model}
    assert found == {
        "standardscaler": ("real_div_0", "value", True),
        "label": ("label", "output", True),
        "distances": ("distances", "output", True),
    }
    assert (box.first_beyond, box.first_beyond_half, box.missing) == (None, None, [])
    assert [each["ok"] for each in box.verdicts] == [True, True]


@pytest.mark.parametrize("fitted_on_names", [True, False])
def test_the_columns_of_a_frame_are_found_by_name(tmp_path, penguins, fitted_on_names):
    frame = pd.DataFrame(penguins, columns=list("abcd"))
    model = StandardScaler().fit(frame if fitted_on_names else penguins)
    bl.export(model, tmp_path / "m.mlpackage", sample=frame)
    turned = bl.GlassBox(tmp_path / "m.mlpackage", frame[list("dbca")], model=model)
    assert turned.first_beyond is None
    assert turned.values == bl.GlassBox(tmp_path / "m.mlpackage", frame, model=model).values
    with pytest.raises(bl.BadInput, match=r"lacks the columns \['d'\]"):
        bl.GlassBox(tmp_path / "m.mlpackage", frame[list("abc")])


def test_one_row_without_an_axis_of_rows(scaled, penguins):
    found = r"input 'x' is of shape \(4,\); the package takes \(rows, 4\): for one row, pass it in a list of its own"
    with pytest.raises(bl.BadInput, match=found):
        bl.GlassBox(scaled[1], penguins[0])
    assert bl.GlassBox(scaled[1], [penguins[0]]).compared == 1
    with pytest.raises(bl.BadInput, match=r"is of shape \(\); the package takes \(rows, 4\)$"):
        bl.GlassBox(scaled[1], None)


IMAGES = {
    "0 to 1": ((4, 5, 3), {"scale": 1 / 255}, "float32"),
    "-1 to 1": ((4, 5, 3), {"scale": 1 / 127.5, "bias": -1}, "float16"),
    "blue first, shifted": ((4, 5, 3), {"color": "BGR", "bias": (1, 2, 3)}, "float32"),
    "pixels": ((4, 5, 3), {}, "float32"),
    "grey": ((4, 5, 1), {"color": "GRAYSCALE", "scale": 1 / 255}, "float32"),
    "grey without an axis": ((4, 5), {"color": "GRAYSCALE", "scale": 1 / 255}, "float32"),
    "grey pixels without an axis": ((4, 5), {"color": "GRAYSCALE"}, "float16"),
}


@pytest.mark.parametrize(("shape", "scaling", "precision"), IMAGES.values(), ids=IMAGES)
def test_a_model_is_given_pictures_as_the_program_scales_them(tmp_path, shape, scaling, precision):
    import keras

    keras.utils.set_random_seed(0)
    layers = [keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(2, name="code")]
    model, pixels = keras.Sequential(layers), np.random.default_rng(0).integers(0, 256, (6, *shape))
    image = bl.ImageInput(**scaling)
    bl.export(model, tmp_path / "m.mlpackage", sample=pixels, image_input=image, precision=precision)
    found = bl.GlassBox(tmp_path / "m.mlpackage", pixels, model=model)
    assert [mark.passed for mark in found.against_model] == [True] * len(found.against_model)
    assert "code" in [mark.other for mark in found.against_model]
    model.layers[-1].set_weights([each + 0.1 for each in model.layers[-1].get_weights()])
    assert bl.GlassBox(tmp_path / "m.mlpackage", pixels, model=model).first_beyond is not None


def test_the_values_of_a_row_are_those_of_the_runtime(scaled, box, penguins):
    values = bl.runtime.load(scaled[1]).values({"x": penguins[3:4]})
    box.row = 3
    shown = box.values["steps"][1][0]
    assert shown["name"] == "real_div_0"
    assert shown["table"]["heads"] == [
        "float32",
        "float16 (simulated)",
        "difference",
        "model: standardscaler",
        "difference",
    ]
    assert [line[1] for line in shown["table"]["rows"]] == [words.number(each) for each in values["real_div_0"][0]]
    box.row = 0


def test_a_row_that_is_not_there_leaves_the_old_one(box, penguins):
    box.row = 2
    box.row = len(penguins)
    assert box.row == box.values["row"] == 2
    assert "rows 0 to 332" in box.said
    box.row = 0


def test_what_goes_to_the_browser_is_plain_json(box):
    for each in (box.program, box.values, box.marks, box.verdicts):
        assert json.loads(json.dumps(each, allow_nan=False)) == each


def test_constants_are_folded_into_the_operation_that_reads_them(box):
    first = box.program["steps"][0]
    assert first["reads"] == [["x", "x", -1]]
    (means,) = first["constants"]
    assert (means["name"], means["type"], len(means["table"]["rows"])) == ("y", "float32 (4)", 4)
    assert box.program["outputs"] == [{"name": "label", "step": 6}, {"name": "distances", "step": 7}]


def test_a_keras_model_agrees_layer_by_layer(keras_pair, penguins):
    model, path = keras_pair
    found = bl.GlassBox(path, penguins / 1000, model=model)
    assert {mark.other: mark.by for mark in found.against_model} == {
        "encoder": "name",
        "code": "name",
        "drop": "value",
        "out": "output",
    }
    assert found.first_beyond is None


def test_the_first_layer_that_differs_is_named(keras_pair, penguins):
    model, path = keras_pair
    layer = model.get_layer("code")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias + np.array([0.001, 0])])
    try:
        found = bl.GlassBox(path, penguins / 1000, model=model)
    finally:
        layer.set_weights([kernel, bias])
    assert found.first_beyond == "code"
    assert not found.verdicts[0]["ok"]
    assert found.program["steps"][found.verdicts[0]["step"]]["name"] == "code"
    assert "✗ differs from the model's code" in str(found)
    assert {mark.other: mark.passed for mark in found.against_model}["encoder"]


def test_a_model_that_is_not_the_packages_is_found_out(scaled, penguins):
    other = make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(penguins[:100])
    found = bl.GlassBox(scaled[1], penguins, model=other)
    assert found.missing == ["standardscaler"]
    assert found.first_beyond in ("label", "distances")


def test_the_operation_at_which_float16_overflows_is_named(penguins, tmp_path):
    bl.export(KMeans(3, n_init=2, random_state=0).fit(penguins), tmp_path / "grams.mlpackage", sample=penguins)
    found = bl.GlassBox(tmp_path / "grams.mlpackage", penguins)
    assert found.first_beyond_half == "square_0"
    assert "overflows: float16 ends at 65,504" in found.verdicts[0]["text"]


def test_a_float16_package_is_held_against_float32(penguins, scaled, tmp_path):
    model, _ = scaled
    bl.export(model, tmp_path / "half.mlpackage", sample=penguins, precision="float16")
    found = bl.GlassBox(tmp_path / "half.mlpackage", penguins, model=model)
    assert (found.precision, found.tolerance) == ("float16", 1e-2)
    assert "float32 was simulated in NumPy" in found.verdicts[1]["text"]
    assert found.first_beyond is None


def test_the_tolerance_is_the_callers(scaled, penguins):
    model, path = scaled
    found = bl.GlassBox(path, penguins, model=model, tolerance=1e-12, half_tolerance=1e-9)
    assert found.first_beyond in ("real_div_0", "distances")
    assert found.first_beyond_half == "sub_0"


@pytest.mark.parametrize(
    "wrong", [{"tolerance": 0}, {"half_tolerance": -1}, {"tolerance": "much"}, {"row": 400}, {"row": "a"}]
)
def test_wrong_settings_are_refused(scaled, penguins, wrong):
    with pytest.raises(bl.BadInput):
        bl.GlassBox(scaled[1], penguins, **wrong)


@pytest.mark.parametrize(
    "rows", [np.zeros((0, 4)), np.zeros((3, 5)), [["a"] * 4], np.full((2, 4), np.nan), {"y": 1}, None]
)
def test_rows_that_do_not_fit_are_refused(scaled, rows):
    with pytest.raises(bl.BadInput):
        bl.GlassBox(scaled[1], rows)


def test_a_damaged_package_is_our_error(scaled, penguins, tmp_path):
    with pytest.raises(bl.BadPackage):
        bl.GlassBox(tmp_path / "nothing.mlpackage", penguins)
    damaged = shutil.copytree(scaled[1], tmp_path / "damaged.mlpackage")
    next(damaged.rglob("*.mlmodel")).write_bytes(b"no model")
    with pytest.raises(bl.BadPackage):
        bl.GlassBox(damaged, penguins)


def test_a_frame_does_as_well_as_an_array(scaled, penguins):
    found = bl.GlassBox(scaled[1], pd.DataFrame(penguins), row=1)
    assert found.program["rows"] == len(penguins)


def test_the_text_lists_the_program_and_names_no_place(box):
    lines = repr(box).splitlines()
    assert lines[0] == ("Glass box: kmeans.mlpackage, 8 operations in float32, x: float32 (rows, 4) → label, distances")
    assert lines[3].endswith("Apple's own runtime was not run here.")
    assert lines[4].startswith("  1  sub_0 = sub(x=x, y=(")
    assert len(lines) == 12
    data, _ = box._repr_mimebundle_()
    assert data["text/plain"] == lines[0]
    assert "Run this cell" in data["text/html"]
    assert "/tmp" not in data["text/html"]


def test_hostile_names_are_text(scaled, penguins, tmp_path):
    path = shutil.copytree(scaled[1], tmp_path / "hostile.mlpackage")
    specification = read_specification(path)
    rename(specification, {"sub_0": "<script>alert(1)</script>\x07\u202eevil", "square_0": "A" * 10_000})
    write_specification(path, specification)
    found = bl.GlassBox(path, penguins)
    names = [step["name"] for step in found.program["steps"]]
    assert names[0] == "<script>alert(1)</script>\\u0007\\u202eevil"
    assert names[4].endswith("(10,000 letters)")
    assert max(map(len, names)) < 100
    assert "<script>" not in found.picture()
    assert "A" * 100 not in json.dumps([found.program, found.values, found.verdicts])


def rename(specification, names):
    """Give values of the program other names, wherever they stand."""
    for operation in main_block(specification).operations:
        for output in operation.outputs:
            if output.name in names:
                operation.attributes["name"].immediateValue.tensor.strings.values[0] = names[output.name]
                output.name = names[output.name]
        for argument in operation.inputs.values():
            for binding in argument.arguments:
                if binding.name in names:
                    binding.name = names[binding.name]


def test_a_package_of_one_row_is_run_row_by_row(tmp_path):
    path = saved(lambda mb, x: mb.mul(x=x, y=np.float32([[1, 2, 3]]), name="out"), tmp_path / "one.mlpackage", (1, 3))
    X = np.arange(12.0).reshape(4, 3)
    found = bl.GlassBox(path, X, row=2)
    assert (found.program["rows"], found.compared) == (4, 4)
    assert [line[1] for line in found.values["steps"][0][0]["table"]["rows"]] == ["6", "14", "24"]


def test_a_package_without_a_row_axis_takes_x_as_one(tmp_path):
    path = saved(lambda mb, x: mb.reduce_sum(x=x, axes=[0, 1], name="out"), tmp_path / "all.mlpackage", (3, 2))
    found = bl.GlassBox(path, np.ones((3, 2)))
    assert found.program["rows"] == 1
    assert found.values["steps"][0][0]["summary"] == "6"


def test_several_inputs_come_by_name_or_in_order(tmp_path):
    path = saved(lambda mb, x, z: mb.sub(x=x, y=z, name="out"), tmp_path / "two.mlpackage", (1, 2), (1, 2))
    a, b = np.full((2, 2), 5.0), np.full((2, 2), 3.0)
    for X in ({"x": a, "z": b}, [a, b]):
        assert bl.GlassBox(path, X).values["steps"][0][0]["summary"] == "2 numbers from 2 to 2, mean 2"
    with pytest.raises(bl.BadInput, match="differ in their number of rows"):
        bl.GlassBox(path, [a, b[:1]])
    with pytest.raises(bl.BadInput, match="2 inputs"):
        bl.GlassBox(path, a)


def test_groups_are_neighbours_that_share_words():
    steps = [
        *(Named(f"block_a_{kind}", kind) for kind in ("mul", "sub")),
        Named("block_a", "relu"),
        Named("block_b", "relu"),
        Named("dense_linear", "linear"),
        Named("dense", "relu"),
        Named("dense_1_linear", "linear"),
        Named("dense_1", "relu"),
        Named("sub_0", "sub"),
        Named("sub_1", "sub"),
        Named("block_c", "relu"),
    ]
    block, dense, dense_1, *rest = groups.tree(steps)
    assert (block["name"], [each if isinstance(each, int) else each["name"] for each in block["items"]]) == (
        "block",
        ["block_a", 3],
    )
    assert block["items"][0]["items"] == [0, 1, 2]
    assert (dense["items"], dense_1["name"], dense_1["items"]) == ([4, 5], "dense_1", [6, 7])
    assert rest == [8, 9, 10]


def test_a_layer_whose_name_ends_as_its_operation_keeps_its_name():
    names = [
        ("in_conv_transpose", "transpose"),
        ("in_conv", "conv"),
        ("in_conv_transpose_1", "transpose"),
        ("norm", "mul"),
    ]
    first, alone = groups.tree([Named(*each) for each in names])
    assert (first["name"], first["items"], alone) == ("in_conv", [0, 1, 2], 3)


def test_a_prefix_of_all_is_no_group():
    assert groups.tree([Named("net_a", "relu"), Named("net_b", "relu")]) == [0, 1]


def test_every_step_is_in_the_tree_once(box):
    def flat(items):
        return [at for each in items for at in ([each] if isinstance(each, int) else flat(each["items"]))]

    assert flat(box.program["tree"]) == list(range(8))


def test_a_small_array_is_a_table_and_a_large_one_a_drawing():
    small = figures.figure(np.array([[1.5, np.inf]], np.float32))
    assert small["table"]["rows"] == [["0", "1.5"], ["1", "∞"]]
    assert small["summary"] == "2 numbers from 1.5 to 1.5, mean 1.5; 1 infinite"
    large = figures.figure(np.arange(1000, dtype=np.float32).reshape(1, 1000))
    assert large["first"].startswith("0, 1, 2, 3")
    assert sum(large["histogram"]["counts"]) == 1000
    assert large["heats"][0]["columns"] == 48


def test_a_heat_map_is_block_means():
    (heat,) = figures.figure(np.array([[1.0, -1.0] * 20, [np.nan, 0.5] * 20]))["heats"]
    cells = np.frombuffer(base64.b64decode(heat["cells"]), np.int8).reshape(2, 40)
    assert cells[0, :2].tolist() == [127, -127]
    assert cells[1, :2].tolist() == [-128, 64]


def test_the_scale_between_is_that_of_the_whole_value():
    """A unit that hardly ever fires is not held to its own rounding."""
    wanted = np.column_stack([np.full(100, 1.0), np.full(100, 1e-4)])
    found = wanted + np.array([0, 1e-6])
    assert against.precisions([Step()], {"v": wanted}, {"v": found}, 100, 1e-5, ())[0].passed
    assert not against.precisions([Step()], {"v": wanted}, {"v": found}, 100, 1e-5, ("v",))[0].passed


class Step:
    """A step that makes one value, v."""

    name, kind, outputs = "v", "add", (("v", "float32", (None, 2)),)


def test_every_letter_of_a_name_can_be_seen():
    assert words.name("a\n\u202e\u200bb c") == "a\\u000a\\u202e\\u200bb c"
    assert re.fullmatch(r"x{40}…x{20} \(500 letters\)", words.name("x" * 500))


def test_what_the_model_computes_inside_bears_the_names_of_the_package(keras_pair, penguins):
    model, path = keras_pair
    found = bl.intermediate_values(model, penguins / 1000)
    assert list(found.inside) == ["encoder", "code", "drop", "out"]
    made = {name for step in walk_through(bl.runtime.load(path)) for name, _, _ in step.outputs}
    assert {"encoder", "code", "out"} <= made


def test_a_model_without_a_function_is_refused_by_its_limit(scaled, penguins):
    from sklearn.cluster import DBSCAN

    with pytest.raises(bl.NotExportable):
        bl.GlassBox(scaled[1], penguins, model=DBSCAN().fit(penguins))


def test_a_layer_that_hands_the_input_on_needs_no_operation(penguins, tmp_path):
    import keras

    layers = keras.layers
    model = keras.Sequential([keras.Input((4,)), layers.Dropout(0.3, name="first"), layers.Dense(2, name="only")])
    bl.export(model, tmp_path / "drop.mlpackage", sample=penguins / 1000)
    found = bl.GlassBox(tmp_path / "drop.mlpackage", penguins / 1000, model=model)
    assert (found.missing, found.first_beyond) == ([], None)


def test_an_older_kind_of_model_is_refused_with_its_name(tmp_path):
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder
    from coremltools.models.utils import save_spec

    builder = NeuralNetworkBuilder([("x", datatypes.Array(3))], [("y", datatypes.Array(2))])
    builder.add_inner_product("d", np.ones((2, 3)), np.zeros(2), 3, 2, True, "x", "y")
    save_spec(builder.spec, str(tmp_path / "old.mlmodel"))
    with pytest.raises(bl.BadInput, match="of the kind neuralNetwork; the glass box shows ML Programs"):
        bl.GlassBox(tmp_path / "old.mlmodel", np.ones((2, 3)))
