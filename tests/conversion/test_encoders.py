"""Encoders against outputs worked out by hand, and what is said of text."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder

import beyondlabels as bl
from conversion.by_hand import agrees

NAN = np.nan
ROWS = np.array([[1.0, 7.0], [2.0, 9.0], [5.0, 7.0]])  # categories 1, 2, 5 and 7, 9
OTHER = [[5.0, 7.0], [3.0, 8.0], [1.0, 9.0]]
HOLES = np.array([[1.0], [NAN], [2.0]])
MANY = np.array([[1.0]] * 5 + [[2.0]] * 2 + [[3.0]] + [[4.0]] * 4)


def target(**options):
    """Categories 0 and 1 with the targets 1, 3 and 8: means 2 and 8, of all 4."""
    return TargetEncoder("auto", "continuous", smooth=0.0, **options).fit([[0.0], [0.0], [1.0]], [1.0, 3.0, 8.0])


CASES = {
    "one-hot": (OneHotEncoder().fit(ROWS), ROWS, [[1, 0, 0, 1, 0], [0, 1, 0, 0, 1], [0, 0, 1, 1, 0]]),
    "unknown": (
        OneHotEncoder(handle_unknown="ignore").fit(ROWS),
        OTHER,
        [[0, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 0, 0, 0, 1]],
    ),
    "without the first": (OneHotEncoder(drop="first").fit(ROWS), ROWS, [[0, 0, 0], [1, 0, 1], [0, 1, 0]]),
    "without the first of two": (
        OneHotEncoder(drop="if_binary").fit(ROWS),
        ROWS,
        [[1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 0]],
    ),
    "without a named one": (OneHotEncoder(drop=[2, 7]).fit(ROWS), ROWS, [[1, 0, 0], [0, 0, 1], [0, 1, 0]]),
    "missing is a category": (OneHotEncoder().fit(HOLES), HOLES, [[1, 0, 0], [0, 0, 1], [0, 1, 0]]),
    "missing is unknown": (
        OneHotEncoder(handle_unknown="ignore").fit(ROWS[:, :1]),
        HOLES,
        [[1, 0, 0], [0, 0, 0], [0, 1, 0]],
    ),
    "infrequent ones together, and unknown with them": (
        OneHotEncoder(min_frequency=3, handle_unknown="infrequent_if_exist").fit(MANY),
        [[1.0], [2.0], [3.0], [4.0], [9.0]],
        [[1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0], [0, 0, 1]],
    ),
    "ordinal": (OrdinalEncoder().fit(ROWS), ROWS, [[0, 0], [1, 1], [2, 0]]),
    "ordinal, unknown": (
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-9).fit(ROWS),
        OTHER,
        [[2, 0], [-9, -9], [0, 1]],
    ),
    "ordinal, missing stays missing": (OrdinalEncoder().fit(HOLES), HOLES, [[0], [NAN], [1]]),
    "ordinal, missing has a number": (OrdinalEncoder(encoded_missing_value=-2).fit(HOLES), HOLES, [[0], [-2], [1]]),
    "ordinal, infrequent ones together": (
        OrdinalEncoder(max_categories=3).fit(MANY),
        [[1.0], [2.0], [3.0], [4.0]],
        [[0], [2], [2], [1]],
    ),
    "target": (target(), [[0.0], [1.0], [2.0], [NAN]], [[2], [8], [4], [4]]),
    "target of two classes": (
        TargetEncoder(smooth=0.0).fit([[0.0], [0.0], [1.0]], ["no", "yes", "yes"]),
        [[0.0], [1.0], [7.0]],
        [[1 / 2], [1], [2 / 3]],
    ),
    "target of three classes": (
        TargetEncoder(smooth=0.0).fit([[0.0, 1.0], [0.0, 1.0], [1.0, 2.0]], [4, 5, 6]),
        [[0.0, 2.0], [9.0, 1.0]],
        [[1 / 2, 1 / 2, 0, 0, 0, 1], [1 / 3, 1 / 3, 1 / 3, 1 / 2, 1 / 2, 0]],
    ),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, {"transformed": expected}, tmp_path)


def test_text_is_refused_with_a_table_for_the_phone():
    frame = pd.DataFrame({'the "isle"': ["Biscoe", "Dream\\", "Öland"], "age": [3, 4, 5], "sex": ["f", "m", None]})
    limit = bl.assess(OneHotEncoder().fit(frame)).refused[0]
    assert (limit.id, limit.detail) == ("text-categories", 'text in the "isle", sex')
    assert limit.instead.splitlines()[1:] == [
        "let codes: [String: [String: Float]] = [",
        '    "the \\"isle\\"": ["Biscoe": 0, "Dream\\\\": 1, "Öland": 2],',
        '    "sex": ["f": 0, "m": 1],',
        "]",
        "table = {",
        '    "the \\"isle\\"": {"Biscoe": 0, "Dream\\\\": 1, "Öland": 2},',
        '    "sex": {"f": 0, "m": 1},',
        "}",
    ]


def test_the_table_in_python_is_the_one_that_the_way_out_names():
    frame = pd.DataFrame({"isle": ["Dream\\", 'Bi"scoe', "Öland"]})
    instead = bl.assess(OrdinalEncoder().fit(frame)).refused[0].instead
    found = {}
    exec(instead[instead.index("table = {") :], found)
    np.testing.assert_array_equal(
        frame["isle"].map(found["table"]["isle"]), OrdinalEncoder().fit_transform(frame)[:, 0]
    )
    many = bl.assess(OrdinalEncoder().fit([[f"{place:03}"] for place in range(51)])).refused[0].instead
    assert "let codes" in many
    assert "table = {" not in many


def test_the_refusal_of_text_names_the_step():
    frame = pd.DataFrame({"isle": ["a", "b"], "age": [3.0, 4.0]})
    model = ColumnTransformer([("code", OrdinalEncoder(), ["isle"]), ("scale", StandardScaler(), ["age"])])
    limit = bl.assess(model.fit(frame)).refused[0]
    assert limit.id == "text-categories"
    assert limit.detail == "step 'code': text in isle"
    assert '"isle": ["a": 0, "b": 1]' in limit.instead


@pytest.mark.parametrize(
    ("rows", "limit", "detail"),
    [
        ([[0.1], [0.2]], "float32-input", "x0 has the category 0.1"),
        ([[0.0], [2.0**24 + 1]], "float32-input", "x0 has the category 16777217.0"),
        (np.array([[1], [2]], object), "option-not-covered", "categories kept as objects; fit on numbers"),
    ],
)
def test_categories_that_no_package_tells_apart(rows, limit, detail):
    found = bl.assess(OrdinalEncoder().fit(rows)).refused[0]
    assert found.id == limit
    assert found.detail.startswith(detail)


def test_an_unknown_category_that_is_an_error_is_a_limit(tmp_path):
    result = bl.export(OneHotEncoder().fit(ROWS), tmp_path / "a.mlpackage", sample=ROWS)
    assert "all zeros" in next(limit for limit in result.limits if limit.id == "no-errors").detail
    found = bl.runtime.load(result.path).predict({"x": OTHER})["transformed"]
    np.testing.assert_array_equal(found[1], np.zeros(5))
    with pytest.raises(bl.BadInput, match="unknown categories"):
        bl.export(OneHotEncoder().fit(ROWS), tmp_path / "b.mlpackage", sample=OTHER)


def test_a_hundred_categories_can_be_proven(tmp_path):
    """No made-up number lies between two categories, for the model would raise an error for it."""
    X = np.arange(100.0)[:, None]
    model = ColumnTransformer([("code", OneHotEncoder(), [0]), ("scale", StandardScaler(), [1])])
    X = np.column_stack([X, np.sin(X)])
    result = bl.export(model.fit(X), tmp_path / "a.mlpackage", sample=X)
    assert result.proof_rows >= 2
    assert bl.runtime.check(result.path).passed


def test_codes_go_on_to_the_next_step(tmp_path):
    """One-hot rows are sparse in scikit-learn; a reference that wants dense ones is given them."""
    from sklearn.cluster import KMeans

    X = np.random.default_rng(0).integers(0, 4, (60, 3)).astype(float)
    model = make_pipeline(OneHotEncoder(), KMeans(3, n_init=1, random_state=0)).fit(X)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=X).parity.passed
