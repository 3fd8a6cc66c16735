"""A graph pass of ours: constants that are the same, bit for bit, are written once.

coremltools' own leaves tensors of fewer than 100 numbers alone, of which a program has dozens (axes, flags, ends), and
takes two larger ones for the same where no number differs by more than 1e-12.
"""

import numpy as np
from coremltools.converters.mil.mil import ListVar
from coremltools.converters.mil.mil.passes.graph_pass import AbstractGraphPass
from coremltools.converters.mil.mil.passes.helper import block_context_manager
from coremltools.converters.mil.mil.passes.pass_registry import register_pass

_HEAD = 64  # numbers looked at first


@register_pass(namespace="beyondlabels")
class share_constants(AbstractGraphPass):  # noqa: N801  the pass is called by this name
    """Every constant of a block that has the type, the shape and the bits of an earlier one gives way to it."""

    def apply(self, prog):
        for function in prog.functions.values():
            _share(function)


@block_context_manager
def _share(block):
    known, spare = {}, []
    for operation in list(block.operations):
        for inner in operation.blocks:
            _share(inner)
        if operation.op_type != "const":
            continue
        own = operation.outputs[0]
        if isinstance(own, ListVar) or own in block.outputs:
            continue
        alike = known.setdefault(_head(own), [])
        same = next((other for other in alike if _equal(other.val, own.val)), None)
        if same is None:
            alike.append(own)
        elif block.try_replace_uses_of_var_after_op(
            anchor_op=operation,
            old_var=own,
            new_var=same,
            no_check_var_types=True,  # they have one type
        ):
            spare.append(operation)
    block.remove_ops(spare)


def _head(var):
    value = np.asarray(var.val)
    return str(var.dtype), value.dtype, value.shape, value.reshape(-1)[:_HEAD].tobytes()


def _equal(one, other):
    one, other = np.asarray(one), np.asarray(other)
    if one is other or one.size <= _HEAD:  # then the heads say all
        return True
    return memoryview(_bytes(one)) == memoryview(_bytes(other))


def _bytes(array):
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)
