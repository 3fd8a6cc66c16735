"""Packages that take one row a call, or none at all: how rows go through them, also from the command line."""

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.cli import main
from beyondlabels.errors import BadInput
from beyondlabels.quiet import coremltools
from beyondlabels.runtime import describe_text, load
from beyondlabels.runtime.inspect import describe
from foreign import build

W = np.random.default_rng(0).normal(size=(4, 2)).astype(np.float32)
X = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with ``X`` as x.npy and x.csv, as the working folder."""
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", X)
    np.savetxt("x.csv", X, delimiter=",")
    return tmp_path


def table(capsys, *arguments):
    """(names of the columns, cells) that ``beyondlabels run`` prints."""
    assert main(["run", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    return lines[0].split(","), [line.split(",") for line in lines[1:]]


@pytest.mark.parametrize("file", ["x.npy", "x.csv"])
def test_one_row_a_call(here, capsys, file):
    build(here / "one.mlpackage", lambda mb, x: mb.matmul(x=x, y=W, name="y"), {"x": (1, 4)})
    names, cells = table(capsys, "one.mlpackage", file)
    assert names == ["y_0", "y_1"]
    np.testing.assert_allclose(np.array(cells, float), X @ W, rtol=1e-5)


@pytest.mark.parametrize("file", ["x.npy", "x.csv"])
def test_a_call_without_an_axis_of_rows(here, capsys, file):
    def write(mb, x):
        return [mb.reduce_sum(x=x, axes=[0], keep_dims=False, name="s"), mb.exp(x=x, name="e")]

    build(here / "vector.mlpackage", write, {"x": (4,)})
    names, cells = table(capsys, "vector.mlpackage", file)
    assert names == ["s", "e_0", "e_1", "e_2", "e_3"]
    np.testing.assert_allclose(np.array(cells, float), np.c_[X.sum(axis=1), np.exp(X)], rtol=1e-5)
    np.save("row.npy", X[2])
    np.testing.assert_allclose(np.array(table(capsys, "vector.mlpackage", "row.npy")[1], float)[0, 0], X[2].sum())


def test_a_state_goes_from_row_to_row(here, capsys):
    def write(mb, x, total):
        added = mb.add(x=mb.cast(x=mb.read_state(input=total), dtype="fp32"), y=x)
        mb.coreml_update_state(state=total, value=mb.cast(x=added, dtype="fp16"))
        return mb.identity(x=added, name="sum")

    build(here / "sums.mlpackage", write, {"x": (4,)}, states={"total": (4,)})
    np.testing.assert_allclose(
        np.array(table(capsys, "sums.mlpackage", "x.npy")[1], float), X.cumsum(axis=0), atol=0.02
    )


def test_a_classifier_gives_a_label_and_a_column_for_each_class(here, capsys):
    labels = coremltools().ClassifierConfig(["cat", "dog"])
    write = lambda mb, x: mb.softmax(x=mb.matmul(x=x, y=W), name="p")  # noqa: E731
    build(here / "pets.mlpackage", write, {"x": (1, 4)}, classifier_config=labels)
    names, cells = table(capsys, "pets.mlpackage", "x.npy")
    assert names == ["classLabel", "classLabel_probs_cat", "classLabel_probs_dog"]
    assert [row[0] for row in cells] == [["cat", "dog"][place] for place in (X @ W).argmax(axis=1)]


def test_outputs_that_are_no_table(here, capsys):
    ct = coremltools()
    from coremltools.converters.mil.mil import get_new_symbol

    def write(mb, x):
        return [mb.reduce_mean(x=x, axes=[0, 1], keep_dims=False, name="mean"), mb.exp(x=x, name="e")]

    shape = ct.Shape((ct.RangeDim(1, 50, 1), 4))
    inputs = [ct.TensorType(name="x", shape=shape)]
    build(here / "mixed.mlpackage", write, {"x": (get_new_symbol(), 4)}, inputs=inputs)
    assert main(["run", "mixed.mlpackage", "x.npy"]) == 1
    assert "different numbers of rows, {'mean': 1, 'e': 5}" in capsys.readouterr().err
    assert main(["run", "mixed.mlpackage", "x.npy", "--json"]) == 0


def test_a_damaged_list_of_features_does_not_stop_a_run(copied, here, penguins, capsys):
    from runtime.surgery import read_specification, write_specification

    package = copied("kmeans")
    specification = read_specification(package)
    specification.description.metadata.userDefined["com.beyondlabels.features"] = "{"
    write_specification(package, specification)
    np.save("p.npy", penguins[:3])
    assert len(table(capsys, str(package), "p.npy")[1]) == 3
    assert main(["shrink", str(package), "--sample", "p.npy", "--method", "float16", "--into", "."]) == 0


def test_the_other_functions_of_a_package(here, capsys):
    ct = coremltools()
    build(here / "a.mlpackage", lambda mb, x: mb.matmul(x=x, y=W, name="y"), {"x": (1, 4)})
    build(here / "b.mlpackage", lambda mb, x: mb.exp(x=x, name="e"), {"x": (4,)})
    both = ct.utils.MultiFunctionDescriptor()
    both.add_function("a.mlpackage", "main", "first")
    both.add_function("b.mlpackage", "main", "second")
    both.default_function_name = "second"
    ct.utils.save_multifunction(both, "both.mlpackage")
    np.testing.assert_allclose(load("both.mlpackage").predict({"x": X[0]})["e"], np.exp(X[0]), rtol=1e-6)
    np.testing.assert_allclose(load("both.mlpackage", "first").predict({"x": X[:1]})["y"], X[:1] @ W, rtol=1e-5)
    assert table(capsys, "both.mlpackage", "x.npy", "--function", "first")[0] == ["y_0", "y_1"]
    assert "functions: first, second" in describe_text(describe(load("both.mlpackage")))
    with pytest.raises(BadInput, match="has no function 'third'; it holds first, second"):
        load("both.mlpackage", "third")


def test_shapes_that_are_listed_are_the_only_ones(here):
    ct = coremltools()
    from coremltools.converters.mil.mil import get_new_symbol

    inputs = [ct.TensorType(name="x", shape=ct.EnumeratedShapes([(1, 4), (3, 8)], default=(1, 4)))]
    shapes = {"x": (get_new_symbol(), get_new_symbol())}
    build(here / "listed.mlpackage", lambda mb, x: mb.exp(x=x, name="e"), shapes, inputs=inputs)
    package = load(here / "listed.mlpackage")
    assert package.predict({"x": np.ones((3, 8))})["e"].shape == (3, 8)
    with pytest.raises(BadInput, match=r"shape \(3, 4\); the package takes \(1, 4\) or \(3, 8\) and no other"):
        package.predict({"x": np.ones((3, 4))})


def test_numbers_for_an_older_model(here, capsys):
    from coremltools.models import MLModel, datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    builder = NeuralNetworkBuilder([("x", datatypes.Array(4))], [("y", datatypes.Array(2))])
    builder.add_inner_product("d", W.T, np.zeros(2), 4, 2, True, "x", "y")
    MLModel(builder.spec, skip_model_load=True).save("net.mlmodel")
    np.savez("x.npz", anything=X)
    for file in ("x.npy", "x.npz", "x.csv"):
        np.testing.assert_allclose(np.array(table(capsys, "net.mlmodel", file)[1], float), X @ W, rtol=1e-5)
    with pytest.raises(BadInput, match="is no ML Program, so it has no function 'main'"):
        bl.runtime.load("net.mlmodel", "main")


def test_a_zip_file_is_to_be_unpacked(here, capsys):
    import zipfile

    with zipfile.ZipFile("packed.mlpackage", "w") as file:
        file.write("x.csv")
    assert main(["inspect", "packed.mlpackage"]) == 1
    assert "found a zip file: unpack it first" in capsys.readouterr().err
