"""Sparse codes: where the lasso stops, and rows that may take either of two atoms."""

import numpy as np
import pytest
import sklearn
from sklearn.decomposition import DictionaryLearning, SparseCoder

import beyondlabels as bl
from beyondlabels.conversion.recipes.sklearn.pursuit_ties import pursuit_ties

OLDER = tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8)
ROWS = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32).astype(np.float64)
GRID = np.round(np.random.default_rng(1).normal(size=(200, 4)))
PAIRS = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1], [1, -1, 0, 0], [0, 1, -1, 0]]) / np.sqrt(2)


def atoms(count, seed=0, features=8):
    made = np.random.default_rng(seed).normal(size=(count, features))
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def codes(model, rows, folder):
    result = bl.export(model, folder / "codes.mlpackage", sample=rows)
    assert bl.runtime.check(result.path).passed
    return result, bl.runtime.load(result.path).predict({"x": rows})["transformed"].astype(np.float64)


# ---- the lasso -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("algorithm", ["lasso_cd", "lasso_lars"])
def test_the_lasso_ends_within_scikit_learns_own_tolerance(algorithm, alpha, tmp_path):
    """scikit-learn's lasso_cd stops where the duality gap, which bounds how far the objective lies above its least, is at
    most 1e-8 |x|^2, before 1.8 at most 1e-4 |x|^2. lasso_lars finds the least itself."""
    own = atoms(5)
    model = SparseCoder(own, transform_algorithm=algorithm, transform_alpha=alpha).fit(ROWS)
    result, found = codes(model, ROWS, tmp_path)
    exact = SparseCoder(own, transform_algorithm="lasso_lars", transform_alpha=alpha).fit(ROWS).transform(ROWS)

    def objective(code):
        return 0.5 * np.square(ROWS - code @ own).sum(axis=1) + alpha * np.abs(code).sum(axis=1)

    assert (objective(found) - objective(exact) <= 1e-8 * np.square(ROWS).sum(axis=1)).all()
    np.testing.assert_allclose(found, exact, atol=1e-5 * np.sqrt(np.square(exact).mean()), rtol=1e-5)
    early = OLDER and algorithm == "lasso_cd"
    assert result.parity["transformed"].worst_relative <= (1e-2 if early else 1e-4)
    told = next(limit.detail for limit in result.limits if limit.id == "solver-stops")
    assert ("stops up to 1e-02 before" if early else "tol=1e-8") in told


@pytest.mark.parametrize("algorithm", ["lasso_cd", "lasso_lars"])
def test_the_lasso_over_more_atoms_than_features_is_refused_with_its_way_out(algorithm):
    own = atoms(12)
    coder = SparseCoder(own, transform_algorithm=algorithm, transform_alpha=0.1).fit(ROWS)
    limit = bl.assess(coder).refused[0]
    assert limit.id == "option-not-covered"
    assert limit.detail.startswith(f"{algorithm} over 12 atoms for 8 features")
    assert "transform_algorithm='omp'" in limit.instead
    learned = DictionaryLearning(9, max_iter=2, transform_algorithm=algorithm, random_state=0).fit(ROWS)
    assert "over 9 atoms for 8 features" in bl.assess(learned).refused[0].detail


@pytest.mark.filterwarnings("ignore:Objective did not converge")
def test_scikit_learns_own_descent_does_not_end_there_either():
    """The reason for that refusal: after 1,000 sweeps its codes are far from the optimum, which the path reaches."""
    own = atoms(32)
    made = {
        algorithm: SparseCoder(own, transform_algorithm=algorithm, transform_alpha=0.1).fit(ROWS).transform(ROWS)
        for algorithm in ("lasso_cd", "lasso_lars")
    }
    size = np.sqrt(np.square(made["lasso_lars"]).mean())
    assert np.abs(made["lasso_cd"] - made["lasso_lars"]).max() > 0.1 * size


# ---- orthogonal matching pursuit --------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Orthogonal matching pursuit ended prematurely")
@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("name", ["axes", "pairs", "an atom twice"])
def test_rows_that_may_take_either_of_two_atoms_are_ties(name, count, tmp_path):
    """On a grid many atoms fit equally well, and scikit-learn takes the one that its swaps have put first."""
    own = {"axes": np.eye(4), "pairs": PAIRS, "an atom twice": np.vstack([PAIRS, PAIRS[:1]])}[name]
    model = SparseCoder(own, transform_n_nonzero_coefs=min(count, len(own))).fit(GRID)
    result, found = codes(model, GRID, tmp_path)
    part = result.parity["transformed"]
    tied = pursuit_ties(GRID, own, count, 1e-5)
    assert part.ties <= tied.sum() < len(GRID)
    np.testing.assert_allclose(found[~tied], model.transform(GRID)[~tied], atol=1e-5)


def test_ties_by_hand():
    """Both axes fit (1, 1) equally well and one of them (2, 1); what is left of (2, 0) fits none."""
    rows = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 0.0], [0.0, 0.0], [1.0, 1.0 - 1e-7], [1.0, 0.99]])
    assert pursuit_ties(rows, np.eye(2), 1, 1e-5).tolist() == [True, False, False, False, True, False]
    assert pursuit_ties(rows, np.eye(2), 2, 1e-2).tolist() == [True, False, False, False, True, True]
    assert not pursuit_ties(rows, np.eye(2)[:1], 1, 1e-5).any()


def test_no_tie_hides_a_wrong_atom(tmp_path, monkeypatch):
    """Rows that are no ties are compared: with the atoms in another order the export fails."""
    from beyondlabels.conversion.recipes.sklearn import dictionary

    model = SparseCoder(PAIRS, transform_n_nonzero_coefs=2).fit(GRID)
    whole = dictionary.matching_pursuit
    monkeypatch.setattr(dictionary, "matching_pursuit", lambda x, own, count: whole(x, own[::-1], count))
    with pytest.raises(bl.ParityFailed):
        bl.export(model, tmp_path / "wrong.mlpackage", sample=GRID)
