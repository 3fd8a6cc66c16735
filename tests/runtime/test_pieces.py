"""Programs run a few rows at a time give, bit for bit, what they give at once; those that mix rows are not cut."""

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.runtime import load, pieces
from beyondlabels.runtime import run as walk
from beyondlabels.runtime.ops.arithmetic import add, maximum, real_div, sub
from beyondlabels.runtime.ops.gathering import gather_along_axis
from beyondlabels.runtime.ops.sorting import topk
from beyondlabels.runtime.program import Operation, Port, Program, Ref

ROWS = 1_000
X, Y = Ref("x"), Ref("y")


def axes(*values):
    return np.array(values, np.int32)


def program(*operations, constants=None, wide=400):
    """x (rows, 4), and y (rows, ``wide``, 4) made of it, for the operations to use; the last one's result is returned."""
    first = (
        ("expand_dims", {"x": X, "axes": axes(1)}, (None, 1, 4)),
        (
            "add",
            {"x": Ref("v0"), "y": np.linspace(-1, 1, wide * 4, dtype=np.float32).reshape(wide, 4)},
            (None, wide, 4),
        ),
    )
    made = tuple(
        Operation(
            kind, f"o{place}", inputs, (("y" if place == 1 else f"v{place}", dtype[0] if dtype else "float32", shape),)
        )
        for place, (kind, inputs, shape, *dtype) in enumerate((*first, *operations))
    )
    inputs = {"x": Port("x", "float32", ((1, 100_000), (4, 4)))}
    result = made[-1].outputs[0][0]
    return Program("p", 7, inputs, {}, constants or {}, made, (result,), {}, "")


def both(read, inputs, monkeypatch):
    """(what it gives in pieces, what it gives whole, how many stretches were cut)."""
    counted, cuts = [], pieces.cuts

    def count(*arguments):
        counted.append(bool(cuts(*arguments)))
        return cuts(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(walk, "cuts", count)
        cut = walk.run(read, inputs)
        patch.setattr(walk, "cuts", lambda *_: [])
        whole = walk.run(read, inputs)
    return cut, whole, sum(counted)


APART = {
    "sum": [("reduce_sum", {"x": Y, "axes": axes(2)}, (None, 400))],
    "sum of the middle axis": [("reduce_sum", {"x": Y, "axes": axes(1)}, (None, 4))],
    "log-sum-exp": [("reduce_log_sum_exp", {"x": Y, "axes": axes(-1), "keep_dims": np.True_}, (None, 400, 1))],
    "exp and softmax": [
        ("exp", {"x": Y}, (None, 400, 4)),
        ("softmax", {"x": Ref("v2"), "axis": axes(1)[0]}, (None, 400, 4)),
    ],
    "rows last": [
        ("transpose", {"x": Y, "perm": axes(1, 2, 0)}, (400, 4, None)),
        ("reduce_sum", {"x": Ref("v2"), "axes": axes(0)}, (4, None)),
    ],
    "flattened": [
        ("reshape", {"x": Y, "shape": axes(-1, 1600)}, (None, 1600)),
        ("sin", {"x": Ref("v2")}, (None, 1600)),
    ],
    "best": [("reduce_argmax", {"x": Y, "axis": axes(1)[0]}, (None, 4), "int32")],
    "joined": [("concat", {"values": [Y, Y], "axis": axes(1)[0]}, (None, 800, 4))],
    "looked up": [("gather", {"x": Y, "indices": axes(3, 399), "axis": axes(1)[0]}, (None, 2, 4))],
}
MIXED = {
    "sum over rows": [("reduce_sum", {"x": Y, "axes": axes(0)}, (400, 4))],
    "sum over all": [("reduce_sum", {"x": Y}, ())],
    "running sum": [("cumsum", {"x": Y}, (None, 400, 4))],
    "softmax over rows": [("softmax", {"x": Y, "axis": axes(0)[0]}, (None, 400, 4))],
    "softmax over rows, from the end": [("softmax", {"x": Y, "axis": axes(-3)[0]}, (None, 400, 4))],
    "order of rows": [("argsort", {"x": Y, "axis": axes(0)[0]}, (None, 400, 4), "int32")],
    "rows turned round": [("reverse", {"x": Y, "axes": axes(0)}, (None, 400, 4))],
    "rows left out": [
        (
            "slice_by_index",
            {"x": Y, "begin": axes(1, 0, 0), "end": axes(0, 0, 0)}
            | {"begin_mask": np.array([False, True, True]), "end_mask": np.array([True, True, True])},
            (None, 400, 4),
        )
    ],
    "rows folded": [("reshape", {"x": Y, "shape": axes(400, -1, 4)}, (400, None, 4))],
    "rows doubled": [("concat", {"values": [Y, Y], "axis": axes(0)[0]}, (None, 400, 4))],
    "rows looked up": [("gather", {"x": Y, "indices": axes(*range(ROWS))[::-1], "axis": axes(0)[0]}, (None, 400, 4))],
    "one number for each row": [("mul", {"x": Y, "y": np.ones((ROWS, 1, 1), np.float32)}, (None, 400, 4))],
    "products of rows": [("matmul", {"x": X, "y": X, "transpose_y": np.True_}, (None, None))],
}


@pytest.mark.parametrize("operations", APART.values(), ids=APART)
def test_rows_that_stay_apart_are_cut_and_nothing_changes(operations, monkeypatch):
    x = np.random.default_rng(0).normal(size=(ROWS, 4)).astype(np.float32)
    read = program(*operations)
    cut, whole, count = both(read, {"x": x}, monkeypatch)
    assert count == 1
    assert cut[read.results[0]].tobytes() == whole[read.results[0]].tobytes()


@pytest.mark.parametrize("operations", MIXED.values(), ids=MIXED)
def test_what_mixes_rows_runs_whole_and_all_that_follows(operations, monkeypatch):
    """And gives the same: only what comes before may be cut."""
    last = operations[-1]
    after = ("abs", {"x": Ref("v2")}, *last[2:])
    read = program(*operations, after)
    mixing = [
        each.kind for stretch in pieces.stretches(read, walk._read) if stretch.width for each in stretch.operations
    ]
    assert mixing == ["expand_dims", "add"]
    x = np.random.default_rng(0).normal(size=(ROWS, 4)).astype(np.float32)
    cut, whole, _ = both(read, {"x": x}, monkeypatch)
    assert cut[read.results[0]].tobytes() == whole[read.results[0]].tobytes()


def test_a_product_of_matrices_runs_whole_between_two_stretches(monkeypatch):
    read = program(
        ("reduce_sum", {"x": Y, "axes": axes(2)}, (None, 400)),
        ("matmul", {"x": Ref("v2"), "y": np.ones((400, 900), np.float32)}, (None, 900)),
        ("square", {"x": Ref("v3")}, (None, 900)),
        ("reduce_max", {"x": Ref("v4"), "axes": axes(1)}, (None,)),
    )
    widths = [stretch.width for stretch in pieces.stretches(read, walk._read)]
    assert widths == [1600, 0, 900]
    x = np.random.default_rng(0).normal(size=(ROWS, 4)).astype(np.float32)
    cut, whole, count = both(read, {"x": x}, monkeypatch)
    assert count == 2
    assert cut["v5"].tobytes() == whole["v5"].tobytes()


def test_few_rows_are_not_cut(monkeypatch):
    read = program(*APART["sum"])
    for rows in (1, 2, 127):
        assert both(read, {"x": np.ones((rows, 4), np.float32)}, monkeypatch)[2] == 0


def test_the_pieces_are_all_the_rows_once():
    stretch = pieces.Stretch(0, (), 5_000, {"x": 0})
    for rows in (128, 129, 1_000, 99_991):
        found = pieces.cuts(stretch, {"x": np.empty(rows)})
        assert np.concatenate([np.arange(rows)[each] for each in found]).tolist() == list(range(rows))
        assert min(each.stop - each.start for each in found) >= 32


def models():
    from sklearn.cluster import KMeans
    from sklearn.ensemble import IsolationForest
    from sklearn.mixture import GaussianMixture
    from sklearn.neighbors import KNeighborsClassifier, LocalOutlierFactor
    from sklearn.svm import OneClassSVM

    rows = np.random.default_rng(1).normal(size=(200, 5))
    labels = (rows[:, 0] > 0).astype(int)
    yield "kmeans", KMeans(8, n_init=1, random_state=0).fit(rows), rows
    yield "neighbours", KNeighborsClassifier(7).fit(rows, labels), rows
    yield "outliers", LocalOutlierFactor(novelty=True).fit(rows), rows
    yield "forest", IsolationForest(n_estimators=30, random_state=0).fit(rows), rows
    yield "mixture", GaussianMixture(4, random_state=0).fit(rows), rows
    yield "one class", OneClassSVM().fit(rows), rows


def test_saved_models_give_the_same_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "_CACHE", 2**13)
    x = np.random.default_rng(2).normal(size=(3_001, 5)).astype(np.float32)
    for name, model, rows in models():
        package = load(bl.export(model, tmp_path / f"{name}.mlpackage", sample=rows).path)
        cut, whole, count = both(package.program, {"x": x}, monkeypatch)
        assert count, name
        for output, value in whole.items():
            assert cut[output].tobytes() == value.tobytes(), (name, output)
            assert package.values({"x": x})[output].tobytes() == value.tobytes(), (name, output)


# ---- operations that take a shorter way for some shapes --------------------------------------------------------------

SHAPES = [
    ((700, 1, 4), (90, 4)), ((90, 4), (700, 1, 4)), ((300, 7), (7,)), ((7,), (300, 7)), ((300, 7), (1, 7)),
    ((1, 7), (300, 7)), ((20, 30, 3), (3,)), ((50, 1, 3), (1, 60, 3)), ((2, 3), (3,)), ((5, 1, 2), (3, 1, 1, 2)),
    ((300, 16), (1, 1, 16)), ((4, 1, 1), (4,)), ((), (600, 2)), ((600, 2), ()), ((0, 3), (3,)), ((513, 1), (1,)),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SHAPES)
def test_short_last_axes_give_what_numpy_gives(one, other):
    random = np.random.default_rng(0)
    x, y = random.normal(size=one).astype(np.float32), random.normal(size=other).astype(np.float32)
    for a, b in (
        (x, y),
        (np.asfortranarray(x), y),
        ((8 * x).astype(np.int32), (8 * y).astype(np.int32)),
        (x, y.astype(int)),
    ):
        pairs = [(add, np.add), (sub, np.subtract), (maximum, np.maximum)]
        pairs += [(real_div, np.true_divide)] if b.dtype == np.float32 else []
        for ours, theirs in pairs:
            found, wanted = ours(a, b), theirs(a, b)
            assert found.dtype == wanted.dtype
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_gather_along_an_axis_is_numpys(axis):
    random = np.random.default_rng(0)
    shape = [3, 4, 5]
    x = random.normal(size=shape)
    size, shape[axis] = shape[axis], 7
    places = random.integers(-size, size, shape).astype(np.int32)
    for values in (x, np.asfortranarray(x), np.moveaxis(np.moveaxis(x, 0, -1).copy(), -1, 0)):
        for kind in (places, (places % size).astype(np.uint16)):
            wanted = np.take_along_axis(values, kind.astype(np.int64), axis)
            np.testing.assert_array_equal(gather_along_axis(values, kind, axis), wanted)
    for wrong in (size, -size - 1):
        with pytest.raises(IndexError, match="out of bounds"):
            gather_along_axis(x, np.full_like(places, wrong), axis)


@pytest.mark.parametrize("ascending", [True, False])
def test_the_few_best_of_many(ascending):
    """Ties, infinities, NaN and whole numbers: the first of equals first, NaN last, as a stable sort has it."""
    random = np.random.default_rng(0)
    plain = random.normal(size=(50, 200)).astype(np.float32)
    tied = np.round(plain)
    infinite, missing, limits = plain.copy(), plain.copy(), (100 * plain).astype(np.int32)
    infinite[::2, ::3], infinite[1::2, ::5], infinite[4] = np.inf, -np.inf, np.inf
    missing[:, 100:], missing[3] = np.nan, np.nan
    limits[:, 7:190], limits[5] = np.iinfo(np.int32).max, np.iinfo(np.int32).min
    for x in (plain, tied, infinite, missing, limits, tied.reshape(5, 10, 200), (plain * 0)):
        key = x if ascending else -x.astype(np.float64)
        wanted = np.argsort(key, axis=-1, kind="stable")[..., :6]
        values, indices = topk(x, k=6, axis=-1, ascending=ascending)
        np.testing.assert_array_equal(indices, wanted)
        np.testing.assert_array_equal(values, np.take_along_axis(x, wanted, -1))
