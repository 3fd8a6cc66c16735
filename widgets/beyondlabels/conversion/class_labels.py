"""Which class labels a package can give."""

import numpy as np

from ..limits import get

_INT32 = np.iinfo(np.int32)


def classes_refused(classes):
    """The limits against class labels that int32 cannot hold."""
    classes = np.asarray(classes)
    if classes.dtype.kind == "b":
        detail = "they are True and False: fit on y.astype(int), and the label is 1 where it was True"
    elif classes.dtype.kind not in "iuf" or not np.array_equal(classes, np.rint(classes)):
        detail = "they are not integers"
    elif not (_INT32.min <= classes.min() and classes.max() <= _INT32.max):
        detail = "they are beyond int32"
    else:
        return []
    return [get("class-labels").because(detail)]


def as_given(model, name, answer):
    """A classifier's answer for the output ``name``, labels that are whole numbers in float (0.0, or Int64 of pandas) as the
    integers that a package gives."""
    labels = name == "label" and answer.dtype.kind == "f" and hasattr(model, "classes_")
    return answer.astype(np.int64) if labels else answer
