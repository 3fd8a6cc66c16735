"""Values read from images (n, channels, height, width) at points that need not be whole numbers."""

import numpy as np

from ..bounds import room
from .grids import grid


def resample(x, coordinates, sampling_mode, padding_mode, padding_value, coordinates_mode, align_corners):
    """x at ``coordinates`` (n, H, W, 2), each (x, y), to (n, channels, H, W); "bilinear" or "nearest" (a half to the even).

    ``coordinates_mode``: unnormalized, normalized_minus_one_to_one or normalized_zero_to_one; with ``align_corners`` the
    extremes are the centres of the corner pixels, without it their outer edges. ``padding_mode`` says what lies beyond:
    constant, border, reflection (without the edge) or symmetric (with it).
    """
    height, width = x.shape[2:]
    room(*x.shape[:2], *coordinates.shape[1:3])
    pairs = ((coordinates[..., 1], height), (coordinates[..., 0], width))
    rows, columns = (_places(at.astype(np.float32), size, coordinates_mode, align_corners) for at, size in pairs)
    rows, columns = _held(rows, height, padding_mode), _held(columns, width, padding_mode)
    beyond = padding_value if padding_mode == "constant" else None
    return _read(x, np.arange(len(x)), rows, columns, sampling_mode, beyond)


def affine(
    x,
    transform_matrix,
    output_height,
    output_width,
    sampling_mode="bilinear",
    padding_mode="constant",
    padding_value=0.0,
    coordinates_mode="normalized_minus_one_to_one",
    align_corners=True,
):
    """x read at (a0 x + a1 y + a2, b0 x + b1 y + b2) for each point (x, y) of the output, both in [-1, 1].

    ``transform_matrix`` (n or 1, 6) holds a0, a1, a2, b0, b1, b2.
    """
    *_, height, width = room(*x.shape[:2], output_height, output_width)
    down, across = np.meshgrid(_ends(height), _ends(width), indexing="ij")
    matrix = np.broadcast_to(transform_matrix, (len(x), 6)).reshape(len(x), 2, 3)
    points = np.stack([across, down, np.ones_like(down)], axis=-1).astype(np.float32)
    coordinates = np.einsum("hwk,nck->nhwc", points, matrix)
    return resample(x, coordinates, sampling_mode, padding_mode, padding_value, coordinates_mode, align_corners)


def crop_resize(
    x,
    boxes=None,
    box_indices=None,
    target_height=1,
    target_width=1,
    normalized_coordinates=False,
    spatial_scale=1.0,
    box_coordinate_mode="CORNERS_HEIGHT_FIRST",
    sampling_mode="DEFAULT",
    pad_value=0.0,
    roi=None,
):
    """The parts of x inside ``boxes``, each interpolated to the target size; ``pad_value`` beyond the image.

    From iOS 17: boxes (N, 4) and the image of each in ``box_indices``, to (N, channels, h, w). Before: ``roi``
    (N, 1, 4, 1, 1) of every image, to (N, n, channels, h, w), or (N, 1, 5, 1, 1) with the index of its image first, to
    (N, 1, channels, h, w).
    """
    n = len(x)
    if roi is None:
        images = np.arange(len(boxes)) if box_indices is None else np.asarray(box_indices, np.int64)
        flat, shape = boxes, (len(boxes),)
    elif roi.shape[2] == 4:
        images, flat = np.tile(np.arange(n), len(roi)), np.repeat(roi.reshape(-1, 4), n, axis=0)
        shape = (len(roi), n)
    else:
        images, flat = roi.reshape(-1, 5)[:, 0].astype(np.int64), roi.reshape(-1, 5)[:, 1:]
        shape = (len(roi), 1)
    if images.size and not 0 <= images.min() <= images.max() < n:
        raise IndexError(f"a box asks for image {images.max()}, there are {n}")
    room(len(flat), x.shape[1], target_height, target_width)
    corners = _corners(flat.astype(np.float32), box_coordinate_mode)
    scale = [x.shape[2] - 1, x.shape[3] - 1] * 2 if normalized_coordinates else [1] * 4
    corners = corners * np.float32(spatial_scale) * np.array(scale, np.float32)
    rows = np.stack([_box(box[0], box[2], int(target_height), sampling_mode) for box in corners])
    columns = np.stack([_box(box[1], box[3], int(target_width), sampling_mode) for box in corners])
    made = _read(x, images, rows[:, :, None], columns[:, None, :], "bilinear", pad_value, whole=True)
    return made.reshape(*shape, *made.shape[1:])


def _ends(count):
    return np.linspace(-1, 1, count) if count > 1 else np.array([-1.0])


def _places(at, size, mode, align_corners):
    """Coordinates as fractional indices."""
    if mode == "unnormalized":
        return at
    if mode not in ("normalized_minus_one_to_one", "normalized_zero_to_one"):
        raise ValueError(f"no coordinates_mode {mode!r}")
    share = (at + 1) / 2 if mode == "normalized_minus_one_to_one" else at
    return share * (size - 1) if align_corners else share * size - np.float32(0.5)


def _held(at, size, mode):
    """Indices beyond the image brought back into it, as the padding mode says."""
    if mode == "constant":
        return at
    if mode == "reflection" and size > 1:
        at = np.abs(at) % (2 * (size - 1))
        at = np.where(at > size - 1, 2 * (size - 1) - at, at)
    elif mode == "symmetric":
        at = np.abs(at + np.float32(0.5)) % (2 * size)
        at = np.where(at > size, 2 * size - at, at) - np.float32(0.5)
    elif mode not in ("border", "reflection"):
        raise ValueError(f"no padding_mode {mode!r}")
    return np.clip(at, 0, size - 1)


def _read(x, images, rows, columns, sampling_mode, beyond, whole=False):
    """(points' images, channels, *points): x at fractional rows and columns. ``beyond``: the value outside, or ``None``.

    ``whole``: a point outside is all ``beyond``; otherwise each of its four neighbours is.
    """
    rows, columns = np.broadcast_arrays(rows, columns)
    pick = images.reshape(-1, 1, 1)

    def at(row, column):
        held = np.clip(row, 0, x.shape[2] - 1).astype(np.int64), np.clip(column, 0, x.shape[3] - 1).astype(np.int64)
        values = np.moveaxis(x[pick, :, held[0], held[1]], -1, 1)
        if beyond is None or whole:
            return values
        inside = (row >= 0) & (row < x.shape[2]) & (column >= 0) & (column < x.shape[3])
        return np.where(inside[:, None], values, np.float32(beyond))

    if sampling_mode == "nearest":
        return at(np.rint(rows), np.rint(columns))
    if sampling_mode != "bilinear":
        raise ValueError(f"no sampling_mode {sampling_mode!r}")
    top, left = np.floor(rows), np.floor(columns)
    down, right = (rows - top)[:, None], (columns - left)[:, None]
    upper = at(top, left) * (1 - right) + at(top, left + 1) * right
    lower = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right
    made = upper * (1 - down) + lower * down
    if whole:
        inside = (rows >= 0) & (rows <= x.shape[2] - 1) & (columns >= 0) & (columns <= x.shape[3] - 1)
        made = np.where(inside[:, None], made, np.float32(beyond))
    return made


def _corners(boxes, mode):
    """Boxes as (top, left, bottom, right)."""
    if not mode.endswith(("HEIGHT_FIRST", "WIDTH_FIRST")):
        raise ValueError(f"no box_coordinate_mode {mode!r}")
    boxes = boxes[:, [1, 0, 3, 2]] if mode.endswith("WIDTH_FIRST") else boxes
    if mode.startswith("CORNERS"):
        return boxes
    centre, size = boxes[:, :2], boxes[:, 2:]
    return np.concatenate([centre - size / 2, centre + size / 2], axis=1)


def _box(low, high, count, mode):
    """Sample points between two edges: those of an image of high - low + 1 values that begins at ``low``."""
    return (low + grid(high - low + 1, count, mode)).astype(np.float32)
