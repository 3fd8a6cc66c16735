"""What goes in and out of the older kinds by name: numbers, texts, arrays, images, dictionaries; one row or many.

Inside, a feature is a column: an array whose first axis is the rows, or a list of dicts.
"""

from dataclasses import dataclass

import numpy as np

from ...errors import BadInput, BadPackage
from ..program import Port

_ARRAYS = {65552: "float16", 65568: "float32", 65600: "float64", 131080: "int8", 131104: "int32"}
_NO_LIMIT = 2**31 - 1
_COLOURS = {10: 1, 20: 3, 30: 3, 40: 1}
_KINDS = {
    "int64Type": ("number", "int64"),
    "doubleType": ("number", "float64"),
    "stringType": ("text", "str"),
    "multiArrayType": ("array", ""),
    "imageType": ("image", "float32"),
    "dictionaryType": ("dict", "dict"),
}


@dataclass(frozen=True)
class Feature:
    """One input or output. ``shapes`` lists the shapes an array may have, each axis as (smallest, largest)."""

    name: str
    kind: str
    dtype: str
    shapes: tuple = ((),)
    key: str = ""
    optional: bool = False
    default: float | None = None
    sequence: bool = False  # of a network with the old mapping: (sequence, batch, channels) is a value too

    @property
    def port(self):
        """The same for ``inspect``; of several shapes, from the smallest to the largest of each axis."""
        bounds = None
        if self.kind not in ("dict", "text") and self.shapes and len({len(shape) for shape in self.shapes}) == 1:
            axes = zip(*self.shapes, strict=True)
            bounds = tuple((min(low for low, _ in axis), max(high for _, high in axis)) for axis in axes)
        return Port(self.name, self.dtype, bounds)

    def fits(self, shape):
        """Whether an array of ``shape`` is one value of this feature."""
        return not self.shapes or any(
            len(shape) == len(each) and all(low <= size <= high for size, (low, high) in zip(shape, each, strict=True))
            for each in self.shapes
        )

    def column(self, value, nan=False):
        """(column, whether ``value`` was many rows) of what a caller gave. Raises ``BadInput`` for anything else."""
        if self.kind == "dict":
            many = isinstance(value, (list, tuple))
            return [self._dictionary(each) for each in (value if many else [value])], many
        if self.kind == "text":
            return self._texts(value)
        array = self._numbers(value, nan)
        if self.sequence and array.ndim in (3, 5) and not self.fits(array.shape) and self._in_rank_5(array):
            return array.reshape(1, *array.shape, *[1] * (5 - array.ndim)), False
        many = not self.fits(array.shape)
        if many and not (array.ndim and self.fits(array.shape[1:]) and len(array)):
            raise BadInput(
                f"input {self.name!r} has shape {array.shape}; expected {self.port.shape}, or that for each of 1 or more rows"
            )
        return (array if many else array[None]), many

    def _in_rank_5(self, array):
        """Whether ``array`` is (sequence, batch, *shape), for a shape of one axis or three."""
        return array.size and any(len(shape) == array.ndim - 2 for shape in self.shapes) and self.fits(array.shape[2:])

    def _numbers(self, value, nan):
        try:
            numbers = np.asarray(value)
            if numbers.dtype.kind == "O" and not any(isinstance(each, (str, bytes)) for each in numbers.flat):
                numbers = numbers.astype(np.float64)
        except (ValueError, TypeError, OverflowError):
            raise BadInput(
                f"input {self.name!r} holds something that is no number; leave it out or encode it"
            ) from None
        if numbers.dtype.kind not in "fiub":
            raise BadInput(f"input {self.name!r} is of type {numbers.dtype}; expected numbers ({self.dtype})")
        if (
            self.dtype.startswith("int")
            and numbers.dtype.kind == "f"
            and not np.array_equal(numbers, np.round(numbers))
        ):
            raise BadInput(f"input {self.name!r} takes whole numbers ({self.dtype}), found others")
        with np.errstate(over="ignore", invalid="ignore"):
            cast = np.array(numbers, self.dtype)
        wrong = ~np.isfinite(cast) & ~(np.isnan(numbers) & nan) if cast.dtype.kind == "f" else cast != numbers
        if np.any(wrong):
            where = tuple(int(index) for index in np.argwhere(wrong)[0])
            raise BadInput(f"input {self.name!r}: the value {numbers[where]} at {where} is not a finite {self.dtype}")
        return cast

    def _texts(self, value):
        many = not isinstance(value, str)
        texts = np.array([value] if not many else list(value) if np.iterable(value) else [value], object)
        if texts.ndim != 1 or not len(texts) or not all(isinstance(each, str) for each in texts):
            raise BadInput(f"input {self.name!r} takes a text, or a list of texts; found {value!r:.60}")
        return texts, many

    def _dictionary(self, value):
        kind = str if self.key == "str" else (int, np.integer)
        if not isinstance(value, dict) or not all(isinstance(each, kind) for each in value):
            raise BadInput(f"input {self.name!r} takes a dict with keys of type {self.key}; found {value!r:.60}")
        try:
            return {(key if self.key == "str" else int(key)): float(number) for key, number in value.items()}
        except (TypeError, ValueError):
            raise BadInput(f"input {self.name!r}: a value of the dict is no number") from None

    def given(self, column):
        """A column as this output gives it: cast to its type, and to its shape where that is fixed."""
        if self.kind == "dict" or (self.kind == "text" and isinstance(column, np.ndarray)):
            return column
        column = np.asarray(column)
        if self.kind == "number" and column.ndim > 1:
            if column.size != len(column):
                raise BadPackage(f"output {self.name!r} is declared as one number, the model gives {column.shape[1:]}")
            column = column.reshape(len(column))
        fixed = len(self.shapes) == 1 and all(low == high for low, high in self.shapes[0])
        shape = tuple(low for low, _ in self.shapes[0]) if fixed else None
        if self.kind == "array" and shape and column.size == len(column) * int(np.prod(shape, dtype=object)):
            column = column.reshape(len(column), *shape)
        if self.dtype == "int64" and column.dtype.kind == "f" and not np.array_equal(column, np.round(column)):
            raise BadInput(
                f"output {self.name!r} is a whole number, the model gives {column[column != np.round(column)][0]}"
            )
        try:
            with np.errstate(all="ignore"):
                return column.astype(self.dtype, copy=False)
        except (TypeError, ValueError):
            raise BadPackage(
                f"output {self.name!r} is declared as {self.dtype}, the model gives {type(column.flat[0]).__name__}"
            ) from None


def feature(description, sequence=False):
    """The ``Feature`` of a ``FeatureDescription``; ``sequence`` as its field.

    Raises ``BadPackage`` for a type that is not covered."""
    kind = description.type.WhichOneof("Type")
    if kind not in _KINDS:
        raise BadPackage(f"{description.name!r} is declared as {kind or 'nothing'}, which this runtime does not cover")
    word, dtype = _KINDS[kind]
    optional = description.type.isOptional
    if word == "array":
        array = description.type.multiArrayType
        if array.dataType not in _ARRAYS:
            raise BadPackage(f"{description.name!r} is an array of type {array.dataType}, which is none")
        default = array.WhichOneof("defaultOptionalValue")
        default = getattr(array, default) if default else None
        return Feature(
            description.name,
            word,
            _ARRAYS[array.dataType],
            _shapes(array),
            optional=optional,
            default=default,
            sequence=sequence,
        )
    if word == "image":
        return Feature(description.name, word, dtype, _image_shapes(description), optional=optional)
    if word == "dict":
        key = description.type.dictionaryType.WhichOneof("KeyType")
        return Feature(
            description.name, word, dtype, key="str" if key == "stringKeyType" else "int64", optional=optional
        )
    return Feature(description.name, word, dtype, optional=optional)


def _shapes(array):
    flexible = array.WhichOneof("ShapeFlexibility")
    if flexible == "shapeRange":
        return (tuple(_range(each) for each in array.shapeRange.sizeRanges),)
    if flexible == "enumeratedShapes":
        return tuple(tuple((size, size) for size in each.shape) for each in array.enumeratedShapes.shapes)
    return (tuple((size, size) for size in array.shape),) if len(array.shape) else ()


def _image_shapes(description):
    image = description.type.imageType
    if image.colorSpace not in _COLOURS:
        raise BadPackage(f"the image {description.name!r} has no colour space")
    channels = (_COLOURS[image.colorSpace],) * 2
    flexible = image.WhichOneof("SizeFlexibility")
    if flexible == "imageSizeRange":
        return ((channels, _range(image.imageSizeRange.heightRange), _range(image.imageSizeRange.widthRange)),)
    if flexible == "enumeratedSizes":
        return tuple((channels, (size.height,) * 2, (size.width,) * 2) for size in image.enumeratedSizes.sizes)
    return ((channels, (image.height,) * 2, (image.width,) * 2),)


def _range(size):
    return size.lowerBound, _NO_LIMIT if size.upperBound < 0 else size.upperBound
