"""``make compat``: the parity tests on every scikit-learn, the browser tests on every JupyterLab that the package supports.

Each version has an environment of its own under .cache/compat. COMPAT.md beside this folder keeps a row for each.
"""

from .results import RESULTS, row_of, sentence, written
from .tables import JUPYTERLAB, ROOT, SCIKIT_LEARN, TABLES

__all__ = ["JUPYTERLAB", "RESULTS", "ROOT", "SCIKIT_LEARN", "TABLES", "row_of", "sentence", "written"]
