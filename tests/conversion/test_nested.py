"""Composites drawn at random, one inside another: each passes parity, or is refused by name.

The draws are seeded: the same in every run. Each is fitted by scikit-learn itself first, so all of them are sound.
"""

import re
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN, KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import NMF, PCA
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MinMaxScaler,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

import beyondlabels as bl

SEEDS = range(45)
COLUMNS = ["a", "b", "длина", "d", "e"]
ROWS = pd.DataFrame(np.random.default_rng(5).normal(0, 1, (90, 5)), columns=COLUMNS)
CLASSES = np.arange(90) % 3
# An option since scikit-learn 1.7.
QUANTILE = {"quantile_method": "averaged_inverted_cdf"} if "quantile_method" in KBinsDiscretizer().get_params() else {}


class Unknown(StandardScaler):
    """A subclass, which no recipe knows."""


class Composite:
    """Draws models; ``random`` is a NumPy Generator."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def transformer(self, depth, width=None):
        """A transformer of some depth; ``width`` is known where the columns can be named."""
        kinds = [self.plain] if depth == 0 else [self.plain, self.pipeline, self.union, self.columns, self.search]
        return self.pick(*kinds)(depth, width)

    def plain(self, depth, width):
        return self.pick(
            lambda: StandardScaler(with_mean=self.pick(True, False)),
            lambda: MinMaxScaler(clip=self.pick(True, False)),
            RobustScaler,
            lambda: PCA(1, whiten=self.pick(True, False)),
            lambda: PolynomialFeatures(2, include_bias=self.pick(True, False)),
            lambda: FunctionTransformer(np.tanh),
            lambda: KBinsDiscretizer(3, encode="ordinal", **QUANTILE),
            SimpleImputer,
            lambda: KMeans(2, n_init=1, random_state=0),
            lambda: Unknown() if self.random.random() < 0.2 else StandardScaler(),
            lambda: NMF(1) if self.random.random() < 0.2 else MinMaxScaler(),
        )()

    def pipeline(self, depth, width):
        steps = [self.transformer(depth - 1, width)]
        steps += [self.pick(self.transformer(depth - 1), "passthrough", None) for _ in range(self.pick(0, 1, 2))]
        return Pipeline([(f"s{place}", step) for place, step in enumerate(steps)])

    def union(self, depth, width):
        parts = [(f"u{place}", self.transformer(depth - 1, width)) for place in range(self.pick(1, 2))]
        parts += [("more", self.pick("passthrough", "drop", StandardScaler()))]
        return FeatureUnion(parts, transformer_weights=self.pick(None, {"u0": 0.5}))

    def columns(self, depth, width):
        if width is None:  # behind another step: only some of the ways to name columns are sure to exist
            chosen = self.pick([0], slice(0, 1), lambda X: [0], [-1])
            return ColumnTransformer([("c", self.transformer(depth - 1), chosen)], remainder=self.remainder())
        ways = [
            ["a", "d"],
            [2, 0],
            slice(1, 4),
            slice("b", "d"),
            "abc",
            np.arange(5) < 3,
            [-1],
            [],
            lambda X: ["длина"],
        ]
        ways[4] = ["длина", "b"]
        parts = [(f"c{place}", self.transformer(depth - 1), self.pick(*ways)) for place in range(self.pick(1, 2, 3))]
        parts += [("one", self.pick("passthrough", "drop", MinMaxScaler()), ["e"])]
        return ColumnTransformer(parts, remainder=self.remainder())

    def remainder(self):
        return self.pick("drop", "passthrough", StandardScaler())

    def search(self, depth, width):
        inner = Pipeline([("t", self.transformer(depth - 1, width)), ("pca", PCA())])
        return GridSearchCV(inner, {"pca__n_components": [1]}, cv=2, scoring=lambda model, X, y=None: 0.0)

    def model(self):
        """A transformer of up to three levels, or one with a last step of its own."""
        first = self.transformer(self.pick(1, 2, 3), len(COLUMNS))
        last = self.pick(
            lambda: None,
            lambda: None,
            lambda: KMeans(3, n_init=1, random_state=0),
            lambda: GaussianMixture(2, random_state=0),
            lambda: KNeighborsClassifier(3),
            lambda: DBSCAN(0.5),
        )()
        return first if last is None else Pipeline([("first", first), ("last", last)])


@cache
def drawn(seed):
    """A fitted composite; ``None`` where scikit-learn cannot fit it, such as NMF on numbers below 0."""
    made = Composite(seed)
    model = made.model()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            model.fit(ROWS, CLASSES)
            return FrozenEstimator(model) if made.random.random() < 0.2 else model
        except (ValueError, TypeError, IndexError, AttributeError):
            return None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_composite_passes_parity_or_is_refused_by_name(seed, tmp_path):
    model = drawn(seed)
    verdict = bl.assess(model)
    if model is None:
        assert [limit.id for limit in verdict.refused] == ["no-recipe"]
        return
    if not verdict.exportable:
        assert {limit.id for limit in verdict.refused} <= {"no-recipe", "no-out-of-sample", "option-not-covered"}
        named = [limit.detail for limit in verdict.refused if limit.id == "no-recipe"]
        assert all(re.search(r"step '\w+'.*Unknown, a subclass of the known StandardScaler", each) for each in named)
        with pytest.raises(bl.NotExportable):
            bl.export(model, tmp_path / "a.mlpackage", sample=ROWS)
        return
    result = bl.export(model, tmp_path / "a.mlpackage", sample=ROWS)
    assert result.parity.passed
    checked = bl.runtime.check(result.path)
    assert checked.passed, str(checked)
    seen = ROWS.astype(np.float32).astype(np.float64)
    found = bl.runtime.load(result.path).predict({"x": ROWS})
    for name, method in result.outputs.items():
        back = method == "inverse_transform"
        wanted = np.asarray(model.inverse_transform(model.transform(seen)) if back else getattr(model, method)(seen))
        if wanted.dtype.kind in "iub":
            wrong = found[name] != wanted
        else:
            wrong = np.abs(found[name] - wanted) > 1e-4 * (np.abs(wanted) + np.abs(wanted).max(initial=1e-30))
        off = wrong.reshape(len(ROWS), -1).any(axis=1).sum()
        assert off <= result.parity[name].ties <= len(ROWS) / 4


def test_the_draws_are_of_every_kind():
    """At least half are exported, and every way to put models together is among them."""
    kinds = {seed: repr(drawn(seed)) for seed in SEEDS}
    exported = [kinds[seed] for seed in SEEDS if kinds[seed] != "None" and bl.assess(drawn(seed)).exportable]
    assert len(exported) >= len(SEEDS) / 2
    for name in (
        "Pipeline",
        "FeatureUnion",
        "ColumnTransformer",
        "GridSearchCV",
        "FrozenEstimator",
        "passthrough",
        "drop",
    ):
        assert any(name in each for each in exported), name
    assert any(not bl.assess(drawn(seed)).exportable for seed in SEEDS if kinds[seed] != "None")
