"""Which class labels a package can give."""

import numpy as np

from ..limits import get


def classes_refused(classes):
    """The limits against class labels that int32 cannot hold."""
    classes = np.asarray(classes)
    if not np.issubdtype(classes.dtype, np.integer):
        return [get("class-labels").because("they are not integers")]
    if np.abs(classes.astype(np.float64)).max() >= 2**31:
        return [get("class-labels").because("they are beyond int32")]
    return []
