"""The whole way: variants of a saved package, their measured loss, their proof, and what is refused."""

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.compression import methods
from beyondlabels.runtime.check import PROOF
from runtime.surgery import (
    change_proof,
    main_block,
    proof,
    read_specification,
    record_digests_again,
    weight_file,
    write_specification,
)


def snapshot(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def refused(*arguments, **options):
    """The ids of the limits that ``shrink`` refuses with."""
    with pytest.raises(bl.NotExportable) as error:
        bl.shrink(*arguments, **options)
    return [limit.id for limit in error.value.verdict.refused]


# ---- every method ----------------------------------------------------------------------------------------------------


def test_all_methods_of_the_newest_system(network, digits):
    X = digits[0][1200:]
    before = snapshot(network)
    result = bl.shrink(network, sample=X, target="iOS18")
    assert snapshot(network) == before
    assert [each.method for each in result.variants] == list(methods.ALL)
    assert result.left_out == ()
    whole = bl.runtime.load(network).predict({"x": X})
    for each in result.variants:
        assert each.path == str(network.parent / f"mlp.{each.method}.mlpackage")
        assert each.size == sum(file.stat().st_size for file in Path(each.path).rglob("*") if file.is_file())
        assert each.size < result.size
        assert each.ratio == result.size / each.size
        assert each.weights == (2, 2)
        found = bl.runtime.load(each.path).predict({"x": X})
        assert each.losses["label"].agree == np.mean(found["label"] == whole["label"])
        error = (found["probabilities"] - whole["probabilities"]).astype(np.float64)
        assert each.losses["probabilities"].rms == pytest.approx(np.sqrt(np.mean(error**2)))
        assert bl.runtime.check(each.path).passed
    lost = {each.method: each.losses["probabilities"].share for each in result.variants}
    assert lost["palette8"] < lost["palette6"] < lost["palette4"] < lost["palette2"]
    assert lost["float16"] < lost["int8"] < lost["int4"]
    assert lost["pruned-50"] < lost["pruned-75"]
    size = {each.method: each.size for each in result.variants}
    assert size["palette2"] < size["palette4"] < size["palette6"] < size["palette8"] < size["float16"]
    assert size["pruned-50+palette4"] < size["pruned-50"]


def test_what_a_system_cannot_read_is_left_out_and_said(network, digits):
    result = bl.shrink(network, sample=digits[0][:50])
    assert [name for name, _ in result.left_out] == ["int4", "pruned-50+int8", "pruned-50+palette4", "palette4+int8"]
    assert {limit.id for _, limit in result.left_out} == {"shrink-newer-system"}
    assert {each.smallest_os for each in result.variants} == {"iOS 16 and macOS 13"}
    assert "left out int4, pruned-50+int8" in str(result)


def test_a_method_by_name_is_refused_where_the_system_is_too_old(network, digits):
    assert refused(network, sample=digits[0][:5], method="int4") == ["shrink-newer-system"]
    assert list(network.parent.iterdir()) == [network]


def test_a_package_for_ios_15(digits, tmp_path):
    from sklearn.decomposition import PCA

    X = digits[0]
    path = tmp_path / "p.mlpackage"
    bl.export(PCA(40).fit(X), path, sample=X, target="iOS15")
    assert refused(path, sample=X[:9], method="int8") == ["shrink-newer-system"]
    result = bl.shrink(path, sample=X[:99], method=["int8"], target="iOS17")
    assert (result.smallest_os, result["int8"].smallest_os) == ("iOS 15 and macOS 12", "iOS 17 and macOS 14")
    assert bl.runtime.load(result["int8"].path).program.specification == 8


def test_weights_that_are_too_small(zoo, penguins, tmp_path):
    options = {"sample": penguins, "into": tmp_path}
    with pytest.raises(bl.NotExportable, match=r"No weight was large enough.*smallest_weight is 2,048") as error:
        bl.shrink(zoo("kmeans"), method="int8", **options)
    assert error.value.verdict.plain()["refused"][0]["id"] == "shrink-small-weights"
    assert list(tmp_path.iterdir()) == []
    result = bl.shrink(zoo("kmeans"), method="int8", smallest_weight=10, **options)
    assert result["int8"].weights[0] >= 1


def test_weights_that_are_compressed_already(network, digits, tmp_path):
    X = digits[0][:50]
    first = bl.shrink(network, sample=X, method="int8")["int8"].path
    assert refused(first, sample=X, method="palette4") == ["shrink-already"]


def test_half_precision_first_keeps_the_first_answers(network, digits):
    X = digits[0][:50]
    half = bl.shrink(network, sample=X, method="float16")["float16"].path
    twice = bl.shrink(half, sample=X, method="palette4")["palette4"].path
    assert proof(Path(twice))["uncompressed"].keys() == {"label", "probabilities"}
    told = bl.runtime.describe(bl.runtime.load(twice))["compressed"]
    assert [each["method"] for each in told] == ["float16", "palette4"]
    assert "compressed: palette4, on 50 rows" in bl.runtime.describe_text(bl.runtime.describe(bl.runtime.load(twice)))
    assert bl.runtime.check(twice).passed


def test_half_precision_that_overflows_is_refused(network, digits):
    assert refused(network, sample=1e6 * digits[0][:5], method="float16") == ["float16-overflow"]


def test_the_same_input_gives_the_same_bytes(network, digits):
    one = bl.shrink(network, sample=digits[0][:50], method=["palette4", "int8"])
    before = [snapshot(Path(each.path)) for each in one.variants]
    two = bl.shrink(network, sample=digits[0][:50], method=["palette4", "int8"], overwrite=True)
    assert [snapshot(Path(each.path)) for each in two.variants] == before


# ---- the proof inside ------------------------------------------------------------------------------------------------


def test_the_proof_holds_and_states_the_loss(network, digits):
    path = Path(bl.shrink(network, sample=digits[0][:300], method="palette2")["palette2"].path)
    result = bl.runtime.check(path)
    assert result.passed
    assert result.parity["probabilities"].worst_relative <= 1e-5
    assert result.loss["probabilities"].share > 1e-3
    assert "beside the uncompressed model: label:" in str(result)
    assert json.loads(json.dumps(result.plain()))["loss"]["label"]["rows"] == result.rows
    recorded, original = proof(path), proof(network)
    assert recorded["tolerance"] == original["tolerance"]
    assert recorded["expected"] != original["expected"]
    assert "then compressed (palette2)" in read_specification(path).description.metadata.shortDescription


@pytest.mark.parametrize("method", ["int8", "palette4", "pruned-50", "float16"])
def test_a_damaged_variant_is_noticed(network, digits, method):
    path = Path(bl.shrink(network, sample=digits[0][:50], method=method)[method].path)
    content = bytearray(weight_file(path).read_bytes())
    place = len(content) // 4  # within the first layer, the largest
    content[place : place + 400] = bytes(byte ^ 0x15 for byte in content[place : place + 400])
    weight_file(path).write_bytes(content)
    result = bl.runtime.check(path)
    assert not result.passed
    assert "sha-256 differs" in " ".join(result.problems)
    record_digests_again(path)  # as someone who wants to deceive would: the replay alone must notice
    assert not bl.runtime.check(path).passed


def test_answers_of_another_shape_are_a_damaged_proof(network, digits):
    path = Path(bl.shrink(network, sample=digits[0][:50], method="int8")["int8"].path)
    inside = proof(path)
    change_proof(path, uncompressed={"label": inside["uncompressed"]["probabilities"]})
    with pytest.raises(bl.BadPackage, match="the proof inside the package is damaged"):
        bl.runtime.check(path)


# ---- packages of another maker ---------------------------------------------------------------------------------------


def test_another_makers_package_gets_a_proof_where_one_can_be_made(product):
    X = np.random.default_rng(1).normal(size=(30, 64))
    result = bl.shrink(product, sample=X, method="int8")
    assert result["int8"].proof_rows >= 2
    assert "a package of another maker" in str(bl.runtime.check(result["int8"].path))


def test_one_row_to_a_call(another):
    weight = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
    path = another(lambda mb, a: mb.matmul(x=a, y=weight, name="out"), (1, 64))
    X = np.random.default_rng(1).normal(size=(30, 64))
    result = bl.shrink(path, sample=X, method="palette8")
    found = bl.runtime.load(result["palette8"].path)
    rows = np.concatenate([found.predict({"a": X[row : row + 1]})["out"] for row in range(30)])
    assert result["palette8"].losses["out"].rms == pytest.approx(np.sqrt(np.mean((rows - X @ weight) ** 2)), rel=1e-3)
    assert result["palette8"].proof_rows == 0
    assert "No proof inside" in str(result)
    with pytest.raises(bl.BadPackage, match="no proof"):
        bl.runtime.check(result["palette8"].path)


def test_several_inputs_without_an_axis_of_rows(another):
    weight = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)

    def write(mb, a, b):
        return mb.matmul(x=mb.expand_dims(x=mb.add(x=a, y=b), axes=[0]), y=weight, name="out")

    path = another(write, (64,), (64,), target="iOS15")
    X = np.random.default_rng(1).normal(size=(7, 64))
    result = bl.shrink(path, sample={"b": X, "a": X}, method=["float16", "palette4"], target="iOS16")
    assert result.rows == 7
    assert 0 < result["float16"].losses["out"].share < result["palette4"].losses["out"].share
    with pytest.raises(bl.BadInput, match="the model takes 2 inputs"):
        bl.shrink(path, sample=X, method="int8", target="iOS16")


@pytest.mark.parametrize("target", ["iOS16", "iOS18"])
def test_a_weight_that_is_read_along_both_axes(another, target):
    """Tied weights, as of an autoencoder whose way back is the way in turned over: coremltools alone leaves them, or fails."""
    weight = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)

    def write(mb, a):
        tied = mb.const(val=weight, name="tied")
        return mb.matmul(x=mb.tanh(x=mb.matmul(x=a, y=tied)), y=tied, transpose_y=True, name="out")

    path = another(write, (5, 64), target=target)
    X = np.random.default_rng(1).normal(size=(5, 64)) / 8
    methods = ["int8", "int8-asymmetric", "palette8", "palette4-uniform", "pruned-50"]
    if target == "iOS18":
        methods += ["int4", "pruned-50+int8", "pruned-50+palette4", "palette4+int8"]
    result = bl.shrink(path, sample=X, method=methods)
    assert result.rows == 1
    assert [each.weights for each in result.variants] == [(1, 1)] * len(methods)
    assert result["int8"].losses["out"].share < 0.02
    assert result["palette8"].losses["out"].share < 0.05


def test_a_call_of_fixed_shape_may_be_handed_in_as_it_is(another):
    weight = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
    path = another(lambda mb, a, b: mb.add(x=mb.matmul(x=a, y=weight), y=b, name="out"), (3, 64), (3, 64))
    X = np.random.default_rng(1).normal(size=(2, 3, 64))
    one, two = (bl.shrink(path, sample={"a": rows, "b": rows}, method="palette2", overwrite=True) for rows in (X[0], X))
    assert (one.rows, two.rows) == (1, 2)
    with pytest.raises(bl.BadInput, match=r"has shape \(2, 64\); the model takes \(rows, 3, 64\)"):
        bl.shrink(path, sample={"a": X[0, :2], "b": X[0, :2]}, method="palette2", overwrite=True)


def test_a_classifier_of_another_maker(another):
    from beyondlabels.quiet import coremltools

    weight = np.random.default_rng(0).normal(size=(64, 40)).astype(np.float32)
    labels = coremltools().ClassifierConfig([f"class {index}" for index in range(40)])
    path = another(lambda mb, a: mb.softmax(x=mb.matmul(x=a, y=weight), name="p"), (1, 64), classifier_config=labels)
    result = bl.shrink(path, sample=np.random.default_rng(1).normal(size=(20, 64)), method="palette2")
    assert 0 < result["palette2"].losses["classLabel"].agree < 1
    assert result["palette2"].losses["classLabel_probs"].share > 0


def test_a_model_that_is_no_program(tmp_path):
    from coremltools.models import MLModel, datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    builder = NeuralNetworkBuilder([("x", datatypes.Array(4))], [("y", datatypes.Array(4))])
    builder.add_activation("relu", "RELU", "x", "y")
    MLModel(builder.spec, skip_model_load=True).save(str(tmp_path / "n.mlmodel"))
    assert refused(tmp_path / "n.mlmodel", sample=np.ones((2, 4))) == ["shrink-not-a-program"]


def test_several_functions_in_one_package(network, digits):
    specification = read_specification(network)
    specification.mlProgram.functions["other"].CopyFrom(specification.mlProgram.functions["main"])
    write_specification(network, specification)
    assert refused(network, sample=digits[0][:5], method=["int8"]) == ["shrink-functions"]


@pytest.mark.parametrize("path", [None, 3, b"a.mlpackage"])
def test_what_is_no_path(path):
    with pytest.raises(bl.BadInput, match=rf"expected the path of a .*, found {path!r} of type {type(path).__name__}"):
        bl.shrink(path, sample=np.ones((2, 4)))


# ---- what cannot be used ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        (np.zeros((5, 3)), "the sample has 3 features"),
        (np.zeros((0, 64)), "the sample has no rows"),
        (np.full((2, 64), np.nan), "is not a finite number"),
        (np.full((2, 64), 1e300), "larger than float32 can hold"),
        (np.full((2, 64), "a"), "the sample holds text"),
        (np.zeros(64), "the sample has 1 axes"),
        (None, "not a table of numbers"),
    ],
    ids=["narrow", "empty", "nan", "huge", "text", "flat", "none"],
)
def test_a_sample_that_cannot_be_used(network, sample, message):
    with pytest.raises(bl.BadInput, match=message):
        bl.shrink(network, sample=sample, method="int8")
    assert list(network.parent.iterdir()) == [network]


def test_columns_are_found_by_name(penguins, tmp_path):
    import pandas as pd
    from sklearn.preprocessing import StandardScaler

    frame = pd.DataFrame(penguins, columns=list("abcd"))
    bl.export(StandardScaler().fit(frame), tmp_path / "s.mlpackage", sample=frame)
    with pytest.raises(bl.BadInput, match=r"lacks the columns \['d'\]"):
        bl.shrink(tmp_path / "s.mlpackage", sample=frame[list("abc")], method="float16")
    holes = penguins.copy()
    holes[3, 1] = np.nan
    with pytest.raises(bl.BadInput, match="the sample's value nan in row 3, column 'b', is not a finite number"):
        bl.shrink(tmp_path / "s.mlpackage", sample=holes, method="float16")
    turned = bl.shrink(tmp_path / "s.mlpackage", sample=frame[list("dcba")], method="float16")["float16"]
    plain = bl.shrink(tmp_path / "s.mlpackage", sample=frame, method="float16", overwrite=True)["float16"]
    assert turned.losses == plain.losses


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "iOS15"}, "older than the package's own"),
        ({"target": "iOS3"}, "is not known"),
        ({"smallest_weight": 0}, "smallest_weight is 0"),
        ({"smallest_weight": 2048.5}, "whole number"),
        ({"smallest_weight": True}, "whole number"),
        ({"into": "/nowhere/at/all"}, "does not exist"),
    ],
    ids=str,
)
def test_options_that_cannot_be_used(network, digits, options, message):
    with pytest.raises(bl.BadInput, match=message):
        bl.shrink(network, sample=digits[0][:5], method="int8", **options)


def test_no_package(tmp_path):
    with pytest.raises(bl.BadPackage, match="found nothing"):
        bl.shrink(tmp_path / "none.mlpackage", sample=np.ones((2, 2)))


def test_a_corrupted_package(network, digits):
    content = weight_file(network).read_bytes()
    weight_file(network).write_bytes(content[: len(content) // 2])
    with pytest.raises(bl.BadPackage):
        bl.shrink(network, sample=digits[0][:5])


def test_a_package_whose_own_proof_does_not_hold(network, digits):
    content = bytearray(weight_file(network).read_bytes())
    content[-40] ^= 0x40
    weight_file(network).write_bytes(content)
    with pytest.raises(bl.BadPackage, match="its own proof does not hold"):
        bl.shrink(network, sample=digits[0][:5])
    assert list(network.parent.iterdir()) == [network]


def test_a_taken_name_is_found_before_any_work(network, digits):
    options = {"sample": digits[0][:5], "method": ["float16", "int8"]}
    taken = network.parent / "mlp.int8.mlpackage"
    bl.shrink(network, **options | {"method": "int8"})
    before = snapshot(taken)
    with pytest.raises(bl.PackageExists, match=r"mlp.int8.mlpackage exists"):
        bl.shrink(network, **options)
    assert snapshot(taken) == before
    assert not (network.parent / "mlp.float16.mlpackage").exists()
    assert len(bl.shrink(network, overwrite=True, **options).variants) == 2


@pytest.mark.parametrize("target", [None, "iOS18"])
def test_a_full_disk_leaves_nothing_behind(network, digits, monkeypatch, target):
    bl.shrink(network, sample=digits[0][:5], method="int8", target=target)
    before = snapshot(network.parent)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(bl.BadInput, match="No space left on device"):
        bl.shrink(network, sample=digits[0][:5], method="int8", target=target, overwrite=True)
    monkeypatch.undo()
    assert snapshot(network.parent) == before


def test_a_program_that_coremltools_does_not_take(network, digits, monkeypatch):
    from beyondlabels.mil import rewrite

    def fails(*_, **__):
        raise ValueError("no such operation")

    monkeypatch.setattr(rewrite, "compressed", fails)
    assert refused(network, sample=digits[0][:5], method="int8") == ["shrink-tool"]
    result = bl.shrink(network, sample=digits[0][:5])
    assert [each.method for each in result.variants] == ["float16"]
    assert {limit.id for _, limit in result.left_out} == {"shrink-tool", "shrink-newer-system"}


def test_the_variants_keep_what_the_package_says_of_itself(network, digits):
    path = bl.shrink(network, sample=digits[0][:50], method="palette4")["palette4"].path
    one, other = (bl.runtime.load(each).program for each in (network, path))
    assert {name: port.shape for name, port in one.inputs.items()} == {n: p.shape for n, p in other.inputs.items()}
    assert one.outputs == other.outputs
    assert other.metadata["com.beyondlabels.model"] == one.metadata["com.beyondlabels.model"]
    assert set(other.metadata) - set(one.metadata) == {"com.beyondlabels.compressed"}
    assert PROOF in other.metadata
    kinds = {operation.type for operation in main_block(read_specification(Path(path))).operations}
    assert "constexpr_lut_to_dense" in kinds
