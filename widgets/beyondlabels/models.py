"""Reading a fitted model from a file: skops' safe format, and pickles only on the user's word."""

from pathlib import Path

from .errors import BadInput

_OURS = ["beyondlabels.conversion.surrogates.nearest_core.NearestCorePoint"]
_PICKLES = (".pkl", ".pickle", ".joblib")


def read(path, trust=False):
    """The model in ``path``. ``trust`` runs code that the file names. Raises ``BadInput`` with what to do instead."""
    path = Path(path)
    if not path.is_file():
        raise BadInput(f"{path}: no such file; expected a model saved with skops.io.dump(model, 'model.skops')")
    if path.suffix.lower() in _PICKLES:
        return _pickle(path, trust)
    import skops.io

    try:
        unknown = [name for name in skops.io.get_untrusted_types(file=path) if name not in _OURS]
        if unknown and not trust:
            raise BadInput(
                f"{path} holds types that skops does not know to be safe: {', '.join(unknown)}. "
                "Loading them runs their code; pass --trust if you know where the file comes from"
            )
        return skops.io.load(path, trusted=[*unknown, *_OURS])
    except BadInput:
        raise
    except Exception as error:
        raise BadInput(
            f"{path} cannot be read as a skops file ({error}); save it with skops.io.dump(model, path)"
        ) from None


def _pickle(path, trust):
    if not trust:
        raise BadInput(
            f"{path} is a pickle: loading one runs any code inside it. Save the model with skops.io.dump(model, 'model.skops'), "
            "or pass --trust if you know where the file comes from"
        )
    import joblib

    try:
        return joblib.load(path)
    except Exception as error:
        raise BadInput(f"{path} cannot be read as a pickle ({type(error).__name__}: {error})") from None
