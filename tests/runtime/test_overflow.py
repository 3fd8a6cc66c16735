"""What half precision loses at an operation, noticed while a program runs, inside loops and branches too."""

import numpy as np
import pytest

from beyondlabels.runtime.overflow import Odd, watching
from beyondlabels.runtime.program import Block, Operation, Program, Ref
from beyondlabels.runtime.run import run

HALF = np.float16
ZERO, ONE = np.float32(0), np.float32(1)


def op(kind, name, stored="float16", **inputs):
    return Operation(kind, name, inputs, ((name, stored, None),))


def program(*operations, constants=None):
    return Program("test", 9, {}, {}, constants or {}, operations, (operations[-1].outputs[0][0],), {}, "")


def seen(made, **inputs):
    with watching() as found:
        run(made, inputs)
    return found


X = np.array([[1.0], [300.0]], HALF)


def test_the_operation_that_passes_the_largest_number():
    made = program(
        op("square", "big", x=Ref("x")),
        op("sqrt", "back", x=Ref("big")),
        op("clip", "out", x=Ref("back"), alpha=ZERO, beta=ONE),
    )
    found = seen(made, x=X)
    assert found["big"] == Odd("square", "big", 1, True)
    assert found["back"] == Odd("sqrt", "back", 1, False)
    assert "out" not in found


def test_a_cast_and_a_division_by_zero():
    made = program(
        op("cast", "half", x=Ref("x"), dtype="fp16"),
        op("inverse", "out", x=Ref("half"), epsilon=ZERO),
    )
    found = seen(made, x=np.array([1e5, 0, np.inf], np.float32))
    assert found == {"half": Odd("cast", "half", 0, True), "out": Odd("inverse", "out", 1, False)}
    assert not seen(made, x=np.array([1, 2], np.float32))


def test_float32_is_none_of_it_and_nothing_is_noted_unasked():
    made = program(op("square", "out", "float32", x=Ref("x")))
    assert not seen(made, x=np.array([1e30], np.float32))
    with watching() as found:
        pass
    run(program(op("square", "out", x=Ref("x"))), {"x": X})
    assert not found


@pytest.mark.parametrize("branch", [True, False])
def test_inside_a_branch(branch):
    high = Block((), {}, (op("square", "high", x=Ref("x")),), ("high",))
    low = Block((), {}, (op("sqrt", "low", x=Ref("x")),), ("low",))
    cond = Operation("cond", "choice", {"pred": np.bool_(branch)}, (("out", "float16", None),), (high, low))
    assert list(seen(program(cond), x=X)) == (["high"] if branch else [])


def test_inside_a_loop_whose_result_is_finite():
    """exp(20) is beyond 65,504; the minimum makes it 20 again."""
    condition = Block(("v", "n"), {}, (op("less", "more", "bool", x=Ref("n"), y=np.float32(3)),), ("more",))
    body = Block(
        ("v", "n"),
        {},
        (
            op("exp", "lost", x=Ref("v")),
            op("minimum", "kept", x=Ref("lost"), y=np.float32(20)),
            op("add", "next", "float32", x=Ref("n"), y=ONE),
        ),
        ("kept", "next"),
    )
    loop = Operation(
        "while_loop",
        "round",
        {"loop_vars": [np.array([1.0], HALF), ZERO]},
        (("out", "float16", (1,)), ("count", "float32", ())),
        (condition, body),
    )
    found = seen(program(loop))
    assert found == {"lost": Odd("exp", "lost", 0, True)}
    assert np.isfinite(run(program(loop), {})["out"]).all()
