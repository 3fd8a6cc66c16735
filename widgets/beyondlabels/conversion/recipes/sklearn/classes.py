"""What classifiers share: which class labels a package can give, the label from scores, and what is a tie."""

import numpy as np

from ....limits import get
from ....mil.blocks import builder
from ...class_labels import classes_refused


def refuse_classes(model):
    """The limits against several target columns, and against labels that int32 cannot hold."""
    if isinstance(model.classes_, list):
        return [get("option-not-covered").because("several target columns")]
    return classes_refused(model.classes_)


def best_class(scores, classes):
    """The class with the largest score, the first of equals: ``scores`` (rows, classes) give int32 (rows,)."""
    mb = builder()
    classes = np.asarray(classes)
    winner = mb.reduce_argmax(x=scores, axis=1, keep_dims=False)
    if np.array_equal(classes, np.arange(len(classes))):
        return winner
    return mb.gather(x=classes.astype(np.int32), indices=winner, axis=0)


def two_classes(second, classes):
    """The second class where the bool ``second`` (rows,) holds, else the first."""
    mb = builder()
    first, other = (int(each) for each in classes)
    place = mb.cast(x=second, dtype="int32")
    if (first, other) == (0, 1):
        return place
    return mb.gather(x=np.asarray(classes, np.int32), indices=place, axis=0)


def two_probabilities(score):
    """Of the first and the second class, (rows, 2): the logistic function of minus and plus ``score`` (rows, 1)."""
    mb = builder()
    return mb.concat(values=[mb.sigmoid(x=mb.mul(x=score, y=np.float32(-1))), mb.sigmoid(x=score)], axis=1)


def close_race(model, name, X, near):
    """Rows whose two most probable classes differ by at most ``near``."""
    shares = np.sort(model.predict_proba(X), axis=1)
    return shares[:, -1] - shares[:, -2] <= near if shares.shape[1] > 1 else np.zeros(len(X), bool)
