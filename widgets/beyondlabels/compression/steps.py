"""Single steps of ``coremltools.optimize.coreml``, each on weights that are named: nothing else in the program is touched.

Naming them keeps coremltools from compressing tables of whole numbers, such as the children of a tree's nodes, which are
no weights.
"""

import math
from contextlib import contextmanager

_MOST_IN_BLOCK, _LEAST_IN_BLOCK = 32, 8


def linear(mode, joint=False, whole=False):
    """Integers of 8 bits. ``whole``: one scale for all of a weight (a palette's table has no channels)."""

    def step(model, weights):
        cto = _optimize()
        granularity = "per_tensor" if whole else "per_channel"
        each = cto.OpLinearQuantizerConfig(mode=mode, dtype="int8", granularity=granularity, weight_threshold=0)
        with _axes_decided():
            return cto.linear_quantize_weights(model, _config(model, weights, joint, lambda shape: each), joint)

    return step


def blocks(model, weights):
    """Integers of 4 bits with a scale for each block of 32, or of as many up to 32 as divide the weight evenly; by
    channel where fewer than 8 do."""
    cto = _optimize()

    def each(shape):
        common = math.gcd(*shape[:2])
        size = max((count for count in range(1, _MOST_IN_BLOCK + 1) if common % count == 0), default=1)
        options = {"mode": "linear_symmetric", "dtype": "int4", "weight_threshold": 0}
        if size < _LEAST_IN_BLOCK:
            return cto.OpLinearQuantizerConfig(granularity="per_channel", **options)
        return cto.OpLinearQuantizerConfig(granularity="per_block", block_size=size, **options)

    with _axes_decided():
        return cto.linear_quantize_weights(model, _config(model, weights, False, each))


def palette(bits, mode, joint=False):
    """A table of 2**bits values for each weight, ``mode`` "kmeans" or "uniform"."""

    def step(model, weights):
        cto = _optimize()
        each = cto.OpPalettizerConfig(mode=mode, nbits=bits, weight_threshold=0)
        with _axes_decided():
            return cto.palettize_weights(model, _config(model, weights, joint, lambda shape: each), joint)

    return step


def prune(sparsity):
    """The given share of each weight, its smallest numbers, set to 0; the rest and a mask are stored."""

    def step(model, weights):
        cto = _optimize()
        each = cto.OpMagnitudePrunerConfig(target_sparsity=sparsity, weight_threshold=0)
        return cto.prune_weights(model, _config(model, weights, False, lambda shape: each))

    return step


def _optimize():
    from ..quiet import coremltools

    coremltools()
    import coremltools.optimize.coreml as cto

    return cto


@contextmanager
def _axes_decided():
    """While this lasts, a weight that its readers take along different axes, as tied weights are, has axis 0 for its channels.

    ``coremltools.optimize`` (9.0, ``_utils.select_input_output_channel_axis``) finds no axis for such a weight and leaves it
    as it is, or fails in a second step. Which axis the scales follow is a matter of storage alone: unpacked, the weight is the
    same array for every reader.
    """
    from coremltools.optimize import _utils

    own = _utils.select_input_output_channel_axis

    def decided(op):
        axes = own(op)
        return (1, 0) if None in axes else axes

    _utils.select_input_output_channel_axis = decided
    try:
        yield
    finally:
        _utils.select_input_output_channel_axis = own


def _config(model, weights, joint, each):
    """The configuration for the named weights; in a second step for what the first made of them."""
    made = dict.fromkeys(_compressed(model)) if joint else weights
    return _optimize().OptimizationConfig(op_name_configs={name: each(shape) for name, shape in made.items()})


def _compressed(model):
    function = next(iter(model.get_spec().mlProgram.functions.values()))  # packages with several are refused
    operations = function.block_specializations[function.opset].operations
    return [each.outputs[0].name for each in operations if each.type.startswith("constexpr_")]
