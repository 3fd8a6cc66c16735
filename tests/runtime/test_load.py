"""Reading packages: whole, damaged in every way we could think of, and damaged at random."""

import json
import random
import shutil
import struct
import zipfile

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.errors import BadInput, BadPackage
from beyondlabels.quiet import coremltools
from beyondlabels.runtime import check, describe, describe_text, load
from runtime.surgery import main_block, model_file, read_specification, records, weight_file, write_specification


def edited(copied, change, name="kmeans"):
    """A copy of a package whose specification went through ``change``."""
    package = copied(name)
    specification = read_specification(package)
    change(specification)
    write_specification(package, specification)
    return package


def kept(package, change):
    """The manifest of ``package`` after ``change`` (a function of the parsed JSON, or text)."""
    file = package / "Manifest.json"
    if isinstance(change, str):
        file.write_text(change)
        return package
    manifest = json.loads(file.read_text())
    change(manifest, manifest["itemInfoEntries"][manifest["rootModelIdentifier"]])
    file.write_text(json.dumps(manifest))
    return package


@pytest.mark.parametrize("reader", [load, check, bl.swift])
@pytest.mark.parametrize("path", [None, 3, b"a.mlpackage"])
def test_what_is_no_path(reader, path):
    with pytest.raises(BadInput, match=rf"expected the path of a .*, found {path!r} of type {type(path).__name__}"):
        reader(path)


@pytest.mark.parametrize("name", ["model.skops", "model.keras", "model.PKL"])
def test_a_model_file_is_to_be_exported(tmp_path, name):
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        file.writestr("schema.json", "{}")
    with pytest.raises(
        BadPackage, match=r"found a model file: export it first, with beyondlabels export or bl\.export"
    ):
        load(tmp_path / name)


def test_what_a_package_says_of_itself(zoo):
    package = load(zoo("kmeans"))
    assert [(port.name, port.dtype, port.shape) for port in package.program.inputs.values()] == [
        ("x", "float32", "(rows, 4)")
    ]
    assert {name: (port.dtype, port.shape) for name, port in package.program.outputs.items()} == {
        "label": ("int32", "(rows)"),
        "distances": ("float32", "(rows, 3)"),
    }
    assert package.program.specification == 7
    assert repr(package).startswith("Package('")
    assert "x (rows, 4) -> label (rows)" in repr(package)


def test_parameters_come_in_one_order(zoo):
    """Whatever the order of the map in the file, which differs from process to process: listings stay the same."""
    operations = load(zoo("kmeans")).program.operations
    assert any(len(each.inputs) > 2 for each in operations)
    for each in operations:
        assert list(each.inputs) == sorted(each.inputs, key=lambda name: (len(name), name))


def test_constants_are_read_as_they_were_written(zoo, penguins):
    """The centres in the file are the model's, at the offset its record names and nowhere else."""
    from runtime.zoo import zoo_model

    model, _ = zoo_model("kmeans", penguins)
    constants = load(zoo("kmeans")).program.constants.values()
    centres = model[-1].cluster_centers_.astype(np.float32)
    assert any(getattr(value, "shape", None) == centres.shape and (value == centres).all() for value in constants)


def test_constants_cannot_be_written_to(zoo):
    for value in load(zoo("kmeans")).program.constants.values():
        if isinstance(value, np.ndarray):
            with pytest.raises(ValueError, match="read-only"):
                value[...] = 0


def test_spaces_and_letters_of_other_scripts_in_the_path(zoo, penguins, tmp_path):
    package = shutil.copytree(zoo("kmeans"), tmp_path / "ein Ordner" / "pingüins 企鹅.mlpackage")
    assert load(str(package)).predict({"x": penguins})["label"].shape == (333,)
    assert check(package).passed


def test_nothing_there(tmp_path):
    with pytest.raises(BadPackage, match=r"expected a \.mlpackage folder or a \.mlmodel file, found nothing"):
        load(tmp_path / "none.mlpackage")


def test_a_file_instead_of_a_folder(tmp_path):
    file = tmp_path / "file.mlpackage"
    file.write_bytes(b"zip")
    with pytest.raises(BadPackage, match="found a file"):
        load(file)


MANIFESTS = {
    "not JSON": "{",
    "empty": "",
    "a list": "[]",
    "null": "null",
    "deeply nested": "[" * 100_000,
    "no entries": '{"rootModelIdentifier": "A"}',
    "no such entry": '{"rootModelIdentifier": "A", "itemInfoEntries": {"B": {"path": "x"}}}',
    "an entry without path": '{"rootModelIdentifier": "A", "itemInfoEntries": {"A": {}}}',
    "a path that is a number": '{"rootModelIdentifier": "A", "itemInfoEntries": {"A": {"path": 3}}}',
    "a path with a zero byte": '{"rootModelIdentifier": "A", "itemInfoEntries": {"A": {"path": "a\\u0000b"}}}',
}


@pytest.mark.parametrize("text", MANIFESTS.values(), ids=MANIFESTS)
def test_a_damaged_manifest(copied, text):
    with pytest.raises(BadPackage, match=r"Manifest\.json is missing or damaged"):
        load(kept(copied(), text))


def test_a_missing_manifest(copied):
    package = copied()
    (package / "Manifest.json").unlink()
    with pytest.raises(BadPackage, match=r"Manifest\.json is missing"):
        load(package)


def test_a_manifest_in_another_encoding(copied):
    package = copied()
    (package / "Manifest.json").write_bytes(b"\xff\xfe{\x00}\x00")
    with pytest.raises(BadPackage, match=r"Manifest\.json is missing or damaged"):
        load(package)


@pytest.mark.parametrize("place", ["../../../../secret", "/etc/passwd", "../../../outside.mlmodel"])
def test_a_manifest_that_points_outside(copied, place):
    with pytest.raises(BadPackage, match="points outside the package"):
        load(kept(copied(), lambda manifest, entry: entry.update(path=place)))


def test_a_link_that_leads_outside(copied, tmp_path):
    package = copied()
    shutil.move(model_file(package), tmp_path / "elsewhere.mlmodel")
    model_file(package).symlink_to(tmp_path / "elsewhere.mlmodel")
    with pytest.raises(BadPackage, match="points outside the package"):
        load(package)


@pytest.mark.parametrize("place", ["com.apple.CoreML/none.mlmodel", "com.apple.CoreML", ""])
def test_a_manifest_that_points_to_nothing(copied, place):
    with pytest.raises(BadPackage, match="cannot be read"):
        load(kept(copied(), lambda manifest, entry: entry.update(path=place)))


def test_a_model_file_cut_off(copied, zoo):
    """Wherever it is cut, the reader says so: what is left is never run as if it were whole and proven."""
    package, whole = copied(), model_file(zoo("kmeans")).read_bytes()
    for length in [*range(64), *range(64, len(whole), 37), len(whole) - 1]:
        model_file(package).write_bytes(whole[:length])
        assert outcome(package) in ("BadPackage", "does not hold"), length


def test_an_empty_model_file(copied):
    package = copied()
    model_file(package).write_bytes(b"")
    with pytest.raises(BadPackage, match="an empty specification"):
        load(package)


def test_a_model_file_of_something_else(copied):
    package = copied()
    model_file(package).write_bytes(b"<!doctype html><title>404</title>" * 40)
    with pytest.raises(BadPackage, match="not a Core ML specification"):
        load(package)


def test_no_weights(copied):
    package = copied()
    weight_file(package).unlink()
    with pytest.raises(BadPackage, match="are missing from the package"):
        load(package)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 100, 128, 140, 175])
def test_weights_cut_off(copied, length):
    package = copied()
    whole = weight_file(package).read_bytes()
    assert length < len(whole)
    weight_file(package).write_bytes(whole[:length])
    with pytest.raises(BadPackage, match=r"past its end: the file is cut off, save the package again"):
        load(package)


def test_weights_that_are_a_folder(copied):
    package = copied()
    weight_file(package).unlink()
    weight_file(package).mkdir()
    with pytest.raises(BadPackage, match="cannot be read"):
        load(package)


FIELDS = [
    ("sentinel", 0, "<I", 0xDEADBEEE, "hold no record at byte"),
    ("a type nobody knows", 4, "<I", 99, "are type 99, the program expects float32"),
    ("another type", 4, "<I", 1, "are float16, the program expects float32"),
    ("another size", 8, "<Q", 44, "are 44 bytes long, shape"),
    ("a huge size", 8, "<Q", 2**63, "bytes long, shape"),
    ("an offset past the end", 16, "<Q", 10**6, "reaches past its end"),
    ("a huge offset", 16, "<Q", 2**64 - 1, "reaches past its end"),
]


@pytest.mark.parametrize(
    ("place", "code", "value", "message"), [case[1:] for case in FIELDS], ids=[c[0] for c in FIELDS]
)
def test_a_broken_record(copied, place, code, value, message):
    package = copied()
    _, _, _, _, record = records(package)[0]
    content = bytearray(weight_file(package).read_bytes())
    struct.pack_into(code, content, record + place, value)
    weight_file(package).write_bytes(content)
    with pytest.raises(BadPackage, match=message):
        load(package)


@pytest.mark.parametrize("offset", [0, 1, 2**40, 2**63, 2**64 - 1])
def test_an_offset_that_leads_nowhere(copied, offset):
    def change(specification):
        for operation in main_block(specification).operations:
            if operation.type == "const" and operation.attributes["val"].WhichOneof("value") == "blobFileValue":
                operation.attributes["val"].blobFileValue.offset = offset

    with pytest.raises(BadPackage, match=r"hold no record|reaches past its end"):
        load(edited(copied, change))


def test_another_weight_file_is_not_opened(copied):
    def change(specification):
        for operation in main_block(specification).operations:
            if operation.type == "const" and operation.attributes["val"].WhichOneof("value") == "blobFileValue":
                operation.attributes["val"].blobFileValue.fileName = "@model_path/../../../other.bin"

    with pytest.raises(BadPackage, match=r"'@model_path/\.\./\.\./\.\./other\.bin' are missing"):
        load(edited(copied, change))


def test_an_unknown_operation_is_named(copied, penguins):
    def change(specification):
        main_block(specification).operations[-1].type = "quantum_sort"

    package = load(edited(copied, change))
    with pytest.raises(BadPackage, match=r"'quantum_sort' \(.*\) is not one this runtime knows"):
        package.predict({"x": penguins})


def test_blocks_in_an_operation_without_control_flow_are_refused(copied, penguins):
    def change(specification):
        main_block(specification).operations[-1].blocks.add()

    package = load(edited(copied, change))
    with pytest.raises(BadPackage, match="has blocks, but is no cond or while_loop"):
        package.predict({"x": penguins})


def test_a_later_specification_is_refused(copied):
    def change(specification):
        specification.specificationVersion = 10

    with pytest.raises(BadPackage, match=r"specification version 10 is newer than 9 \(iOS 18\)"):
        load(edited(copied, change))


def test_no_function_main(copied):
    def change(specification):
        functions = specification.mlProgram.functions
        functions["other"].CopyFrom(functions["main"])
        del functions["main"]

    with pytest.raises(BadPackage, match=r"expected a function 'main', found \['other'\]"):
        load(edited(copied, change))


def test_no_block_for_the_opset(copied):
    def change(specification):
        specification.mlProgram.functions["main"].opset = "CoreML99"

    with pytest.raises(BadPackage, match="no block for its own opset 'CoreML99'"):
        load(edited(copied, change))


def test_a_neural_network_in_a_package_is_read(copied):
    coremltools()
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    array = datatypes.Array(3)
    network = NeuralNetworkBuilder([("x", array)], [("y", array)])
    network.add_activation("only", "RELU", "x", "y")
    package = copied()
    write_specification(package, network.spec)
    assert load(package).predict({"x": [-1, 0, 2]})["y"].tolist() == [0, 0, 2]


def test_a_kind_that_is_not_covered_is_refused_by_name(copied):
    package = copied()
    specification = read_specification(package)
    specification.nonMaximumSuppression.iouThreshold = 0.5
    write_specification(package, specification)
    with pytest.raises(BadPackage, match="nonMaximumSuppression is beyond this runtime"):
        load(package)


def test_a_value_read_before_it_is_made(copied, penguins):
    def change(specification):
        operations = main_block(specification).operations
        last = operations[-1]
        last.inputs["x"].arguments[0].name = "nowhere"

    package = load(edited(copied, change))
    with pytest.raises(BadPackage, match="reads 'nowhere' before anything has made it"):
        package.predict({"x": penguins})


def test_a_result_nothing_makes(copied, penguins):
    package = load(edited(copied, lambda specification: main_block(specification).outputs.append("ghost")))
    with pytest.raises(BadPackage, match=r"returns \['ghost'\], which no operation makes"):
        package.predict({"x": penguins})


def test_a_shape_other_than_declared(copied, penguins):
    def change(specification):
        for operation in main_block(specification).operations:
            if operation.type == "sqrt":
                operation.outputs[0].type.tensorType.dimensions[1].constant.size = 7

    package = load(edited(copied, change))
    with pytest.raises(BadPackage, match=r"the shape \(333, 3\), the program declares \('rows', 7\)"):
        package.predict({"x": penguins})


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "null", '{"rows": 3}', '{"rows": {"shape": "x"}}', '{"rows": {"shape": []}}']
)
def test_describe_lives_with_damaged_notes(copied, text):
    def change(specification):
        for key in ("proof", "features", "model"):
            specification.description.metadata.userDefined[f"com.beyondlabels.{key}"] = text

    found = describe(load(edited(copied, change)))
    assert "proof: none" in describe_text(found)
    json.dumps(found)


def test_describe_is_plain_data(zoo):
    found = describe(load(zoo("kmeans")))
    assert json.loads(json.dumps(found)) == found
    assert found["proof_rows"] == 16
    assert found["model"]["class"] == "sklearn.pipeline.Pipeline"
    text = describe_text(found)
    for part in ("16 rows", "StandardScaler → KMeans", "reduce_argmin", "scikit-learn", "x: float32 (rows, 4)"):
        assert part in text


def outcome(package):
    """What becomes of a damaged package: "holds", "does not hold" or "BadPackage". Anything else is a fault."""
    try:
        loaded = load(package)
        describe_text(describe(loaded))
        repr(loaded)
        return "holds" if check(package).passed else "does not hold"
    except BadPackage as error:
        return "BadPackage" if len(str(error)) > 30 else f"too short: {error}"


def damage(content, chance):
    """One change at random: a flipped bit, a random byte, a cut, a hole, or a stretch of noise."""
    content, kind = bytearray(content), chance.choice(["bit", "bit", "byte", "cut", "hole", "noise"])
    place = chance.randrange(len(content))
    if kind == "bit":
        content[place] ^= 1 << chance.randrange(8)
    elif kind == "byte":
        content[place] = chance.randrange(256)
    elif kind == "cut":
        del content[place:]
    elif kind == "hole":
        del content[place : place + chance.randrange(1, 9)]
    else:
        content[place : place + 8] = chance.randbytes(8)
    return bytes(content)


@pytest.mark.parametrize("name", ["kmeans", "weighted", "half"])
def test_300_random_damages(copied, zoo, name):
    """No damage makes another library's exception, and none to what is computed goes unnoticed."""
    package, chance = copied(name), random.Random(name)
    files = [(file(package), file(zoo(name)).read_bytes()) for file in (model_file, weight_file)]
    before = load(package).program.digest()
    seen = {"holds": 0, "does not hold": 0, "BadPackage": 0}
    for round_ in range(300):
        file, whole = files[round_ % 3 == 2]
        file.write_bytes(damage(whole, chance))
        found = outcome(package)
        seen[found] += 1
        if found == "holds":
            assert load(package).program.digest() == before, round_
        file.write_bytes(whole)
    assert outcome(package) == "holds"
    assert min(seen.values()) > 5, seen
