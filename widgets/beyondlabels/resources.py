"""Where the lessons and datasets lie: inside the installed package, or in the repository's checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name):
    """The folder ``lessons`` or ``datasets``, as installed or as checked out. Raises ``FileNotFoundError``."""
    for place in (_PACKAGE / "_data" / name, _PACKAGE.parent.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(
        f"the folder {name!r} is neither in the installed package nor in a checkout; reinstall beyondlabels"
    )
