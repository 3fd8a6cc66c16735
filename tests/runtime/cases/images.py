"""Images resized, cropped and sampled."""

from runtime.cases.values import b, f, i, np

LINE = f([[[[0, 3, 6]]]])  # (1, 1, 1, 3)
FOUR = f(np.arange(1, 17).reshape(1, 1, 4, 4))
TWO = f([[[[1, 2], [3, 4]]]])


def line(kind, mode, expected, **options):
    return (kind, {"x": LINE, **options, "sampling_mode": mode}, f([[[expected]]]))


def wide(mode, expected):
    """To one row of five, or six for the modes that need it."""
    size = {"target_size_height": i(1), "target_size_width": i(len(expected))}
    return line("resize_bilinear", mode, expected, **size)


def sample(x, points, expected, **options):
    options = {"sampling_mode": "bilinear", "padding_mode": "constant", "padding_value": f(9)} | options
    options = {"coordinates_mode": "unnormalized", "align_corners": b(True)} | options
    return ("resample", {"x": x, "coordinates": f([[points]]), **options}, f([[[expected]]]))


def boxes(box, expected, **options):
    given = {"x": FOUR, "boxes": f([box]), "box_indices": i([0]), "target_height": i(2), "target_width": i(2)}
    return ("crop_resize", given | options, f([[expected]]))


CASES = [
    (
        "upsample_nearest_neighbor",
        {"x": TWO, "scale_factor_height": i(2), "scale_factor_width": i(1)},
        f([[[[1, 2], [1, 2], [3, 4], [3, 4]]]]),
    ),
    (
        "upsample_nearest_neighbor",
        {"x": LINE, "scale_factor_height": f(1), "scale_factor_width": f(0.67)},
        f([[[[0, 3]]]]),
    ),
    (
        "upsample_bilinear",
        {"x": LINE, "scale_factor_width": i(2), "align_corners": b(True)},
        f([[[[0, 1.2, 2.4, 3.6, 4.8, 6]]]]),
    ),
    (
        "upsample_bilinear",
        {"x": LINE, "scale_factor_width": i(2), "align_corners": b(False)},
        f([[[[0, 0.75, 2.25, 3.75, 5.25, 6]]]]),
    ),
    (
        "upsample_bilinear",
        {"x": LINE, "scale_factor_width": i(2), "align_corners": b(False), "half_pixel_centers": b(False)},
        f([[[[0, 1.5, 3, 4.5, 6, 6]]]]),
    ),
    (
        "resize_nearest_neighbor",
        {"x": LINE, "target_size_height": i(2), "target_size_width": i(2)},
        f([[[[0, 3], [0, 3]]]]),
    ),
    (
        "resize_nearest_neighbor",
        {"x": TWO, "target_size_height": i(2), "target_size_width": i(4)},
        f([[[[1, 1, 2, 2], [3, 3, 4, 4]]]]),
    ),
    wide("STRICT_ALIGN_CORNERS", [0, 1.5, 3, 4.5, 6]),
    wide("DEFAULT", [0, 1.5, 3, 4.5, 6, 6]),
    wide("UNALIGN_CORNERS", [0, 0.75, 2.25, 3.75, 5.25, 6]),
    wide("OFFSET_CORNERS", [0.75, 2.25, 3.75, 5.25]),
    wide("ALIGN_CORNERS", [3]),
    wide("STRICT_ALIGN_CORNERS", [0]),
    (
        "resize",
        {"x": LINE, "shape": i([0, 5]), "resized_dims": i(2), "sampling_mode": "ALIGN_CORNERS"},
        f([[[[0, 1.5, 3, 4.5, 6]]]]),
    ),
    (
        "resize",
        {"x": TWO, "shape": i([2, 4]), "resized_dims": i(1), "interpolation_mode": "NEAREST_NEIGHBOR"},
        f([[[[1, 1, 2, 2], [3, 3, 4, 4]]]]),
    ),
    (
        "resize",
        {"x": TWO, "shape": i([2, 3]), "resized_dims": i(1), "interpolation_mode": "NEAREST_NEIGHBOR"},
        f([[[[1, 2, 2], [3, 4, 4]]]]),
    ),
    ("crop", {"x": FOUR, "crop_height": i([1, 2]), "crop_width": i([0, 1])}, f([[[[5, 6, 7]]]])),
    ("crop", {"x": FOUR[0], "crop_height": i([0, 3]), "crop_width": i([3, 0])}, f([[[4]]])),
    boxes([1, 1, 2, 2], [[6, 7], [10, 11]], sampling_mode="ALIGN_CORNERS"),
    boxes([2, 2, 1, 1], [[11, 10], [7, 6]], sampling_mode="ALIGN_CORNERS"),
    boxes([0, 0, 1 / 3, 1 / 3], [[1, 2], [5, 6]], sampling_mode="STRICT_ALIGN_CORNERS", normalized_coordinates=b(True)),
    boxes(
        [1.5, 1.5, 1, 1],
        [[6, 7], [10, 11]],
        sampling_mode="ALIGN_CORNERS",
        box_coordinate_mode="CENTER_SIZE_WIDTH_FIRST",
    ),
    boxes([0, 3, 0, 5], [[4, -1], [4, -1]], sampling_mode="ALIGN_CORNERS", pad_value=f(-1)),
    boxes(
        [3, 0, 5, 0],
        [[4, -1], [4, -1]],
        sampling_mode="ALIGN_CORNERS",
        pad_value=f(-1),
        box_coordinate_mode="CORNERS_WIDTH_FIRST",
    ),
    boxes([0, 0, 3, 3], [[1, 3], [9, 11]], sampling_mode="DEFAULT"),
    boxes([0, 0, 3, 3], [[3.5, 5.5], [11.5, 13.5]], sampling_mode="UNALIGN_CORNERS"),
    boxes([0, 0, 2, 2], [[3.5, 4.5], [7.5, 8.5]], sampling_mode="OFFSET_CORNERS"),
    (
        "crop_resize",
        {
            "x": FOUR,
            "roi": f([1, 1, 2, 2]).reshape(1, 1, 4, 1, 1),
            "target_height": i(1),
            "target_width": i(1),
            "sampling_mode": "ALIGN_CORNERS",
        },
        f([[[[[8.5]]]]]),
    ),
    (  # the boxes of Apple's own test: rows 0.3 and 3.9, 1.5 and 3, 0 and 1.8; the value is 1 + 4 row + column
        "crop_resize",
        {
            "x": FOUR,
            "boxes": f([[0.1, 0.3, 1.3, 1.0], [0.5, 1.8, 1.0, 0.3], [0.0, 0.4, 0.6, 0.7]]),
            "box_indices": i([0, 0, 0]),
            "target_height": i(2),
            "target_width": i(2),
            "normalized_coordinates": b(True),
            "sampling_mode": "ALIGN_CORNERS",
            "pad_value": f(10),
        },
        f([[[[3.1, 5.2], [10, 10]]], [[[10, 7.9], [10, 13.9]]], [[[2.2, 3.1], [9.4, 10.3]]]]),
    ),
    (
        "crop_resize",
        {
            "x": np.concatenate([FOUR, -FOUR]),
            "roi": f([1, 0, 0, 0, 0]).reshape(1, 1, 5, 1, 1),
            "sampling_mode": "STRICT_ALIGN_CORNERS",
        },
        f([[[[[-1]]]]]),
    ),
    sample(TWO, [[0, 0], [0.5, 0.5], [1.5, 1]], [1, 2.5, 6.5]),
    sample(TWO, [[0.4, 0.6], [0.6, 0.4]], [3, 2], sampling_mode="nearest"),
    sample(TWO, [[-1, -1], [1, 1], [0, 0]], [1, 4, 2.5], coordinates_mode="normalized_minus_one_to_one"),
    sample(
        TWO, [[0.25, 0.25], [0.75, 0.75]], [1, 4], coordinates_mode="normalized_zero_to_one", align_corners=b(False)
    ),
    sample(LINE, [[-5, 0], [7, 0]], [0, 6], padding_mode="border"),
    sample(LINE, [[-1, 0], [3, 0], [4, 0]], [3, 3, 0], padding_mode="reflection"),
    sample(LINE, [[-1, 0], [3, 0], [4, 0]], [0, 6, 3], padding_mode="symmetric"),
    (
        "affine",
        {"x": TWO, "transform_matrix": f([[1, 0, 0, 0, 1, 0]]), "output_height": i(2), "output_width": i(2)},
        TWO,
    ),
    (
        "affine",
        {"x": TWO, "transform_matrix": f([[-1, 0, 0, 0, 1, 0]]), "output_height": i(2), "output_width": i(2)},
        f([[[[2, 1], [4, 3]]]]),
    ),
    (
        "affine",
        {"x": LINE, "transform_matrix": f([[1, 0, 1, 0, 1, 1]]), "output_height": i(1), "output_width": i(3)},
        f([[[[3, 6, 0]]]]),
    ),
]
