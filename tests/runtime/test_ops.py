"""Every operation of the runtime against outputs worked out by hand, and against coremltools' own where it has one."""

import numpy as np
import pytest

from beyondlabels.errors import BadPackage
from beyondlabels.quiet import coremltools
from beyondlabels.runtime.ops import OPS
from beyondlabels.runtime.program import Operation, Program
from beyondlabels.runtime.run import run
from runtime.cases import CASES, images, layers, unary, windows
from runtime.cases.values import f, i

# Kinds whose coremltools definition has no value inference; the others get coremltools' second opinion below.
WITHOUT_OPINION = {
    *("silu", "einsum", "one_hot", "gather_nd", "scatter", "scatter_nd", "reshape_like", "reverse_sequence"),
    *("sliding_windows", "depth_to_space", "space_to_depth", "pixel_shuffle", "pixel_unshuffle"),
    *("space_to_batch", "batch_to_space"),
    *(kind for family in (windows, images, layers) for kind, _, _ in family.CASES),
}
RANDOM = {kind for kind in OPS if kind.startswith("random_")}  # no values to work out by hand: see test_ops_random.py
SCALARS = ("k", "axis", "one_hot_vector_size", "num_splits")
ROUNDED = {kind for family in (unary, windows, images) for kind, _, _ in family.CASES} | {
    "pow",
    "reduce_log_sum",
    "reduce_log_sum_exp",
}
IDS = [f"{kind}-{index}" for index, (kind, _, _) in enumerate(CASES)]


def outputs_of(expected):
    return expected if isinstance(expected, tuple) else (expected,)


def test_every_operation_has_several_cases():
    counts = {kind: sum(kind == case for case, _, _ in CASES) for kind in set(OPS) - RANDOM}
    assert {kind for kind, count in counts.items() if count < 2} == set()
    assert {kind for kind, _, _ in CASES} == set(OPS) - RANDOM


@pytest.mark.parametrize(("kind", "inputs", "expected"), CASES, ids=IDS)
def test_outputs_worked_out_by_hand(kind, inputs, expected):
    """Through ``run``, as a program of one operation that declares the expected types and shapes."""
    wanted = outputs_of(expected)
    declared = tuple((f"out{place}", *declaration(each)) for place, each in enumerate(wanted))
    found = run(one_operation(kind, inputs, declared), {})
    for (name, dtype, _), each in zip(declared, wanted, strict=True):
        assert type(found[name]) is type(each) or isinstance(each, np.ndarray | np.generic | int)
        if isinstance(each, list):
            assert len(found[name]) == len(each)
            for one, other in zip(found[name], each, strict=True):
                assert (one is None) == (other is None)
                np.testing.assert_array_equal(one, other)
        elif isinstance(each, dict | str):
            assert found[name] == each
        else:
            assert found[name].dtype == dtype
            assert_close(kind, found[name], each)


def declaration(value):
    """The type and shape that a program would declare for ``value``."""
    if isinstance(value, list | dict | str):
        return type(value).__name__, ()
    return str(np.asarray(value).dtype), np.shape(value)


def assert_close(kind, found, wanted):
    """Equal to the last bit; what is rounded on the way (functions of the family "unary"), to three of float32's steps."""
    if kind in ROUNDED:
        np.testing.assert_allclose(found, wanted, rtol=4e-7, atol=1e-7)
    else:
        np.testing.assert_array_equal(found, wanted)


def one_operation(kind, inputs, declared):
    results = tuple(name for name, _, _ in declared)
    operation = Operation(kind, "only", inputs, declared)
    return Program("test", 7, {}, {}, {}, (operation,), results, {}, "")


def unsupported(kind, inputs):
    """What coremltools' value inference leaves out or gets wrong: interleaved concat, kept axes of reshape, topk of bytes;
    topk of the smallest int32 (turned round by its sign), of equals (not the first ones) and of an argsort the same;
    exclusive or reversed cumsum (an error); scatter_along_axis in any mode but update; log-sum-exp of infinities."""
    x = inputs.get("x")
    return (
        "interleave" in inputs
        or (kind == "reshape" and 0 in inputs["shape"])
        or (kind == "topk" and (x.dtype == np.uint8 or x.min() == -(2**31)))
        or (kind == "cumsum" and "exclusive" in inputs)
        or (kind == "scatter_along_axis" and inputs["mode"] != "update")
        or (kind == "reduce_log_sum_exp" and not np.isfinite(x).all())
    )


WITH_OPINION = [case for case in CASES if case[0] not in WITHOUT_OPINION and not unsupported(*case[:2])]


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"), WITH_OPINION, ids=[f"{case[0]}-{place}" for place, case in enumerate(WITH_OPINION)]
)
def test_coremltools_agrees(kind, inputs, expected):
    if kind == "matmul" and inputs["x"].ndim > inputs["y"].ndim:
        inputs = {**inputs, "y": np.broadcast_to(inputs["y"], (*inputs["x"].shape[:-2], *inputs["y"].shape)).copy()}
    for found, wanted in zip(opinion(kind, inputs), outputs_of(expected), strict=False):
        assert_close(kind, np.asarray(found, wanted.dtype), wanted)


def opinion(kind, inputs):
    """What the operation's own value inference gives for constants."""
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import Function

    inputs = {key: value.item() if key in SCALARS else value for key, value in inputs.items()}
    with Function({}, opset_version=ct.target.iOS18), np.errstate(all="ignore"):
        made = getattr(mb, kind)(**inputs)
    made = made if isinstance(made, (tuple, list)) else [made]
    assert all(each.val is not None for each in made), f"{kind} has no value inference"
    return [each.val for each in made]


def test_half_precision_is_rounded_once_per_operation():
    """float16 goes in, float32 is computed, float16 comes out: 2048 + 1 + 1 is 2050 in one sum and 2048 in two."""
    half = np.array([2048, 1, 1], np.float16)
    total = run(one_operation("reduce_sum", {"x": half}, (("out", "float16", ()),)), {})["out"]
    assert total.dtype == np.float16
    assert total == 2050
    step = one_operation("add", {"x": half[:1], "y": half[1:2]}, (("out", "float16", (1,)),))
    assert run(step, {})["out"] == 2048
    squared = one_operation("square", {"x": np.array([300], np.float16)}, (("out", "float16", (1,)),))
    assert np.isinf(run(squared, {})["out"]).all()


REFUSED = [
    ("gather", {"x": f([1, 2]), "indices": i([2]), "axis": i(0)}, "out of bounds"),
    ("gather_along_axis", {"x": f([1, 2]), "indices": i([2]), "axis": i(0)}, "out of bounds"),
    ("scatter", {"data": f([1, 2]), "indices": i([2]), "updates": f([1])}, "out of bounds"),
    ("scatter", {"data": f([1, 2]), "indices": i([1]), "updates": f([1]), "mode": "mean"}, "no mode 'mean'"),
    ("topk", {"x": f([1, 2]), "k": i(3)}, "k is 3, the axis has 2"),
    ("cast", {"x": f([1]), "dtype": "fp8"}, "no type 'fp8'"),
    ("gelu", {"x": f([1]), "mode": "ROUGH"}, "no mode 'ROUGH'"),
]


@pytest.mark.parametrize(("kind", "inputs", "message"), REFUSED, ids=[f"{case[0]}-{case[2]}" for case in REFUSED])
def test_what_an_operation_refuses(kind, inputs, message):
    with pytest.raises(BadPackage, match=message):
        run(one_operation(kind, inputs, (("out", "float32", (1,)),)), {})


def test_topk_takes_the_first_of_equals_however_many_rows():
    """Against a stable sort, on rows full of equal values, both signs of zero, infinities and NaN."""
    rng = np.random.default_rng(0)
    for kind in (np.float32, np.int32, np.uint8):
        x = rng.integers(0 if kind is np.uint8 else -3, 4, (200, 40)).astype(kind)
        if kind is np.float32:
            x[rng.random(x.shape) < 0.1] = np.nan
            x[rng.random(x.shape) < 0.1] = np.inf
            x *= rng.choice(f([-1, 1]), x.shape)
        for ascending in (True, False):
            order = np.argsort(x if ascending else -x.astype(float), axis=1, kind="stable")
            for k in (1, 3, 10, 40):
                values, indices = OPS["topk"](x=x, k=i(k), axis=i(1), ascending=ascending)
                np.testing.assert_array_equal(indices, order[:, :k])
                np.testing.assert_array_equal(values, np.take_along_axis(x, order[:, :k], 1))
            np.testing.assert_array_equal(OPS["argsort"](x=x, axis=i(1), ascending=ascending), order)


@pytest.mark.parametrize("kind", sorted(OPS))
def test_each_has_a_sentence_for_a_reader(kind):
    assert OPS[kind].__doc__.strip().endswith(".")
