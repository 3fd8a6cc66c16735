"""Exceptions from the general cases, each by row and case with its reason and how it ends.

A reason stands in the row itself (``Row.unlike``) where it is about the estimator, here where it is about the case's data.
Each is tested for being needed, and for ending so: a case that passes may not stand here, nor one that fails otherwise.
"""

from beyondlabels.matrix import Ends, all_rows
from matrix.cases import CASES, has_parts, label

HERE = {}


def exceptions():
    """(row, as ``label`` names it, and case) -> ``Ends``."""
    own = {(label(row), case): reason for row in all_rows() for case, reason in row.unlike.items()}
    found = own | HERE
    return {key: reason if isinstance(reason, Ends) else Ends("fit", reason) for key, reason in found.items()}


def pairs():
    """(row, case name) of every case that there is: "one part" needs a parameter to set to one."""
    unlike = exceptions()
    return [
        (row, case)
        for row in all_rows()
        for case in CASES
        if (label(row), case) not in unlike and (case != "one part" or has_parts(row))
    ]
