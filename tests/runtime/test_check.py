"""The proof inside a package: it holds on a whole one, and any single change to what is computed breaks it.

Each change is made twice: as it is (the recorded sha-256 must notice) and with both sha-256 recorded again, as someone
who wants to deceive would (the replay of the rows alone must notice).
"""

import base64
import json

import numpy as np
import pytest

from beyondlabels.errors import BadPackage
from beyondlabels.runtime import check, core_ml, load
from runtime.surgery import (
    change,
    change_proof,
    label,
    main_block,
    noticed,
    proof,
    push,
    put_back,
    read_specification,
    record_digests_again,
    records,
    stored,
    swap,
    tick,
    write_specification,
)
from runtime.zoo import ZOO

COMPUTED = ("kmeans", "pca", "standard", "min_max", "core", "votes", "weighted", "half")


@pytest.mark.parametrize("name", ZOO)
def test_the_proof_of_a_whole_package_holds(zoo, name):
    result = check(zoo(name))
    assert result.passed
    assert result.problems == ()
    assert result.rows >= 2
    assert "the proof holds" in str(result)
    assert json.loads(json.dumps(result.plain()))["passed"] is True


@pytest.mark.skipif(core_ml.available(), reason="here Core ML itself is run")
def test_the_result_says_that_core_ml_was_not_run(zoo):
    result = check(zoo("kmeans"))
    assert result.core_ml is None
    assert "Apple's own runtime was not run here." in str(result)


def test_the_proof_rows_are_no_training_rows(zoo, penguins):
    for name in ZOO:
        package = load(zoo(name))
        rows = np.frombuffer(_bytes(json.loads(package.program.metadata["com.beyondlabels.proof"])["rows"]), np.float32)
        rows = rows.reshape(-1, 4)
        same = (rows[:, None] == penguins.astype(np.float32)[None]).all(axis=2)
        assert not same.any(), name
        # nothing measured on one bird is shown beside something measured on the same bird
        assert (rows[:, None] == penguins.astype(np.float32)[None]).sum(axis=2).max() < 2, name


def _bytes(packed):
    return base64.b85decode(packed["base85"])


# ---- every stored number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPUTED)
def test_the_smallest_change_of_any_number_is_noticed(zoo, copied, name):
    package, places = copied(name), stored(zoo(name))
    assert len(places) > 4
    missed = []
    for where in places:
        change(package, where, tick)
        if not noticed(package):
            missed.append(where)
        put_back(package, zoo(name))
    assert missed == []
    assert not noticed(package)


def replay_misses(zoo, copied, name):
    """(how many changes, those that the replay alone does not notice as text)."""
    package, places = copied(name), stored(zoo(name))
    missed = []
    for where in places:
        change(package, where, push)
        try:
            record_digests_again(package)
        except BadPackage:
            put_back(package, zoo(name))
            continue
        if not noticed(package):
            missed.append(label(zoo(name), where))
        put_back(package, zoo(name))
    return len(places), missed


# What 16 rows cannot see without the sha-256, and why. Everything else has to be seen.
BLIND = {
    "min_max": {"clip.alpha", "clip.beta"},  # the proof rows lie inside the sample's range, so nothing is clipped
    # A stored row decides only near itself, and 16 rows are not near all of them; an unsorted topk still holds the same
    # neighbours; a vote of 1.1 wins where a vote of 1 does, and so does 1.1 / distance; no proof row lies on a stored row,
    # where the smallest distance that is allowed would count; one feature's spread changed by a tenth moves no vote.
    "core": {"sub.y", "gather.x", "real_div.y"},
    "votes": {"sub.y", "gather.x", "topk.sort", "one_hot.on_value", "one_hot.off_value"},
    "weighted": {
        "sub.y",
        "gather.x",
        "topk.sort",
        "one_hot.on_value",
        "one_hot.off_value",
        "equal.y",
        "maximum.y",
        "real_div.x",
        "real_div.y",
    },
    "half": {"matmul.y", "sub.y", "add.y", "mul.y"},  # half precision is compared to 1 %, and so hides what is smaller
}
SHARE = {
    "kmeans": 1.0,
    "pca": 1.0,
    "standard": 1.0,
    "min_max": 0.8,
    "core": 0.08,
    "votes": 0.18,
    "weighted": 0.15,
    "half": 0.65,
}


@pytest.mark.parametrize("name", COMPUTED)
def test_the_replay_alone_notices_what_matters(zoo, copied, name, record_property):
    total, missed = replay_misses(zoo, copied, name)
    share = 1 - len(missed) / total
    record_property("noticed by the replay alone", f"{name}: {total - len(missed)} of {total}")
    assert set(missed) <= BLIND.get(name, set())
    assert share >= SHARE[name], f"{share:.2f} of {total}"


# ---- operations, operands, names -----------------------------------------------------------------------------------


SYMMETRIC = {"add", "mul", "maximum", "minimum"}


@pytest.mark.parametrize("name", ["kmeans", "pca", "standard", "core", "votes"])
def test_swapped_operands_are_noticed(zoo, copied, name):
    package, whole = copied(name), read_specification(zoo(name))
    for index, operation in enumerate(main_block(whole).operations):
        if not {"x", "y"} <= set(operation.inputs):
            continue
        specification = read_specification(zoo(name))
        swap(main_block(specification).operations[index], "x", "y")
        write_specification(package, specification)
        assert noticed(package), operation.type
        record_digests_again(package)
        alone = noticed(package)
        # the order in a difference that is squared next does not matter, and in a sum it never does
        assert alone or operation.type in SYMMETRIC or _is_squared(main_block(whole), operation), operation.type


def _is_squared(block, operation):
    made = operation.outputs[0].name
    readers = [each for each in block.operations for argument in each.inputs.values() if _reads(argument, made)]
    return bool(readers) and all(each.type == "square" for each in readers)


def _reads(argument, name):
    return any(binding.name == name for binding in argument.arguments)


OTHER_OPERATION = {
    "sub": "add",
    "add": "sub",
    "mul": "real_div",
    "real_div": "mul",
    "square": "sqrt",
    "sqrt": "square",
    "reduce_argmin": "reduce_argmax",
    "reduce_min": "reduce_sum",
    "reduce_sum": "reduce_min",
}


@pytest.mark.parametrize("name", ["kmeans", "pca", "standard"])
def test_another_operation_is_noticed_by_the_replay_alone(zoo, copied, name):
    package, whole, tried = copied(name), read_specification(zoo(name)), 0
    for index, operation in enumerate(main_block(whole).operations):
        if operation.type in OTHER_OPERATION:
            specification = read_specification(zoo(name))
            main_block(specification).operations[index].type = OTHER_OPERATION[operation.type]
            write_specification(package, specification)
            assert noticed(package), operation.type
            record_digests_again(package)
            assert noticed(package), operation.type
            tried += 1
    assert tried >= 2


def test_outputs_that_change_places_are_noticed(zoo, copied):
    package = copied("pca")
    specification = read_specification(package)
    block = main_block(specification)
    block.outputs[:] = list(block.outputs)[::-1]
    write_specification(package, specification)
    assert noticed(package)


def test_a_fewer_output_is_noticed(copied):
    package = copied("kmeans")
    specification = read_specification(package)
    main_block(specification).outputs.remove("distances")
    write_specification(package, specification)
    record_digests_again(package)
    result = check(package)
    assert not result.passed
    assert "output 'distances': expected shape (16, 3), found missing." in result.problems


def test_another_name_of_the_input_is_noticed(copied):
    package = copied("kmeans")
    specification = read_specification(package)
    specification.description.input[0].name = "rows"
    write_specification(package, specification)
    record_digests_again(package)
    result = check(package)
    assert not result.passed
    assert "no longer runs" in result.problems[0]


# ---- what is said --------------------------------------------------------------------------------------------------


def test_the_problems_are_said_in_words(copied):
    package = copied("kmeans")
    where = ("weights", records(package)[0][0], 0)
    change(package, where, push)
    result = check(package)
    assert result.problems[0] == "The weights are not the ones that were proven: their sha-256 differs."
    assert result.problems[1] == "The program is not the one that was proven: its sha-256 differs."
    assert "output 'distances' is off by" in result.problems[-1]
    assert "THE PROOF DOES NOT HOLD" in str(result)
    assert json.loads(json.dumps(result.plain()))["problems"] == list(result.problems)


def test_labels_that_differ_are_counted(copied):
    package = copied("kmeans")
    packed = proof(package)["expected"]
    labels = np.frombuffer(_bytes(packed["label"]), np.int32).copy()
    labels[[2, 5]] += 1
    packed["label"]["base85"] = base64.b85encode(labels.tobytes()).decode()
    change_proof(package, expected=packed)
    assert "output 'label' differs on 2 of 16 proof rows, first on row 2." in check(package).problems


# ---- the proof itself ----------------------------------------------------------------------------------------------

KEYS = ("model", "rows", "expected", "tolerance", "floor", "weights_sha256", "program_sha256")


def test_no_proof(copied):
    package = copied()
    specification = read_specification(package)
    del specification.description.metadata.userDefined["com.beyondlabels.proof"]
    write_specification(package, specification)
    with pytest.raises(BadPackage, match="carries no proof; only packages saved by beyondlabels do"):
        check(package)


def write_proof(package, text):
    specification = read_specification(package)
    specification.description.metadata.userDefined["com.beyondlabels.proof"] = text
    write_specification(package, specification)
    return package


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "3", '"x"', "[" * 100_000])
def test_a_damaged_proof(copied, text):
    with pytest.raises(BadPackage, match="the proof inside the package is damaged"):
        check(write_proof(copied(), text))


@pytest.mark.parametrize("key", KEYS)
def test_a_proof_that_lacks_something(copied, key):
    package = copied()
    kept = {name: value for name, value in proof(package).items() if name != key}
    with pytest.raises(BadPackage, match="the proof inside the package is damaged"):
        check(write_proof(package, json.dumps(kept)))


ONE = base64.b85encode(np.float32(1).tobytes()).decode()
EMPTY = {"dtype": "float32", "shape": [0, 4], "base85": ""}
SPARSE = [  # places that do not fit: too many, beyond the end, before the start, no text
    {"places": base64.b85encode(np.int32(place).tobytes()).decode(), "base85": numbers}
    for place, numbers in ((0, ""), (8, ONE), (-1, ONE), (2**31 - 1, ONE))
] + [{"places": None, "base85": ONE}]
BAD_VALUES = [
    ("rows", 3),
    ("rows", EMPTY),
    ("rows", {**EMPTY, "shape": []}),
    ("rows", {**EMPTY, "dtype": "object"}),
    ("rows", {**EMPTY, "shape": [2, 4]}),
    ("rows", {**EMPTY, "shape": [10**30]}),
    ("rows", {**EMPTY, "base85": "?"}),
    ("rows", {**EMPTY, "base85": None}),
    *[("rows", {**EMPTY, "shape": [2, 4], **places}) for places in SPARSE],
    ("rows", {**EMPTY, "shape": [10**9, 10**9], "places": ""}),
    ("expected", {}),
    ("expected", []),
    ("expected", {"label": EMPTY}),
    ("expected", {"label": None}),
    ("tolerance", "much"),
    ("tolerance", None),
    ("floor", []),
]


@pytest.mark.parametrize(("key", "value"), BAD_VALUES)
def test_a_proof_with_something_else_in_it(copied, key, value):
    package = copied()
    change_proof(package, **{key: value})
    with pytest.raises(BadPackage, match="the proof inside the package is damaged"):
        check(package)


@pytest.mark.parametrize("rows", [np.full((2, 4), np.nan), np.full((2, 3), 1.0)])
def test_proof_rows_that_cannot_be_run(copied, rows):
    """They hold together, and the package refuses them: the proof does not hold, and the reason is given."""
    from beyondlabels.runtime.check import pack

    package = copied("kmeans")
    labels = {"label": pack(np.zeros(2, np.int32))}
    change_proof(package, rows=pack(rows.astype(np.float32)), expected=labels)
    result = check(package)
    assert not result.passed
    assert "no longer runs" in result.problems[0]


def test_arrays_survive_packing_bit_for_bit():
    from beyondlabels.runtime.check import pack, unpack

    full = np.array([[1.5, -0.0, np.nan]], np.float32), np.arange(6, dtype=np.int32).reshape(2, 3).T
    sparse = np.zeros((3, 40), np.float32), np.eye(9, dtype=np.int32)
    sparse[0][[0, 2, 2], [3, 0, 39]] = [-0.0, np.nan, 1e-45]
    for array in (*full, *sparse, np.zeros((0, 4), np.float32)):
        assert ("places" in pack(array)) == (array.size >= 80 or array.size == 0)
        again = unpack(json.loads(json.dumps(pack(array))))
        assert again.dtype == array.dtype
        assert again.tobytes() == np.ascontiguousarray(array).tobytes()


# ---- Core ML -------------------------------------------------------------------------------------------------------


def on_a_mac(monkeypatch, alter):
    """Pretend that Core ML is there and computes what NumPy computes, after ``alter``."""
    asked = []

    def predict(path, inputs):
        asked.append(path)
        return alter(load(path).predict(inputs))

    monkeypatch.setattr(core_ml, "available", lambda: True)
    monkeypatch.setattr(core_ml, "predict", predict)
    return asked


def test_core_ml_is_run_where_it_exists(zoo, monkeypatch):
    asked = on_a_mac(monkeypatch, lambda outputs: outputs)
    result = check(zoo("kmeans"))
    assert asked == [str(zoo("kmeans"))]
    assert result.passed
    assert result.core_ml.passed
    assert "Core ML on this Mac: 16 of 16 labels equal" in str(result)
    assert "was not run" not in str(result)
    assert result.plain()["core_ml"]["label"]["passed"]


def test_core_ml_that_differs_fails_the_check(zoo, monkeypatch):
    on_a_mac(monkeypatch, lambda outputs: {**outputs, "distances": outputs["distances"] * np.float32(1.001)})
    result = check(zoo("kmeans"))
    assert not result.passed
    assert result.parity.passed
    assert not result.core_ml["distances"].passed
    assert result.problems[0].startswith("In Core ML, output 'distances' is off by")


def test_export_runs_core_ml_too(monkeypatch, penguins, tmp_path):
    from sklearn.preprocessing import StandardScaler

    import beyondlabels as bl

    model = StandardScaler().fit(penguins)
    asked = on_a_mac(monkeypatch, lambda outputs: outputs)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=penguins)
    assert asked
    assert result.core_ml.passed
    assert "apple-runtime-not-run" not in [limit.id for limit in result.limits]
    assert "Core ML on this Mac: largest transformed error" in str(result)
    on_a_mac(monkeypatch, lambda outputs: {"transformed": outputs["transformed"] + 1})
    with pytest.raises(bl.ParityFailed, match="output 'transformed'"):
        bl.export(model, tmp_path / "b.mlpackage", sample=penguins)
    assert [each.name for each in tmp_path.iterdir()] == ["a.mlpackage"]
