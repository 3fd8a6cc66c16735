"""Rows for recipes/sklearn/scaling.py."""

from sklearn.preprocessing import Binarizer, MaxAbsScaler, MinMaxScaler, Normalizer, RobustScaler, StandardScaler

from .. import Row

# An option since scikit-learn 1.9.
_CLIPPING = {"clip": lambda: MaxAbsScaler(clip=True)} if "clip" in MaxAbsScaler().get_params() else {}

ROWS = [
    Row(
        "StandardScaler",
        StandardScaler,
        variants={
            "with_mean=False": lambda: StandardScaler(with_mean=False),
            "with_std=False": lambda: StandardScaler(with_std=False),
            "neither": lambda: StandardScaler(with_mean=False, with_std=False),
        },
    ),
    Row(
        "MinMaxScaler",
        MinMaxScaler,
        variants={
            "another range": lambda: MinMaxScaler((-1, 3)),
            "clip": lambda: MinMaxScaler(clip=True),
            "another range and clip": lambda: MinMaxScaler((-2, -1), clip=True),
        },
    ),
    Row("MaxAbsScaler", MaxAbsScaler, variants=_CLIPPING),
    Row(
        "RobustScaler",
        RobustScaler,
        variants={
            "with_centering=False": lambda: RobustScaler(with_centering=False),
            "with_scaling=False": lambda: RobustScaler(with_scaling=False),
            "neither": lambda: RobustScaler(with_centering=False, with_scaling=False),
            "quantile_range": lambda: RobustScaler(quantile_range=(10.0, 60.0)),
            "unit_variance": lambda: RobustScaler(unit_variance=True),
        },
    ),
    Row(
        "Normalizer", Normalizer, variants={"l1": lambda: Normalizer(norm="l1"), "max": lambda: Normalizer(norm="max")}
    ),
    Row(
        "Binarizer",
        Binarizer,
        variants={
            "threshold 0.3": lambda: Binarizer(threshold=0.3),
            "threshold -1": lambda: Binarizer(threshold=-1.0),
            "a threshold beyond float32": lambda: Binarizer(threshold=1e40),
        },
    ),
]
