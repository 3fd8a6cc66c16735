"""Paths that a browser names: always within the server's root, and never hidden."""

from pathlib import Path


class Refused(Exception):
    """A request that cannot be answered. ``kind`` is a short word for programs, the message a sentence for people."""

    def __init__(self, status, kind, message):
        self.status, self.kind = status, kind
        super().__init__(message)


def within(root, path, hidden=False):
    """The absolute path that ``path`` names below ``root``. Raises ``Refused`` for anything beyond it or, unless ``hidden``,
    for names that begin with a dot; what it says of a place outside is the same whether something lies there or not."""
    if not isinstance(path, str) or not path or "\0" in path:
        raise Refused(400, "bad-request", "path must be the text of a path below the folder that Jupyter shows")
    root = Path(root).expanduser().resolve()
    found = (root / path.lstrip("/")).resolve()
    if not found.is_relative_to(root):
        raise Refused(403, "outside", "the path leaves the folder that Jupyter shows")
    if not hidden and any(part.startswith(".") for part in found.relative_to(root).parts):
        raise Refused(403, "hidden", "the path is hidden, and this server shows no hidden files")
    return found


def named(root, path):
    """``path`` as the browser would name it, with slashes; ``None`` where it does not lie below ``root``."""
    root, path = Path(root).expanduser().resolve(), Path(path).resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None
