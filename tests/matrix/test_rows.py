"""Every estimator of the matrix on every kind of data that breaks a careless recipe, and with every option.

``export`` reads the saved file back and compares it with the model at the recipe's own tolerance (1e-5 unless the recipe
says otherwise), and raises when one number is beyond it. Raw data far from 0 (``cases.RAW``) may be off by 1e-4.
"""

import inspect
import warnings
from copy import copy

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.utils.validation import check_is_fitted

import beyondlabels as bl
from beyondlabels.matrix import all_rows
from matrix import cases, unlike
from matrix.cases import label

ROWS = all_rows()
RAW_TOLERANCE = 1e-4


def options(kind):
    return [
        pytest.param(row, make, id=f"{label(row)}-{name}") for row in ROWS for name, make in getattr(row, kind).items()
    ]


def exported(model, sample, folder, raw=False):
    """The ``ExportResult``; ``None`` where raw data are off by more than 1e-5 and by less than 1e-4."""
    try:
        result = cases.quietly(bl.export, model, folder / "model.mlpackage", sample=sample)
    except bl.ParityFailed as error:
        within = all(part.passed or part.worst_relative <= RAW_TOLERANCE for part in error.parity.values())
        if not (raw and within):
            raise
        return None
    assert result.parity.passed
    return result


def stands_in(model, X, folder, measure):
    """A model without a function for a new point is refused with its limit, and each substitute exports."""
    verdict = bl.assess(model)
    assert verdict.refused
    with pytest.raises(bl.NotExportable) as refused:
        bl.export(model, folder / "refused.mlpackage", sample=X)
    assert refused.value.verdict.plain() == verdict.plain()
    assert bool(verdict.substitutes) == (verdict.kind == "surrogate")
    for index, offer in enumerate(verdict.substitutes):
        (folder / str(index)).mkdir()
        result = exported(cases.quietly(offer.fit, X), X, folder / str(index))
        assert bl.runtime.check(result.path).passed
        if measure:
            assert "held-out rows" in str(cases.quietly(offer.measure, X))


def wants_its_own_rows(model, other, folder):
    """It is refused on other rows too, and no substitute is made from rows that the model was not fitted on."""
    verdict = bl.assess(model)
    with pytest.raises(bl.NotExportable):
        bl.export(model, folder / "refused.mlpackage", sample=other)
    assert bool(verdict.substitutes) == (verdict.kind == "surrogate")
    for offer in verdict.substitutes:
        for use in (offer.fit, offer.measure):
            with pytest.raises(bl.BadInput):
                cases.quietly(use, other)
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("row", "name"), [pytest.param(*pair, id=f"{label(pair[0])}-{pair[1]}") for pair in unlike.pairs()]
)
def test_every_row_on_every_kind_of_data(row, name, tmp_path):
    model, sample = cases.CASES[name](row)
    before = np.array(sample, copy=True)
    if bl.assess(model).kind in ("surrogate", "impossible"):
        if name in ("one row", "many rows"):
            wants_its_own_rows(model, sample, tmp_path)
        else:
            stands_in(model, sample, tmp_path, measure=name == "plain")
        return
    result = exported(model, sample, tmp_path, raw=name in cases.RAW)
    np.testing.assert_array_equal(np.asarray(sample), before)
    if result is None:
        return
    assert {part.rows for part in result.parity.values()} == {min(len(sample), 10_000)}
    checked = bl.runtime.check(result.path)
    assert checked.passed, str(checked)
    if name == "plain":
        agrees_with_the_model_itself(result, model, sample)


@pytest.mark.parametrize(("row", "make"), options("variants"))
def test_every_option_that_is_covered(row, make, tmp_path):
    model, X = cases.on(row, cases.DATA[row.data](), make)
    if bl.assess(model).kind == "surrogate":
        stands_in(model, X, tmp_path, measure=True)
        return
    result = exported(model, X, tmp_path)
    assert bl.runtime.check(result.path).passed
    agrees_with_the_model_itself(result, model, X)


def agrees_with_the_model_itself(result, model, X):
    """Once more without any of the package's own comparison: the model's public methods, to 1e-4 of an output's size, or to
    where the model's own solver stops in an older scikit-learn; rows that the export counted as ties may differ."""
    seen = np.asarray(X, np.float32).astype(np.float64)
    given = X if not hasattr(X, "columns") else type(X)(seen, columns=X.columns)
    given = seen if given is X else given
    found = bl.runtime.load(result.path).predict({"x": seen})
    older = any("1.8 and later do not" in limit.detail for limit in result.limits)
    allowed = max(part.tolerance for part in result.parity.values()) if older else 1e-4
    for name, method in result.outputs.items():
        wanted = cases.quietly(answer, model, name, method, given)
        assert found[name].shape == wanted.shape, name
        if wanted.dtype.kind in "iub":
            assert (found[name] != wanted).mean() <= 0.01, name
        else:
            size = np.abs(wanted[np.isfinite(wanted)]).max(initial=1e-30)
            close = np.isclose(found[name], wanted, rtol=allowed, atol=allowed * size, equal_nan=True)
            assert (~close.reshape(len(close), -1).all(axis=1)).sum() <= result.parity[name].ties, name


def answer(model, name, method, X):
    if method == "inverse_transform":
        made = model.inverse_transform(model.transform(X))
    elif method.startswith("kneighbors"):
        made = model.kneighbors(X)[0 if name == "distances" else 1]
    else:
        made = getattr(model, method)(X)
    return np.asarray(made.toarray() if hasattr(made, "toarray") else made)


@pytest.mark.parametrize(("row", "make"), options("refused"))
def test_every_option_that_is_refused(row, make, tmp_path):
    model, X = cases.on(row, cases.DATA[row.data](), make)
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model, tmp_path / "model.mlpackage", sample=X)
    assert error.value.verdict.refused
    assert "malformed" not in [limit.id for limit in error.value.verdict.refused]  # no recipe stumbled over it
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("row", "name"), [pytest.param(*key, id="-".join(key)) for key in sorted(unlike.exceptions())])
def test_every_exception_is_needed_and_ends_as_it_says(row, name, tmp_path, record_property):
    """What cannot be fitted, or is beyond float32, is named with its reason and not left out in silence."""
    how, why = unlike.exceptions()[row, name]
    record_property("why", why)
    of_that_name = [each for each in ROWS if label(each) == row]
    assert of_that_name, f"no row {row!r}"
    if how == "fit":
        with pytest.raises((ValueError, IndexError, FloatingPointError, RuntimeError)) as error:
            cases.CASES[name](of_that_name[0])
        assert not isinstance(error.value, bl.BeyondLabelsError)
        return
    model, sample = cases.CASES[name](of_that_name[0])
    if how == "width":
        with pytest.raises(bl.BadInput, match="feature"):
            cases.quietly(bl.export, model, tmp_path / "model.mlpackage", sample=sample)
        return
    if how == "no core point":
        with pytest.raises(bl.BadInput, match="found no core point"):
            stands_in(model, sample, tmp_path, measure=False)
        return
    with pytest.raises(bl.ParityFailed if how == "float32" else bl.NotExportable) as error:
        cases.quietly(bl.export, model, tmp_path / "model.mlpackage", sample=sample)
    if how == "float32":
        assert "has not the digits" in str(error.value) or "have not the digits" in str(error.value)
        assert "fault of the recipe" not in str(error.value)
    else:
        assert how in [limit.id for limit in error.value.verdict.refused]


def test_a_row_has_at_least_fifteen_cases():
    counted = {label(row): len(row.variants) + len(row.refused) + len(BAD) + 2 for row in ROWS}
    for row, _ in unlike.pairs():
        counted[label(row)] += 1
    assert {name: count for name, count in counted.items() if count < 15} == {}


def test_no_row_is_there_twice():
    names = [label(row) for row in ROWS]
    assert sorted(set(names)) == sorted(names)


# ---- what cannot be used ---------------------------------------------------------------------------------------------

_FITTED = {}


def fitted(row):
    """The row's plain model and its data, fitted once."""
    if label(row) not in _FITTED:
        _FITTED[label(row)] = cases.plain(row)
    model, X = _FITTED[label(row)]
    return model, X.copy()


def _with(value):
    def spoil(X):
        X = np.array(X, np.float64)
        X[3, 0] = value
        return X

    return spoil


BAD = {
    "NaN": _with(np.nan),
    "infinite": _with(np.inf),
    "minus infinite": _with(-np.inf),
    "beyond float32": _with(1e39),
    "too narrow": lambda X: np.asarray(X)[:, :-1],
    "too wide": lambda X: np.column_stack([X, X]),
    "no rows": lambda X: X[:0],
    "one axis": lambda X: np.asarray(X)[:, 0],
    "text": lambda X: np.asarray(X).astype(str),
    "one text": lambda X: np.where(np.arange(X.size).reshape(X.shape) == 5, "five", np.asarray(X).astype(object)),
    "nothing": lambda X: None,
}


def takes_nan(row):
    from beyondlabels.conversion.registry import find_recipe

    model, _ = fitted(row)
    return find_recipe(model).nan(model)


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("row", ROWS, ids=label)
def test_rows_that_cannot_be_used(row, name, tmp_path):
    """Our error, never another library's; and nothing is left on the disk."""
    model, X = fitted(row)
    bad = BAD[name](X)
    verdict = bl.assess(model)
    if name == "NaN" and takes_nan(row):
        assert exported(model, bad, tmp_path)
        return
    if not verdict.exportable:
        with pytest.raises(bl.NotExportable):
            bl.export(model, tmp_path / "model.mlpackage", sample=bad)
    else:
        with pytest.raises(bl.BadInput):
            bl.export(model, tmp_path / "model.mlpackage", sample=bad)
    for offer in verdict.substitutes:
        for use in (offer.fit, offer.measure):
            with pytest.raises(bl.BadInput):
                cases.quietly(use, bad)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_a_saved_package_refuses_them_too(row, tmp_path):
    model, X = fitted(row)
    verdict = bl.assess(model)
    if not verdict.exportable and not verdict.substitutes:
        assert verdict.kind == "impossible"  # nothing is ever saved
        return
    saved = model if verdict.exportable else cases.quietly(verdict.substitutes[0].fit, X)
    package = bl.runtime.load(exported(saved, X, tmp_path).path)
    for name, spoil in BAD.items():
        if name == "NaN" and takes_nan(row):
            continue
        bad = spoil(X)
        with pytest.raises(bl.BadInput):
            package.predict({"x": bad})


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_an_unfitted_model(row, tmp_path):
    model, (_, X) = row.make(), fitted(row)
    limits = [limit.id for limit in bl.assess(model).refused]
    if not limits:  # SparseCoder before scikit-learn 1.8 needs no fit, and says so
        check_is_fitted(model)
        assert exported(model, X, tmp_path)
        return
    assert "not-fitted" in limits or "no-recipe" in limits
    with pytest.raises(bl.NotExportable):
        bl.export(model, tmp_path / "model.mlpackage", sample=X)


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_a_subclass_is_refused_by_name(row, tmp_path):
    """It may override what the recipe computes."""
    model, X = fitted(row)
    own = copy(model)
    own.__class__ = type("Mine", (type(model),), {})
    with pytest.raises(bl.NotExportable, match=rf"Mine, a subclass of the known {type(model).__name__}"):
        bl.export(own, tmp_path / "model.mlpackage", sample=X)


def test_an_unknown_class(tmp_path):
    class Unknown:
        pass

    with pytest.raises(bl.NotExportable, match=r"Unknown"):
        bl.export(Unknown(), tmp_path / "model.mlpackage", sample=[[1.0]])


_GIVEN = {
    "steps": [("a", KMeans())],
    "transformer_list": [("a", KMeans())],
    "transformers": [("a", KMeans(), [0])],
    "estimators": [("a", KMeans())],
    "estimator": KMeans(),
    "base_estimator": KMeans(),
    "dictionary": np.eye(2),
    "param_grid": {},
    "param_distributions": {},
}


def public_estimators():
    from sklearn.utils import all_estimators

    return [pytest.param(cls, id=name) for name, cls in all_estimators()]


@pytest.mark.parametrize("cls", public_estimators())
def test_every_public_estimator_of_scikit_learn_has_a_verdict(cls):
    """Known or not, fitted or not: never an exception."""
    wanted = inspect.signature(cls).parameters.values()
    model = cls(
        **{each.name: _GIVEN[each.name] for each in wanted if each.default is each.empty and each.name in _GIVEN}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdict = bl.assess(model)
    assert verdict.refused or verdict.exportable
