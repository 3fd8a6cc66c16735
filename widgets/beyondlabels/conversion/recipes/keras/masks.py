"""Which value carries which mask, as ``Layer.__call__`` keeps it (keras/src/layers/layer.py, Keras 3.15, 2026).

A functional graph names the masks of most layers in their arguments, but not those of attention, which Keras finds on the
tensors themselves when the model runs. So the walk keeps them too.
"""

from functools import reduce

import keras
import numpy as np

from ....mil.blocks import builder

L = keras.layers
UNCLEAR = "a mask that came through Concatenate"
_ATTENTION = (L.Attention, L.AdditiveAttention)
_HEADS = (L.MultiHeadAttention, L.GroupQueryAttention)
_RECURRENT = (L.LSTM, L.GRU, L.SimpleRNN, L.RNN, L.Bidirectional)
_MERGING = (L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum)
_ENDED = (L.GlobalAveragePooling1D, L.Dot)


class Masks:
    """Masks by value. A value is kept along with its mask, so that its identity stays its own."""

    def __init__(self):
        self._known = {}

    def of(self, value):
        """The mask of a Var, ``None`` where it has none."""
        return self._known.get(id(value), (None, None))[1]

    def arguments(self, layer, args, kwargs):
        """The mask arguments that Keras would add to a call of ``layer``, beside those the graph names; ``UNCLEAR`` among
        them where masks were put end to end on the way."""
        if type(layer) in _ATTENTION and "mask" not in kwargs:
            found = [self.of(value) for value in args[0]]
            return {"mask": found} if any(each is not None for each in found) else {}
        if type(layer) in _HEADS:
            values = dict(zip(("query", "value", "key"), args, strict=False))
            values |= {name: kwargs[name] for name in ("query", "value", "key") if name in kwargs}
            found = {f"{name}_mask": self.of(value) for name, value in values.items()}
            return {name: mask for name, mask in found.items() if mask is not None and name not in kwargs}
        return {}

    def passed_on(self, layer, args, kwargs, made):
        """Note the mask of what ``layer`` made of its arguments."""
        first = next((value for value in keras.tree.flatten([list(args), kwargs]) if hasattr(value, "sym_type")), None)
        mask = self._made(layer, first, kwargs.get("mask"))
        if type(layer) in (*_MERGING, L.Concatenate):
            mask = self._merged(layer, [self.of(each) for each in keras.tree.flatten(list(args))])
        if type(layer) is L.MultiHeadAttention:  # it takes the masks off what it is given; a layer beside it sees none
            for each in keras.tree.flatten([list(args), kwargs]):
                self._known.pop(id(each), None)
        outputs = keras.tree.flatten(made)
        if mask is not None and outputs:
            self._known[id(outputs[0])] = (outputs[0], mask)

    def _merged(self, layer, masks):
        """A step counts where it counts in any input, and all inputs have to have a mask."""
        if type(layer) is L.Concatenate:
            return UNCLEAR if any(each is not None for each in masks) else None
        if any(each is None for each in masks):
            return None
        if UNCLEAR in [each for each in masks if isinstance(each, str)]:
            return UNCLEAR
        return reduce(lambda x, y: builder().logical_or(x=x, y=y), masks)

    def _made(self, layer, first, given):
        mb = builder()
        if type(layer) is L.Embedding and layer.mask_zero:
            return mb.not_equal(x=first, y=np.int32(0) if "int" in str(first.dtype) else np.float32(0))
        if type(layer) is L.Masking:
            known = mb.cast(x=mb.not_equal(x=first, y=np.float32(layer.mask_value)), dtype="fp32")
            found = mb.reduce_max(x=known, axes=[first.rank - 1], keep_dims=False)
            return mb.greater(x=found, y=np.float32(0.5))
        before = given if hasattr(given, "sym_type") else self.of(first)
        if before is None or not getattr(layer, "supports_masking", False) or type(layer) in _ENDED:
            return None
        if type(layer) in _RECURRENT and not layer.return_sequences:
            return None
        return before
