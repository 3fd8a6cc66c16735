"""What half precision costs a program: a value that overflows is found on the sample, whether an output shows it or not."""

import numpy as np

from ..errors import NotExportable
from ..limits import get
from ..runtime.overflow import watching
from ..runtime.precision import in_precision
from . import describe


def no_overflow(judge, loaded, compared):
    """Raise ``NotExportable`` where a float16 value of the program overflows on the sample, even one no output shows, or one
    inside a loop or branch.

    It overflows where the same numbers in float32 give a finite one: what is missing (NaN) in the sample, and what no
    precision would make finite, is none. Constants need no look: coremltools leaves in float32 what float16 cannot hold.
    """
    makers = {name: step.kind for step in loaded.program.operations for name, _, _ in step.outputs}
    whole = in_precision(loaded, "float32")
    for start, part in judge.batches(compared):
        given = judge.rows.inputs.split(part)
        with watching() as seen:
            loaded.predict(given)
        if not seen:
            continue
        _refuse_overflow(judge, loaded, seen, start, len(part))
        values = loaded.values(given)  # no operation overflows by itself: a division by what float16 has made 0, say
        odd = [name for name in makers if values[name].dtype == np.float16 and not np.isfinite(values[name]).all()]
        finite = whole.values(given) if odd else {}
        for name in odd:
            over = np.argwhere(~np.isfinite(values[name]) & np.isfinite(finite[name]))
            if len(over):
                row = start + int(over[0][0]) if values[name].ndim else start
                found = f"the result of {makers[name]} overflows, first on row {row} of the sample"
                raise _refusal(judge, found)


def _refuse_overflow(judge, loaded, seen, start, rows):
    """Raise ``NotExportable`` for the first operation that overflows of those that ``watching`` has ``seen``."""
    outside = {step.name for step in loaded.program.operations}
    for each in seen.values():
        if each.overflows:
            first = start + (each.row if each.row < rows else 0)
            where = (
                f"first on row {first}" if each.name in outside else f"inside a loop or branch, on rows from {start} on"
            )
            found = f"the result of {each.kind} overflows, {where} of the sample"
            raise _refusal(judge, found)


def _refusal(judge, found):
    return NotExportable(describe.refused(judge.verdict, get("float16-overflow").because(found)))
