"""Model files as they lie on disk: in a package, on the command line, described, and damaged."""

import json

import numpy as np
import pytest

from beyondlabels.cli import main
from beyondlabels.errors import BadInput, BadPackage, BeyondLabelsError
from beyondlabels.runtime import describe, describe_text, load
from beyondlabels.runtime.older import KINDS, PIPELINES
from runtime.older import models
from runtime.older.layers import CASES, EXACT, _loop
from runtime.older.test_features import pipeline
from runtime.older.test_layers import network
from runtime.older.test_neighbors import LABELS, ROWS
from runtime.older.test_trees import stump


def trees():
    made = models.trees("classifier", ["a"], 1, "Regression_Logistic")
    stump(made, values=(-2.0, 1.0))
    return made.spec


def dense():
    _, add, inputs, _ = CASES[0]
    return network(add, inputs)


def test_a_model_in_a_package_is_read_too(tmp_path):
    package = tmp_path / "old.mlpackage"
    folder = package / "Data" / "com.apple.CoreML"
    folder.mkdir(parents=True)
    (folder / "model.mlmodel").write_bytes(trees().SerializeToString())
    entries = {"1": {"path": "com.apple.CoreML/model.mlmodel"}}
    (package / "Manifest.json").write_text(json.dumps({"rootModelIdentifier": "1", "itemInfoEntries": entries}))
    assert load(package).predict({"a": 1.0})["label"] == "no"
    assert describe(load(package))["kind"] == "treeEnsembleClassifier"


@pytest.mark.parametrize("make", [trees, dense, pipeline, lambda: models.neighbors(ROWS, LABELS)])
def test_every_model_is_described(tmp_path, make):
    model = models.saved(make(), tmp_path)
    found = json.loads(json.dumps(describe(model)))
    assert found["files"] == [{"name": "model.mlmodel", "bytes": (tmp_path / "model.mlmodel").stat().st_size}]
    assert found["operations"]
    text = describe_text(found)
    assert all(each["name"] in text for each in found["inputs"] + found["outputs"])
    assert model.program.digest() == load(tmp_path / "model.mlmodel").program.digest()
    assert repr(model).startswith("OlderModel(")


def test_a_listing_shows_the_layers(tmp_path):
    listing = models.saved(dense(), tmp_path).program.listing()
    assert "y: float32[any] = innerProduct(bias=" in listing
    assert "weights=float32[24], x=[x])" in listing


def rows(tmp_path, text):
    path = tmp_path / "rows.csv"
    path.write_text(text)
    return str(path)


def test_run_from_the_command_line_finds_columns_by_name(tmp_path, capsys):
    models.saved(pipeline(), tmp_path)
    table = rows(tmp_path, "colour,number\nred,1\ngreen,\n")
    assert main(["run", str(tmp_path / "model.mlmodel"), table]) == 0
    assert capsys.readouterr().out == "y\n102.0\n140.0\n"
    assert main(["run", str(tmp_path / "model.mlmodel"), table, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"y": [102, 140]}


def test_run_writes_a_column_for_each_class(tmp_path, capsys):
    models.saved(models.neighbors(ROWS, LABELS), tmp_path)
    assert main(["run", str(tmp_path / "model.mlmodel"), rows(tmp_path, "0,0.5\n10,9\n")]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header == "label,labelProbs_near,labelProbs_far"
    assert [line.split(",")[0] for line in lines] == ["near", "far"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("colour\nred\n", "also needs ['number']"),
        ("colour,number\nred,many\n", "'many' in row 0, column 'number' is no number"),
        ("colour,number\nred\n", "row 0 has 1 cells, expected 2"),
        ("colour,number\n", "has no rows"),
        ("colour,number\npink,1\n", "'pink' is none of the categories"),
    ],
)
def test_run_says_what_is_wrong_with_the_rows(tmp_path, capsys, table, words):
    models.saved(pipeline(), tmp_path)
    assert main(["run", str(tmp_path / "model.mlmodel"), rows(tmp_path, table)]) == 1
    assert words in capsys.readouterr().err


def test_inspect_and_check_from_the_command_line(tmp_path, capsys):
    models.saved(trees(), tmp_path)
    assert main(["inspect", str(tmp_path / "model.mlmodel")]) == 0
    assert "treeEnsembleClassifier(" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "model.mlmodel")]) == 1
    assert "carries no proof" in capsys.readouterr().err


def test_a_dict_of_columns(tmp_path, capsys):
    spec = models.specification(1)
    models.declare(spec.description.input, "x", "dict", dtype="string")
    models.declare(spec.description.output, "y", "array", 3)
    spec.dictVectorizer.stringToIndex.vector.extend(["a", "b", "c"])
    models.saved(spec, tmp_path)
    assert main(["run", str(tmp_path / "model.mlmodel"), rows(tmp_path, "c,a\n1,2\n,5\n")]) == 0
    assert capsys.readouterr().out == "y_0,y_1,y_2\n2.0,0.0,1.0\n5.0,0.0,0.0\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "an empty specification"), (b"no model at all", "damaged"), (b"\x08\x63", "version 99 is newer")],
)
def test_a_file_that_is_no_model(tmp_path, content, words):
    (tmp_path / "x.mlmodel").write_bytes(content)
    with pytest.raises(BadPackage, match=words):
        load(tmp_path / "x.mlmodel")


def test_every_kind_that_is_not_covered_is_refused_by_name(tmp_path):
    spec = models.specification(1)
    kinds = {field.name for field in spec.DESCRIPTOR.oneofs_by_name["Type"].fields} - {"mlProgram", *KINDS, *PIPELINES}
    assert len(kinds) > 10
    for kind in kinds:
        getattr(spec, kind).SetInParent()
        with pytest.raises(BadPackage, match=f"{kind} is beyond this runtime"):
            models.saved(spec, tmp_path)


def test_off_a_mac_core_ml_is_an_honest_no(tmp_path, monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Linux")
    with pytest.raises(BadInput, match="Core ML runs on macOS"):
        models.saved(trees(), tmp_path).predict_with_core_ml({"a": 1.0})


SAMPLES = {
    "trees": (trees, {"a": [1.0, np.nan]}),
    "pipeline": (pipeline, {"number": [1.0, 2.0], "colour": ["red", "green"]}),
    "neighbors": (lambda: models.neighbors(ROWS, LABELS), {"x": [[1.0, 2.0]]}),
    "convolution": (lambda: network(*CASES[3][1:3]), CASES[3][2]),
    "reshape": (lambda: network(*CASES[-24][1:3]), CASES[-24][2]),
    "attention": (lambda: network(*EXACT[0][1:3], exact=True), EXACT[0][2]),
    "loop": (lambda: network(_loop, {"x": np.ones(1)}, exact=True), {"x": np.ones(1)}),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_files_give_errors_of_ours_or_an_answer(tmp_path, name, monkeypatch):
    monkeypatch.setattr("beyondlabels.runtime.bounds.STEPS", 3000)
    make, inputs = SAMPLES[name]
    whole = make().SerializeToString()
    chance = np.random.default_rng(list(SAMPLES).index(name))
    path, refused = tmp_path / "model.mlmodel", []
    for _ in range(150):
        broken = bytearray(whole)
        for place in chance.integers(0, len(broken), chance.integers(1, 4)):
            broken[place] = chance.integers(0, 256)
        if chance.random() < 0.15:
            broken = broken[: chance.integers(0, len(broken))]
        path.write_bytes(bytes(broken))
        try:
            model = load(path)
            describe_text(describe(model))
            model.predict(inputs)
        except BeyondLabelsError as error:
            refused.append(str(error))
    assert len(refused) > 10
    assert all(len(words) > 20 for words in refused)


@pytest.mark.parametrize("name", ["chances", "label"])
def test_an_output_declared_as_something_else(tmp_path, name):
    spec = trees()
    next(each for each in spec.description.output if each.name == name).type.doubleType.SetInParent()
    with pytest.raises(BadPackage, match=f"output '{name}' is declared as float64, the model gives (dict|str)"):
        models.saved(spec, tmp_path).predict({"a": 1.0})
