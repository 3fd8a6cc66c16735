"""Reading a fitted model from a file: skops' and Keras's safe formats, and pickles only on the user's word."""

import os
import zipfile
from pathlib import Path

from .errors import BadInput
from .limits import get

_OURS = ["beyondlabels.conversion.surrogates.nearest_core.NearestCorePoint"]
_PICKLES = (".pkl", ".pickle", ".joblib")


def read(path, trust=False):
    """The model in ``path``. ``trust`` runs code that the file names. Raises ``BadInput`` with what to do instead."""
    path = Path(path)
    if not path.is_file():
        raise BadInput(f"{path}: no such file; expected a model saved with skops.io.dump(model, 'model.skops')")
    if path.suffix.lower() in _PICKLES:
        return _pickle(path, trust)
    if path.suffix.lower() in (".keras", ".h5", ".hdf5"):
        return _keras(path)
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


def _keras(path):
    """A Keras model in safe mode, which runs no code of the file, whatever was said of trust."""
    if path.suffix.lower() != ".keras":
        raise BadInput(f"{path} is in Keras's old format; save the model with model.save('model.keras')")
    if not zipfile.is_zipfile(path):
        raise BadInput(
            f"{path} is damaged, or no Keras model: expected a zip file, as model.save('model.keras') writes; save it again"
        )
    os.environ.setdefault("KERAS_BACKEND", "jax")
    try:
        import keras
    except ImportError as error:
        raise BadInput(
            f"{path} is a Keras model, and Keras cannot be loaded ({error}); pip install keras jax"
        ) from None
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        if "Lambda" in str(error) or "lambda" in str(error):
            raise BadInput(
                f"{path} holds a Lambda layer, whose Python code would have to be run to load it, so it is not. "
                f"{get('keras-lambda').instead}"
            ) from None
        words = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BadInput(
            f"{path} cannot be read as a Keras model ({words}); a model with classes of its own is exported from Python, "
            "with beyondlabels.export"
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
