"""What one prediction may ask for: too large is refused before anything is made, and the refusal names operation and size."""

import os
import shutil
import time

import numpy as np
import pytest

from beyondlabels.errors import BadInput, BadPackage
from beyondlabels.runtime import bounds, load
from beyondlabels.runtime.program import Block, Operation, Program, Ref
from beyondlabels.runtime.run import make_state, run
from runtime.cases.values import f, i
from runtime.surgery import main_block, model_file, read_specification, weight_file, write_specification
from runtime.test_ops import one_operation

HUGE = 2**31 - 1
IMAGE = np.ones((1, 1, 4, 4), np.float32)
KERNEL = np.ones((1, 1, 3, 3), np.float32)
TALL, FLAT = np.ones((20_000, 1), np.float32), np.ones((1, 20_000), np.float32)
PADS = i([10**5] * 4)
TOO_MUCH = [
    ("fill", {"shape": i([HUGE, HUGE])}),
    ("range_1d", {"start": f(0), "end": f(1e30), "step": f(1)}),
    ("one_hot", {"indices": i([1]), "one_hot_vector_size": i(HUGE)}),
    ("tile", {"x": TALL, "reps": i([10, HUGE])}),
    ("pad", {"x": TALL, "pad": PADS, "mode": "constant", "constant_val": f(0)}),
    ("random_normal", {"shape": i([HUGE])}),
    ("random_categorical", {"x": FLAT, "size": i(HUGE)}),
    ("concat", {"values": [np.broadcast_to(TALL, (20_000, 4_000))] * 2, "axis": i(0)}),
    ("stack", {"values": [np.broadcast_to(TALL, (20_000, 4_000))] * 2, "axis": i(0)}),
    ("add", {"x": TALL, "y": FLAT}),
    ("floor_div", {"x": TALL, "y": FLAT}),
    ("greater", {"x": TALL, "y": FLAT}),
    ("select", {"cond": TALL > 0, "a": TALL, "b": FLAT}),
    ("matmul", {"x": TALL, "y": FLAT}),
    ("linear", {"x": TALL, "weight": TALL}),
    ("einsum", {"values": [TALL, TALL], "equation": "ab,cd->abcd"}),
    ("gather", {"x": FLAT, "indices": np.zeros(20_000, np.int32), "axis": i(0)}),
    ("gather_nd", {"x": FLAT, "indices": np.zeros((20_000, 1), np.int32)}),
    ("scaled_dot_product_attention", {"query": TALL[None], "key": TALL[None], "value": TALL[None]}),
    ("resize_bilinear", {"x": IMAGE, "target_size_height": i(HUGE), "target_size_width": i(HUGE)}),
    ("resize", {"x": IMAGE, "shape": i([10**5, 10**5]), "resized_dims": np.uint32(2)}),
    ("upsample_nearest_neighbor", {"x": IMAGE, "scale_factor_height": f(1e5), "scale_factor_width": f(1e5)}),
    ("crop_resize", {"x": IMAGE, "boxes": f([[0, 0, 1, 1]]), "target_height": i(10**5), "target_width": i(10**5)}),
    ("affine", {"x": IMAGE, "transform_matrix": f([[1] * 6]), "output_height": i(HUGE), "output_width": i(9)}),
    ("conv", {"x": IMAGE, "weight": KERNEL, "pad_type": "custom", "pad": PADS}),
    ("conv_transpose", {"x": IMAGE, "weight": KERNEL, "strides": i([10**5, 10**5])}),
    ("max_pool", {"x": IMAGE, "kernel_sizes": i([2, 2]), "pad_type": "custom", "pad": PADS}),
    ("sliding_windows", {"x": TALL, "axis": i(0), "size": i(10_000)}),
    ("space_to_batch", {"x": IMAGE, "block_shape": i([1, 1]), "paddings": PADS}),
    ("make_list", {"elem_shape": i([10**5, 10**5])}),
    ("make_list", {"init_length": i(HUGE)}),
]


@pytest.mark.parametrize(
    ("kind", "inputs"), TOO_MUCH, ids=[f"{place}-{case[0]}" for place, case in enumerate(TOO_MUCH)]
)
def test_more_than_a_result_may_hold_is_refused_at_once(kind, inputs):
    start = time.process_time()
    with pytest.raises(BadPackage, match=rf"operation '{kind}' \(only\) .* (is|are) not made; at most [\d,]+"):
        run(one_operation(kind, inputs, (("out", "float32", None),)), {})
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("kind", "inputs", "words"),
    [
        ("conv", {"x": IMAGE, "weight": KERNEL, "dilations": i([-9, -9])}, "whole numbers from 1 on"),
        ("conv", {"x": IMAGE, "weight": KERNEL, "strides": i([0, 1])}, "whole numbers from 1 on"),
        ("conv", {"x": IMAGE, "weight": KERNEL, "groups": i(-1)}, "do not fit together"),
        ("conv", {"x": IMAGE, "weight": KERNEL[:, :, :0]}, "is empty"),
        ("conv_transpose", {"x": IMAGE, "weight": KERNEL, "groups": i(0)}, "do not fit together"),
        ("avg_pool", {"x": IMAGE, "kernel_sizes": i([2000, 2000]), "pad_type": "same"}, "places of a kernel"),
        ("split", {"x": FLAT[:, :0], "axis": i(1), "num_splits": i(HUGE)}, "cannot be cut"),
        ("matmul", {"x": np.ones((9000, 9000), np.float32), "y": np.ones((9000, 9000), np.float32)}, "multiplications"),
        (
            "rnn",
            {"x": np.ones((300_000, 1, 1)), "initial_h": f([[0]]), "weight_ih": f([[1]]), "weight_hh": f([[1]])},
            "300,000 steps",
        ),
    ],
)
def test_what_would_read_beside_the_values_or_never_end_is_refused(kind, inputs, words):
    with pytest.raises(BadPackage, match=words):
        run(one_operation(kind, inputs, (("out", "float32", None),)), {})


def test_more_rows_may_make_more():
    """A prediction of 1,000 rows may make 2**20 values for each: so large searches among stored rows stay possible."""
    with pytest.raises(ValueError, match="at most 134,217,728"):
        bounds.room(1000, 2**20)
    with bounds.prediction(1000):
        assert bounds.room(1000, 2**20) == (1000, 2**20)
        with pytest.raises(ValueError, match="at most 1,048,576,000"):
            bounds.room(1001, 2**20)
    with pytest.raises(ValueError, match="is not made"):
        bounds.room(-1)


def loop(body):
    """A program with a while_loop whose condition always holds."""
    condition = Block(
        ("v",), {}, (Operation("equal", "", {"x": Ref("v"), "y": Ref("v")}, (("c", "bool", ()),)),), ("c",)
    )
    operation = Operation("while_loop", "round", {"loop_vars": f(1)}, (("out", "float32", ()),), (condition, body))
    return Program("test", 9, {}, {}, {}, (operation,), ("out",), {}, "")


def test_a_loop_without_an_end_is_refused(monkeypatch):
    body = Block(("v",), {}, (Operation("abs", "", {"x": Ref("v")}, (("n", "float32", ()),)),), ("n",))
    assert bounds.STEPS == 250_000
    monkeypatch.setattr(bounds, "STEPS", 5000)
    with pytest.raises(BadPackage, match=r"'while_loop' \(round\) has not ended after [\d,]+ operations"):
        run(loop(body), {})
    inner = loop(body).operations[0]
    with pytest.raises(BadPackage, match="has not ended"):
        run(loop(Block(("v",), {}, (inner,), ("out",))), {})


def test_a_loop_over_large_values_is_refused_sooner(monkeypatch):
    monkeypatch.setattr(bounds, "VALUES", 2**21)
    large = Operation("fill", "", {"shape": i([2**20])}, (("n", "float32", None),))
    body = Block(("v",), {}, (large,), ("v",))
    with pytest.raises(BadPackage, match="as much work on large values"):
        run(loop(body), {})


def filled(count, size=2**20):
    """A program of ``count`` large values that are all read at the end, and one in which each is read at once."""

    def fill(name, x):
        return Operation("fill", name, {"shape": i([size]), "value": x}, ((name, "float32", None),))

    def total(name, source):
        made = ((name, "float32", None),)
        return Operation("reduce_sum", name, {"x": Ref(source), "keep_dims": np.bool_(False)}, made)

    large = [fill(f"v{place}", f(place)) for place in range(count)]
    sums = [total(f"s{place}", f"v{place}") for place in range(count)]
    last = sums[-1].outputs[0][0]
    kept = Program("test", 9, {}, {}, {}, (*large, *sums), (last,), {}, "")
    freed = (each for pair in zip(large, sums, strict=True) for each in pair)
    return kept, Program("test", 9, {}, {}, {}, tuple(freed), (last,), {}, "")


def test_many_large_values_are_refused_together_but_not_one_after_the_other(monkeypatch):
    monkeypatch.setattr(bounds, "VALUES", 2**20)
    kept, freed = filled(20)
    words = r"'fill' \(v4\): with its result 5,242,880 values are held at once; at most 4,194,304 are"
    with pytest.raises(BadPackage, match=words):
        run(kept, {})
    assert run(freed, {})["s19"] == 19 * 2**20
    with pytest.raises(BadPackage, match="are held at once"):
        run(freed, {}, keep=True)


def test_what_a_block_holds_is_let_go_of_when_it_ends(monkeypatch):
    monkeypatch.setattr(bounds, "VALUES", 2**20)
    block = Block((), {}, filled(3)[0].operations, ("s2",))
    branches = [
        Operation("cond", f"c{place}", {"pred": np.bool_(True)}, ((f"o{place}", "float32", ()),), (block, block))
        for place in range(2)
    ]
    assert run(Program("test", 9, {}, {}, {}, tuple(branches), ("o1",), {}, ""), {})["o1"] == 2**21
    block = Block((), {}, filled(5)[0].operations, ("s2",))
    cond = Operation("cond", "c", {"pred": np.bool_(True)}, (("o", "float32", ()),), (block, block))
    with pytest.raises(BadPackage, match="are held at once"):
        run(Program("test", 9, {}, {}, {}, (cond,), ("o",), {}, ""), {})


@pytest.mark.parametrize(
    "declared", [("float32", None), ("float32", (2, None)), ("float32", (2**40, 2**40)), ("list", ())]
)
def test_a_state_that_nobody_can_make_is_refused(declared):
    program = Program("test", 9, {}, {}, {}, (), (), {}, "", states={"kept": declared})
    with pytest.raises(BadPackage, match="the state 'kept'"):
        make_state(program)


@pytest.mark.parametrize("which", ["weights", "folder", "model", "manifest"])
def test_a_link_out_of_the_package_is_not_opened(copied, tmp_path, which):
    package = copied()
    file = {"weights": weight_file, "folder": lambda p: weight_file(p).parent, "model": model_file}.get(
        which, lambda p: p / "Manifest.json"
    )(package)
    moved = tmp_path / f"moved {file.name}"
    shutil.move(file, moved)
    file.symlink_to(moved)
    with pytest.raises(BadPackage, match="outside the package"):
        load(package)


@pytest.mark.parametrize("which", ["weights", "model", "manifest"])
def test_a_pipe_is_not_waited_for(copied, which):
    package = copied()
    file = {"weights": weight_file, "model": model_file}.get(which, lambda p: p / "Manifest.json")(package)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(BadPackage):
        load(package)


def test_two_values_of_one_name_are_refused(copied):
    package = copied()
    specification = read_specification(package)
    operations = [each for each in main_block(specification).operations if each.type != "const"]
    operations[1].outputs[0].name = operations[0].outputs[0].name
    write_specification(package, specification)
    with pytest.raises(BadPackage, match="two values of one block are called"):
        load(package)


def test_a_constant_without_a_shape_is_refused(copied):
    package = copied()
    specification = read_specification(package)
    types = [
        each.attributes["val"].type.tensorType for each in main_block(specification).operations if each.type == "const"
    ]
    next(each for each in types if each.dimensions).dimensions[0].unknown.variadic = True
    write_specification(package, specification)
    with pytest.raises(BadPackage, match="does not say its shape"):
        load(package)


def test_a_model_that_asks_for_a_million_epochs(tmp_path):
    from runtime.older import models
    from runtime.older.test_update_network import dense, rows

    spec = dense()
    spec.neuralNetworkClassifier.updateParams.epochs.defaultValue = 10**6
    with pytest.raises(BadInput, match=r"1,000,000 epochs.*pass epochs="):
        models.saved(spec, tmp_path).update(rows())
    assert len(models.saved(spec, tmp_path).update(rows(), epochs=1).losses) == 1
