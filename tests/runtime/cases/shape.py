"""The same values in another shape."""

from runtime.cases.values import GRID, f, i, np

BLOCK = f(np.arange(1, 9).reshape(1, 8, 1, 1))
TWO = f([[[[1, 2, 5, 6], [3, 4, 7, 8]]]])  # (1, 1, 2, 4): two blocks of 2 by 2 side by side

CASES = [
    ("expand_dims", {"x": f([1, 2]), "axes": i([0])}, f([[1, 2]])),
    ("expand_dims", {"x": f([1, 2]), "axes": i([-1])}, f([[1], [2]])),
    ("expand_dims", {"x": f([1, 2]), "axes": i([0, 2])}, f([[[1], [2]]])),
    ("squeeze", {"x": f([[[1], [2]]]), "axes": i([0])}, f([[1], [2]])),
    ("squeeze", {"x": f([[[1], [2]]]), "axes": i([-1])}, f([[1, 2]])),
    ("squeeze", {"x": f([[[1], [2]]])}, f([1, 2])),
    ("reshape", {"x": GRID, "shape": i([3, 2])}, f([[3, 1], [2, 1], [1, 5]])),
    ("reshape", {"x": GRID, "shape": i([-1])}, f([3, 1, 2, 1, 1, 5])),
    ("reshape", {"x": GRID, "shape": i([0, -1])}, GRID),
    ("reshape", {"x": GRID, "shape": i([1, 0, -1, 0])}, GRID.reshape(1, 1, 2, 3)),
    ("reshape", {"x": f([[1, 2]]), "shape": i([0])}, f([1, 2])),
    (
        "reshape_like",
        {
            "x": f([1, 2, 3, 4, 5, 6]),
            "ref_tensors": [GRID],
            "begins": i([0]),
            "ends": i([2]),
            "end_masks": np.array([False]),
        },
        f([[1, 2, 3], [4, 5, 6]]),
    ),
    (
        "reshape_like",
        {
            "x": GRID,
            "ref_tensors": [f([[1], [1]]), f([[0, 0, 0]])],
            "begins": [i(0), i(1)],
            "ends": [i(1), i(0)],
            "end_masks": [np.array(False), np.array(True)],
        },
        GRID,
    ),
    ("flatten2d", {"x": f(np.arange(8).reshape(2, 2, 2)), "axis": i(1)}, f([[0, 1, 2, 3], [4, 5, 6, 7]])),
    ("flatten2d", {"x": f(np.arange(8).reshape(2, 2, 2)), "axis": i(-1)}, f([[0, 1], [2, 3], [4, 5], [6, 7]])),
    ("transpose", {"x": GRID, "perm": i([1, 0])}, f([[3, 1], [1, 1], [2, 5]])),
    ("transpose", {"x": f([[[1, 2]]]), "perm": i([-1, 0, 1])}, f([[[1]], [[2]]])),
    ("shape", {"x": GRID}, i([2, 3])),
    ("shape", {"x": i([5])}, i([1])),
    ("depth_to_space", {"x": BLOCK[:, :4], "block_size": i(2)}, f([[[[1, 2], [3, 4]]]])),
    ("depth_to_space", {"x": BLOCK, "block_size": i(2)}, f([[[[1, 3], [5, 7]], [[2, 4], [6, 8]]]])),
    ("space_to_depth", {"x": f([[[[1, 2], [3, 4]]]]), "block_size": i(2)}, BLOCK[:, :4]),
    ("space_to_depth", {"x": f([[[[1, 3], [5, 7]], [[2, 4], [6, 8]]]]), "block_size": i(2)}, BLOCK),
    ("pixel_shuffle", {"x": BLOCK[:, :4], "upscale_factor": i(2)}, f([[[[1, 2], [3, 4]]]])),
    ("pixel_shuffle", {"x": BLOCK, "upscale_factor": i(2)}, f([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]])),
    ("pixel_unshuffle", {"x": f([[[[1, 2], [3, 4]]]]), "downscale_factor": i(2)}, BLOCK[:, :4]),
    ("pixel_unshuffle", {"x": f([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]), "downscale_factor": i(2)}, BLOCK),
    (
        "space_to_batch",
        {"x": f([[[[1, 2], [3, 4]]]]), "block_shape": i([2, 2]), "paddings": i([[0, 0], [0, 0]])},
        f([[[[1]]], [[[2]]], [[[3]]], [[[4]]]]),
    ),
    (
        "space_to_batch",
        {"x": f([[[[1, 2, 3]]]]), "block_shape": i([1, 2]), "paddings": i([[0, 0], [1, 0]])},
        f([[[[0, 2]]], [[[1, 3]]]]),
    ),
    (
        "batch_to_space",
        {"x": f([[[[1]]], [[[2]]], [[[3]]], [[[4]]]]), "block_shape": i([2, 2]), "crops": i([[0, 0], [0, 0]])},
        f([[[[1, 2], [3, 4]]]]),
    ),
    (
        "batch_to_space",
        {"x": f([[[[0, 2]]], [[[1, 3]]]]), "block_shape": i([1, 2]), "crops": i([[0, 0], [1, 0]])},
        f([[[[1, 2, 3]]]]),
    ),
    ("depth_to_space", {"x": f([[[[1, 5]], [[2, 6]], [[3, 7]], [[4, 8]]]]), "block_size": i(2)}, TWO),
]
