"""Attention, classes and boxes: operations that weigh or choose among rows."""

import numpy as np

from ..bounds import products, room
from .activation import softmax


def scaled_dot_product_attention(query, key, value, attn_mask=None):
    """softmax(query keyᵀ / sqrt(E) + mask) value: (..., L, E), (..., S, E), (..., S, V) to (..., L, V).

    A bool mask says which keys take part; a float mask is added to the scores.
    """
    shape = room(*np.broadcast_shapes(query.shape[:-2], key.shape[:-2]), query.shape[-2], key.shape[-2])
    products(int(np.prod(shape, dtype=object)) * (query.shape[-1] + value.shape[-1]))
    scores = np.matmul(query, np.swapaxes(key, -1, -2)) * np.float32(1 / np.sqrt(query.shape[-1]))
    if attn_mask is not None:
        hidden = np.float32(-np.inf)
        scores = np.where(attn_mask, scores, hidden) if attn_mask.dtype == np.bool_ else scores + attn_mask
    return np.matmul(softmax(scores), value)


def classify(probabilities, classes):
    """The class of the largest probability, and a dict from class to probability."""
    names = [each if isinstance(each, str) else int(each) for each in classes]
    chances = np.ravel(probabilities)
    label = names[int(np.argmax(chances))]
    found = dict(zip(names, map(float, chances), strict=True))
    return label if isinstance(label, str) else np.int64(label), found


def non_maximum_suppression(boxes, scores, iou_threshold, max_boxes, score_threshold=None, per_class_suppression=False):
    """The best boxes, without those that overlap a better one by more than ``iou_threshold``; best first.

    Boxes are (x, y, width, height) around their centre. iOS 15, with a ``score_threshold``: boxes (n, B, 4), scores
    (n, B, K); also returns how many were chosen. From iOS 17: (n, 4, B) and (n, K, B). Missing ones are 0, index -1; where
    none is good enough the best one is given. With ``per_class_suppression`` only boxes of the same best class compete.
    """
    last = score_threshold is None
    boxes, scores = (np.swapaxes(each, 1, 2) if last else each for each in (boxes, scores))
    _, count = room(len(boxes), max_boxes)
    room(boxes.shape[1], boxes.shape[1])  # each box is held against each other
    kept = np.full((len(boxes), count), -1, np.int32)
    for row, (places, chances) in enumerate(zip(boxes, scores, strict=True)):
        found = _chosen(places, chances, iou_threshold, count, score_threshold, per_class_suppression)
        kept[row, : len(found)] = found
    there = (kept >= 0)[..., None]
    made = [
        np.where(there, np.take_along_axis(each, kept[..., None] % each.shape[1], 1), 0) for each in (boxes, scores)
    ]
    if last:
        return np.swapaxes(made[0], 1, 2), np.swapaxes(made[1], 1, 2), kept
    return *made, kept, there.sum(axis=(1, 2), dtype=np.int32)


def _chosen(boxes, scores, iou_threshold, count, score_threshold, per_class):
    best, kinds = scores.max(axis=1), scores.argmax(axis=1)
    overlap = _overlaps(boxes) > iou_threshold
    if per_class:
        overlap &= kinds[:, None] == kinds
    alive = np.ones(len(boxes), bool) if score_threshold is None else best > score_threshold
    found = []
    for place in np.argsort(-best, kind="stable"):
        if alive[place] and len(found) < count:
            found.append(place)
            alive &= ~overlap[place]
    return found or [int(np.argmax(best))][:count]


def _overlaps(boxes):
    """Intersection over union of each pair; 0 where both are empty."""
    low, high = boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2
    common = np.clip(np.minimum(high[:, None], high) - np.maximum(low[:, None], low), 0, None).prod(axis=2)
    area = boxes[:, 2] * boxes[:, 3]
    union = area[:, None] + area - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)
