"""One way from the export panel to a package: the model's own, or that of a substitute for it."""

import hashlib
from pathlib import Path

from . import carries


class Road:
    """What is exported, what was measured of it, and the package that came of it.

    ``name`` is "" for the model's own road. ``agreement``, ``carries`` and ``note`` are filled by ``measure``; ``note``
    says why there is nothing to measure. ``result`` is the last export, ``place`` where it was saved.
    """

    def __init__(self, model, substitute=None):
        self.name = substitute.name if substitute else ""
        self.substitute = substitute
        self.agreement = self.carries = self.result = self.place = None
        self.note = ""
        self._fitted = None if substitute else model
        self._digest = None

    def fitted(self, X):
        """The model to export; a substitute is fitted on the rows ``X`` when it is first needed."""
        if self._fitted is None:
            self._fitted = self.substitute.fit(X)
        return self._fitted

    def measure(self, X):
        """Fit the substitute, and find how often it agrees with the model and what it would carry; never raises."""
        try:
            self.agreement, self.carries = self.substitute.measure(X), carries(self.fitted(X))
            self.note = ""
        except Exception as error:
            self.note = str(error)

    def keep(self, result):
        """Remember the package that was written, so that it can be checked, and known again, wherever Python goes."""
        self.result, self.place = result, Path(result.path).resolve()
        self._digest = _digest(self.place)

    def wrote(self, path):
        """Whether the package at ``path`` is the one written here, byte by byte."""
        return self.place == Path(path).resolve() and self.place.is_dir() and self._digest == _digest(self.place)


def _digest(package):
    digest = hashlib.sha256()
    for file in sorted(each for each in package.rglob("*") if each.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(package)} {len(content)}\n".encode() + content)
    return digest.hexdigest()
