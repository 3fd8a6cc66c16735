"""What keeps a damaged file from raising anything but our own errors."""

from contextlib import contextmanager

import numpy as np

from ..errors import BadInput, BadPackage


@contextmanager
def guarded(path, doing):
    """Turn whatever a damaged file leads to into an error of ours; a refusal of ours gets the path where it has none.

    ``doing``: "read", "run" or "trained". What is known to go wrong is refused where it is found, with words of its own; this
    is for the rest.
    """
    try:
        with np.errstate(all="ignore"):
            yield
    except BadPackage as error:
        raise (error if str(error).startswith(str(path)) else BadPackage(f"{path}: {error}")) from error.__cause__
    except BadInput:
        raise
    except MemoryError:
        raise BadPackage(
            f"{path}: there is not enough memory; the model cannot be {doing} here: use fewer rows"
        ) from None
    except Exception as error:
        raise BadPackage(
            f"{path}: the model cannot be {doing}: {str(error) or type(error).__name__}; it is damaged, save it again"
        ) from error
