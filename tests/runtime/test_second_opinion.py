"""Every operation that coremltools can evaluate itself (its value inference), on random arguments: do we agree?

coremltools is asked for constants, as it folds them when it builds a program. It is a second opinion, never the
implementation. What it cannot do, or does otherwise than its own documentation says, the draws avoid: ``draws``.
"""

import numpy as np
import pytest

from beyondlabels.quiet import coremltools
from beyondlabels.runtime.ops import OPS
from beyondlabels.runtime.run import run
from runtime.draws import DRAWS
from runtime.test_ops import one_operation, opinion

TIMES = 25
OUR_OWN = {
    "const": "part of reading a program (``reading.py``), and in every other case here",
    "_const_symbolic": "never saved with a value: see test_every_operation_of_the_newest_opset_is_known",
    "cond": "part of the walk (``run.py``); its inference only forwards what its blocks infer",
    "reverse_sequence": "its inference is there and says that it is still to be written",
    "list_length": "infers from the type of a list, which no constant has; see test_ops_flow.py",
}


def registered():
    """Name -> newest class of every operation of MIL's core dialect."""
    coremltools()
    from coremltools.converters.mil.mil.ops.registry import SSAOpRegistry

    return {name: versions[max(versions)] for name, versions in SSAOpRegistry.core_ops.items()}


def inferred():
    """The operations that define a value inference of their own."""
    known = registered()
    from coremltools.converters.mil.mil.operation import Operation

    return {name for name, kind in known.items() if kind.value_inference is not Operation.value_inference}


def test_every_operation_with_an_inference_is_drawn():
    assert inferred() == {*DRAWS, *OUR_OWN}


def test_every_operation_of_the_newest_opset_is_known():
    """``const`` is read, ``cond`` and ``while_loop`` are part of the walk. ``_const_symbolic`` is coremltools' own, "for testing
    purpose": with numbers in it it is saved as a const, without it has no value that anybody could run."""
    assert set(registered()) - set(OPS) == {"const", "cond", "while_loop", "_const_symbolic"}


@pytest.mark.parametrize("kind", sorted(DRAWS))
def test_coremltools_agrees_on_random_arguments(kind):
    rng = np.random.default_rng(sorted(DRAWS).index(kind))
    for _ in range(TIMES):
        inputs = DRAWS[kind](rng)
        wanted = [np.asarray(each) for each in opinion(kind, inputs)]
        declared = tuple((f"out{place}", _dtype(each), each.shape) for place, each in enumerate(wanted))
        found = run(one_operation(kind, inputs, declared), {})
        for (name, _, _), each in zip(declared, wanted, strict=True):
            np.testing.assert_allclose(
                found[name].astype(np.float64),
                each.astype(np.float64),
                rtol=3e-6,
                atol=3e-6,
                err_msg=f"{kind} of {inputs}",
            )


def _dtype(value):
    """The type that a program declares for what coremltools gives, which sometimes computes wider."""
    return {"f": "float32", "i": "int32" if value.dtype.itemsize > 1 else "int8", "b": "bool"}.get(
        value.dtype.kind, str(value.dtype)
    )
