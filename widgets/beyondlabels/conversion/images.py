"""Packages that take an image instead of an array: what the image becomes before the model sees it."""

from dataclasses import dataclass, replace

import numpy as np

from ..errors import BadInput
from ..mil.blocks import builder
from .inputs import Input, Inputs
from .sample import Sample

_CHANNELS = {"RGB": 3, "BGR": 3, "GRAYSCALE": 1}
MOST_COMPARED = 500  # one call of the package for each


@dataclass(frozen=True)
class ImageInput:
    """How the pixels of an image become the numbers that a model was trained on: ``scale`` × pixel + ``bias``.

    ``color``: the order in which the model wants its channels, "RGB", "BGR" or "GRAYSCALE". ``scale`` and ``bias``: a number,
    or one for each channel in that order; pixels are whole numbers from 0 to 255, so a model trained on values from 0 to 1
    wants ``scale=1 / 255``, and one trained on -1 to 1 ``scale=1 / 127.5, bias=-1``. Raises ``BadInput`` for anything else.
    """

    color: str = "RGB"
    scale: float | tuple = 1.0
    bias: float | tuple = 0.0

    def __post_init__(self):
        if self.color not in _CHANNELS:
            raise BadInput(f"color is {self.color!r}; expected 'RGB', 'BGR' or 'GRAYSCALE'")
        for name in ("scale", "bias"):
            try:
                numbers = np.asarray(getattr(self, name), np.float32)
            except (TypeError, ValueError):
                numbers = np.array(np.nan)
            if numbers.shape not in ((), (self.channels,)) or not np.isfinite(numbers).all():
                raise BadInput(
                    f"{name} is {getattr(self, name)!r}; expected a number, or {self.channels} of them for {self.color}"
                )

    @property
    def channels(self):
        """How many channels the model is given."""
        return _CHANNELS[self.color]

    @property
    def formula(self):
        """In words: what the model is given."""
        scale, bias = ([f"{each:.6g}" for each in np.atleast_1d(value)] for value in (self.scale, self.bias))
        scale, bias = (each[0] if len(each) == 1 else f"({', '.join(each)})" for each in (scale, bias))
        return f"{scale} × pixel + {bias}".replace("+ -", "− ")

    def _spread(self, name):
        return np.broadcast_to(np.asarray(getattr(self, name), np.float32), (self.channels,)).reshape(1, -1, 1, 1)

    def applied(self, pixels):
        """The same in NumPy: float32 of shape (rows, channels, height, width), as the program computes it."""
        return pixels.astype(np.float32) * self._spread("scale") + self._spread("bias")

    def written(self, x):
        """The operations that do it, on the Var of the image."""
        mb = builder()
        if np.any(self._spread("scale") != 1):
            x = mb.mul(x=x, y=np.ascontiguousarray(self._spread("scale")), name=f"{x.name}_scaled")
        if np.any(self._spread("bias") != 0):
            x = mb.add(x=x, y=np.ascontiguousarray(self._spread("bias")), name=f"{x.name}_shifted")
        return x


def adapted(recipe, model, image):
    """The recipe with the model's only input replaced by an image. Raises ``BadInput`` where that input is none."""
    if not isinstance(image, ImageInput):
        raise BadInput(f"image_input is {image!r}; expected beyondlabels.ImageInput(color='RGB', scale=1 / 255)")
    own = _only_input(recipe, model, image)
    port = Input(own.name, (image.channels, *own.shape[:2]), "float32", image)

    def given(X):
        numbers = image.applied(np.asarray(X).reshape(len(X), *port.shape))
        return np.moveaxis(numbers, 1, -1).reshape(len(X), -1)

    def write(model, x):
        mb = builder()
        x = image.written(x)
        x = mb.transpose(x=x, perm=[0, 2, 3, 1]) if len(own.shape) == 3 else mb.squeeze(x=x, axes=[1])
        return recipe.write(model, x)

    ties = recipe.ties and (lambda model, name, X, near: recipe.ties(model, name, given(X), near))
    return replace(
        recipe,
        inputs=lambda model: Inputs([port]),
        write=write,
        reference=lambda model, method, X: recipe.expected(model, method, given(X)),
        ties=ties,
    )


def _only_input(recipe, model, image):
    ports = recipe.inputs(model) if recipe.inputs else None
    if not ports or len(ports) != 1:
        found = f"{len(ports)} inputs" if ports else "a table of features"
        raise BadInput(f"image_input wants a model with one input, an image; this one takes {found}")
    own = ports[0]
    fits = own.dtype == "float32" and len(own.shape) in (2, 3) and (*own.shape, 1)[2] == image.channels
    if not fits:
        wanted = f"(height, width, {image.channels})" + (" or (height, width)" if image.channels == 1 else "")
        raise BadInput(
            f"input {own.name!r} of the model has shape {own.shape}; an image in {image.color} is {wanted}, channels last"
        )
    return own


def checked(sample, inputs):
    """A ``Sample`` from pictures: whole numbers from 0 to 255 of shape (rows, height, width, channels), colours in the order
    red, green, blue; or (rows, height, width) in shades of grey. Raises ``BadInput``."""
    (port,) = inputs
    channels, high, wide = port.shape
    array = np.asarray(next(iter(sample.values())) if isinstance(sample, dict) and len(sample) == 1 else sample)
    if array.dtype.kind not in "uif":
        raise BadInput(f"the sample is of type {array.dtype}; expected pixels, such as an array of uint8")
    if array.ndim == 3 and channels == 1:
        array = array[..., None]
    if array.ndim != 4 or array.shape[1:] != (high, wide, channels):
        raise BadInput(f"the sample has shape {array.shape}; expected pictures (rows, {high}, {wide}, {channels})")
    if not len(array):
        raise BadInput("the sample has no rows; pass at least one picture to verify the package with")
    if not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= 255 and (array == np.rint(array)).all()):
        raise BadInput(
            "the sample of an image input holds pixels: whole numbers from 0 to 255. For pictures scaled to 0 to 1 pass "
            "np.rint(255 * pictures), and say scale=1 / 255 in ImageInput"
        )
    planes = np.moveaxis(array.astype(np.float64), -1, 1)
    planes = planes[:, ::-1] if port.image.color == "BGR" else planes
    return Sample(planes.reshape(len(planes), -1), (), 0.0, inputs)


def sentence(inputs):
    """What the package takes, in words; ``None`` where it takes no image."""
    for port in inputs:
        if port.image is not None:
            _, high, wide = port.shape
            return (
                f"Takes one image a call as {port.name!r}: {wide} × {high} pixels, {port.image.color}; the model is given "
                f"{port.image.formula}, which the program itself computes."
            )
    return None
