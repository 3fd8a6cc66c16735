"""Every error this package raises on purpose. Each message says what was found, what was expected and what to do."""


class BeyondLabelsError(Exception):
    """Base of all errors raised on purpose; catch this one to catch them all."""


class BadInput(BeyondLabelsError, ValueError):
    """The data given to a model or a package cannot be used: wrong width, NaN, text, empty, out of range."""


class NotExportable(BeyondLabelsError):
    """There is nothing to export, or a package cannot be shrunk so. ``.verdict`` holds the limits and the substitutes."""

    def __init__(self, verdict):
        self.verdict = verdict
        super().__init__(str(verdict))


class PackageExists(BeyondLabelsError, FileExistsError):
    """The path to save to is taken and ``overwrite=True`` was not given."""


class ParityFailed(BeyondLabelsError):
    """The saved package does not compute what the model computes. ``.parity`` holds the comparison; nothing was kept."""

    def __init__(self, message, parity):
        self.parity = parity
        super().__init__(message)


class BadPackage(BeyondLabelsError):
    """A saved package cannot be read or run: not a package, damaged, or beyond what the runtime knows."""
