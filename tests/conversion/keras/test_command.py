"""Keras models on the command line: read without running code, several inputs from files, images."""

import json

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.cli import main


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("beyondlabels.cli._QUIET", 600)
    return tmp_path


def run(capsys, *arguments):
    code = main([str(each) for each in arguments])
    out, err = capsys.readouterr()
    return code, out, err


IDS, VALUES = np.arange(8).reshape(4, 2) % 5, np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)


@pytest.fixture
def two(keras, here, capsys):
    """(the model of two inputs, saved as model.keras; its rows are in rows.npz and its package in two.mlpackage)"""
    L = keras.layers
    a, ids = keras.Input((3,), name="a"), keras.Input((2,), dtype="int32", name="ids")
    model = keras.Model([a, ids], L.Dense(2, name="out")(L.Concatenate()([a, L.Flatten()(L.Embedding(5, 2)(ids))])))
    model.save("model.keras")
    np.savez("rows.npz", a=VALUES, ids=IDS)
    code, out, err = run(capsys, "export", "model.keras", "--sample", "rows.npz", "-o", "two.mlpackage")
    assert (code, err) == (0, "")
    assert "Verified on this computer" in out
    return model


def test_several_inputs_from_one_file_and_from_many(two, here, capsys):
    wanted = np.asarray(two([VALUES, IDS]))
    code, out, _ = run(capsys, "run", "two.mlpackage", "rows.npz", "--json")
    assert code == 0
    np.testing.assert_allclose(json.loads(out)["out"], wanted, rtol=1e-5, atol=1e-6)
    np.save("a.npy", VALUES)
    np.savetxt("ids.csv", IDS, fmt="%d", delimiter=",")
    code, out, _ = run(capsys, "run", "two.mlpackage", "--input", "a=a.npy", "--input", "ids=ids.csv", "--json")
    assert code == 0
    np.testing.assert_allclose(json.loads(out)["out"], wanted, rtol=1e-5, atol=1e-6)


WRONG = {
    "one file": (["ids.csv"], "the package takes the inputs ['a', 'ids']; pass a .npz file, or --input NAME=FILE"),
    "no name": (["--input", "a.npy"], "--input wants NAME=FILE, found ['a.npy']"),
    "one missing": (["--input", "a=a.npy"], "the package takes the inputs ['a', 'ids'], found ['a']"),
    "other rows": (["--input", "a=a.npy", "--input", "ids=few.npy"], "the same number of rows"),
    "no such file": (["none.npz"], "none.npz cannot be read as arrays"),
    "objects": (["--input", "a=objects.npy", "--input", "ids=ids.csv"], "objects.npy cannot be read as arrays"),
}


@pytest.mark.parametrize("name", WRONG)
def test_inputs_that_cannot_be_used(two, here, capsys, name):
    np.save("a.npy", VALUES)
    np.save("few.npy", IDS[:2])
    np.save("objects.npy", np.array([{}], object), allow_pickle=True)
    np.savetxt("ids.csv", IDS, fmt="%d", delimiter=",")
    arguments, message = WRONG[name]
    code, out, err = run(capsys, "run", "two.mlpackage", *arguments)
    assert (code, out) == (1, "")
    assert message in err


@pytest.mark.parametrize("arguments", [[], ["rows.npz", "--input", "a=a.npy"]])
def test_rows_given_not_at_all_or_twice(two, here, capsys, arguments):
    with pytest.raises(SystemExit) as found:
        main(["run", "two.mlpackage", *arguments])
    assert found.value.code == 2
    assert "give the rows as one file" in capsys.readouterr().err


def test_no_code_of_a_file_is_run(keras, here, capsys):
    def harm(x):
        open("ran.txt", "w").close()
        return x

    keras.Sequential([keras.Input((2,)), keras.layers.Lambda(harm)]).save("model.keras")
    (here / "ran.txt").unlink(missing_ok=True)  # Keras itself called it while the model was made
    np.save("rows.npy", np.ones((3, 2)))
    for options in ([], ["--trust"]):
        code, _, err = run(capsys, "export", "model.keras", "--sample", "rows.npy", "-o", "m.mlpackage", *options)
        assert code == 1
        assert "holds a Lambda layer, whose Python code would have to be run to load it, so it is not" in err
        assert "keras.ops.tanh" in err
    assert not (here / "ran.txt").exists()
    assert not (here / "m.mlpackage").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("model.h5", "old format; save the model with model.save"),
        ("broken.keras", "broken.keras is damaged, or no Keras model: expected a zip file"),
    ],
)
def test_files_that_are_no_models(keras, here, capsys, name, message):
    (here / name).write_bytes(b"nothing")
    np.save("rows.npy", np.ones((3, 2)))
    code, _, err = run(capsys, "export", name, "--sample", "rows.npy", "-o", "m.mlpackage")
    assert code == 1
    assert message in err


def test_images(keras, here, capsys):
    L = keras.layers
    model = keras.Sequential([keras.Input((4, 5, 3), name="picture"), L.Flatten(), L.Dense(2, name="code")])
    model.save("model.keras")
    pictures = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3), np.uint8)
    np.save("pictures.npy", pictures)
    scaled = ["--image", "RGB", "--scale", 1 / 255]
    code, out, _ = run(capsys, "export", "model.keras", "--sample", "pictures.npy", "-o", "m.mlpackage", *scaled)
    assert code == 0
    assert "Takes one image a call as 'picture': 5 × 4 pixels, RGB" in out
    code, out, _ = run(capsys, "run", "m.mlpackage", "pictures.npy", "--json")
    assert code == 0
    np.testing.assert_allclose(
        json.loads(out)["code"], np.asarray(model(pictures / np.float32(255))), rtol=1e-5, atol=1e-6
    )
    assert bl.runtime.check("m.mlpackage").passed
