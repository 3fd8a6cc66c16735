"""What of the training data a package would hold, said before there is one."""

from ..errors import NotExportable
from . import describe
from .convert import assess
from .registry import find_recipe


def carries(model):
    """What of the training data a package of ``model`` would carry: a ``Carries``, as in ``ExportResult.carries``.

    Raises ``NotExportable`` (with ``.verdict``) when there is nothing to export.
    """
    verdict = assess(model)
    if not verdict.exportable:
        raise NotExportable(verdict)
    return describe.carried(find_recipe(model), model)
