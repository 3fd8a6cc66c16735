"""What is worked out once in an export, and never kept beyond it."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier, LocalOutlierFactor, NearestNeighbors

import beyondlabels as bl
from beyondlabels.conversion.recipes.sklearn import stored_rows
from beyondlabels.conversion.reference import in_float64
from beyondlabels.conversion.remembered import forget, remembered, remembering

X = np.random.default_rng(0).normal(size=(300, 20))
LABELS = np.arange(len(X)) % 3


@pytest.fixture
def counted():
    asked = []

    @remembered
    def answer(model):
        asked.append(model)
        return [len(asked)]

    return answer, asked


def test_once_for_each_model_within_the_span(counted):
    answer, asked = counted
    one, other = object(), object()
    with remembering():
        assert answer(one) is answer(one)
        assert answer(other) is not answer(one)
    assert asked == [one, other]


def test_every_time_outside_of_it(counted):
    answer, asked = counted
    one = object()
    with remembering():
        answer(one)
    answer(one)
    answer(one)
    assert asked == [one] * 3


def test_forget_makes_room(counted):
    answer, asked = counted
    one = object()
    with remembering():
        answer(one)
        forget()
        answer(one)
    forget()
    assert asked == [one] * 2


def test_a_new_model_never_gets_the_answer_of_one_that_is_gone(counted):
    answer, _ = counted
    with remembering():
        answers = [answer(object())[0] for _ in range(100)]  # each is let go of, and its id may come back
    assert answers == list(range(1, 101))


def test_an_inner_span_keeps_its_own(counted):
    answer, asked = counted
    one = object()
    with remembering():
        answer(one)
        with remembering():
            answer(one)
        answer(one)
    assert len(asked) == 2


MODELS = [
    NearestNeighbors(n_neighbors=4, algorithm="brute"),
    KNeighborsClassifier(3, algorithm="brute"),
    LocalOutlierFactor(n_neighbors=5, novelty=True),
]


@pytest.mark.parametrize("rows", [X, X.astype(np.float32), X + 1e4], ids=["float64", "float32", "far"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_stored_rows_are_moved_once_and_searched_once_for_each_set_of_rows(model, rows, tmp_path, monkeypatch):
    """The sample, the rows to choose a proof from, the proof: three searches, whatever the outputs."""
    model = model.fit(rows, LABELS)
    moved, searched, kd_tree, own = [], [], stored_rows.KDTree, stored_rows.packed
    monkeypatch.setattr(stored_rows, "packed", lambda *given: moved.append(given) or own(*given))
    monkeypatch.setattr(stored_rows, "KDTree", type("KDTree", (kd_tree,), {"query": _counts(kd_tree.query, searched)}))
    result = bl.export(model, tmp_path / "a.mlpackage", sample=rows[:50])
    assert result.parity.passed
    assert len(moved) == 1
    assert 0 < len(searched) <= 3


def _counts(method, calls):
    def counted(self, *given, **options):
        calls.append(given)
        return method(self, *given, **options)

    return counted


def test_answering_leaves_the_moved_model_as_it_was():
    model = KNeighborsClassifier(3).fit(X, LABELS)
    with remembering():
        twin, _ = stored_rows.moved(model)
        before = dict(vars(twin))
        stored_rows.expected(model, "predict", X[:5])
        assert vars(twin) == before
        assert stored_rows.moved(model)[0] is twin


def test_a_model_fitted_again_is_asked_again(tmp_path):
    model = NearestNeighbors(n_neighbors=2)
    for rows in (X, X[::-1] * 2):
        model.fit(rows)
        result = bl.export(model, tmp_path / "a.mlpackage", sample=rows[:50], overwrite=True)
        assert result.parity.passed
        near = bl.runtime.load(result.path).predict({"x": rows[:5]})["neighbors"]
        np.testing.assert_array_equal(near[:, 0], np.arange(5))


def test_stored_rows_of_float32_are_not_copied_for_the_reference():
    """They are widened when they are moved; everything else of the model as always."""
    model = LocalOutlierFactor(novelty=True).fit(X.astype(np.float32))
    wide = in_float64(model)
    assert wide._fit_X is model._fit_X
    assert wide._lrd.dtype == np.float64
    assert stored_rows.moved(wide)[0]._fit_X.dtype == np.float64
