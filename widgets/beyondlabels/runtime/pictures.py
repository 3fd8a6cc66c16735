"""Pictures for an image input: what people hold in their hands, as the array that a program reads."""

import numpy as np

from ..errors import BadInput


def planes(port, value):
    """A picture as (1, channels, height, width) of numbers, channels in the order that ``port.image`` names.

    ``value``: an image of Pillow, or an array (height, width, channels), with or without an axis of one row before it,
    colours in the order red, green, blue; (height, width) in shades of grey. Pixels are whole numbers from 0 to 255. An array
    of the port's own shape is taken as it is. Raises ``BadInput``.
    """
    if hasattr(value, "convert") and hasattr(value, "getbands"):
        value = value.convert("L" if port.image == "GRAYSCALE" else "RGB")
    try:
        array = np.asarray(value)
    except (ValueError, TypeError) as error:
        raise BadInput(f"input {port.name!r} is no picture: {error}") from None
    own = tuple(low for low, _ in port.bounds)
    if array.shape == own:
        return array
    _, channels, high, wide = own
    picture = array[0] if (array.ndim == 4 and len(array) == 1) or array.shape == (1, high, wide) else array
    picture = picture[..., None] if picture.ndim == 2 and channels == 1 else picture
    if picture.shape != (high, wide, channels):
        raise BadInput(
            f"input {port.name!r} has shape {array.shape}; the package takes one picture in {port.image}, an array "
            f"({high}, {wide}, {channels}) or an image of Pillow of {wide} × {high} pixels"
        )
    if array.dtype.kind not in "uif":
        raise BadInput(f"input {port.name!r} is of type {array.dtype}; expected pixels from 0 to 255")
    wrong = ~((picture >= 0) & (picture <= 255) & (picture == np.rint(picture)))
    if wrong.any():
        raise BadInput(f"input {port.name!r} holds {picture[wrong][0]}; pixels are whole numbers from 0 to 255")
    turned = np.moveaxis(picture, -1, 0)
    return (turned[::-1] if port.image == "BGR" else turned)[None]
