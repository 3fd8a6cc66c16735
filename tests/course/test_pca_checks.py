"""The proof of lesson 04's exercises: the same verdicts whatever the seed, and judges that measure spaces, never signs."""

import numpy as np
import pytest

from beyondlabels.course.checks import pca
from beyondlabels.course.checks._pca_data import apart, axes_of, off_centre
from beyondlabels.course.exercises import NOT_YET, RIGHT, find


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", pca.EXERCISES, ids=lambda one: one.id)
def test_verdicts_are_the_same_over_seeds(one, seed):
    for name, expected, got in one.proof(seed):
        assert got == expected, name


@pytest.mark.parametrize("seed", range(10))
def test_the_ruler_measures_a_known_angle(seed):
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    tilt = np.radians(rng.uniform(1, 80))
    second = np.array([np.cos(tilt) * frame[0] + np.sin(tilt) * frame[4], frame[1]])
    turned = np.linalg.qr(rng.normal(size=(2, 2)))[0] @ second
    assert apart(frame[:2], turned) == pytest.approx(np.degrees(tilt), abs=1e-6)
    assert apart(frame[:2], -frame[1::-1]) < 1e-6


@pytest.mark.parametrize("signs", [(1, 1, -1), (-1, 1, 1), (-1, -1, -1)])
def test_axes_may_point_either_way(signs):
    one = find("pca.principal_axes")
    code = one.solution.replace("turned[:k]", f"turned[:k] * np.array({signs})[:k, None]")
    assert one.check(one.run(code)).state == RIGHT


def test_axes_in_another_order_are_not_the_first_ones():
    one = find("pca.principal_axes")
    outcome = one.check(one.run(one.solution.replace("turned[:k]", "turned[[1, 0, 2]][:k]")))
    assert (outcome.state, outcome.misconception) == (NOT_YET, "other_space")


def test_axes_of_the_learners_own_scikit_learn():
    one = find("pca.principal_axes")
    code = "from sklearn.decomposition import PCA\ndef principal_axes(X, k):\n    model = PCA(int(k)).fit(X)\n"
    assert one.check(one.run(code + "    return [model.mean_, model.components_.tolist()]")).state == RIGHT


def test_a_reconstruction_elsewhere_is_said_to_be_so():
    one = find("pca.reconstruct")
    outcome = one.check(one.run("def reconstruct(X, mean, axes):\n    return X * 0.5"))
    assert outcome.misconception == "elsewhere"


def test_how_many_reads_the_table_before_the_answer():
    one = find("pca.how_many")
    names = one.run(one.solution)
    assert one.check({**names, "k_90": 31}).misconception == "other_k"
    assert one.check({**names, "kept": names["kept"][:20]}).misconception == "shape"
    assert one.check({**names, "kept": names["kept"], "k_90": np.int64(21)}).state == RIGHT


def test_white_may_be_turned_within_its_space():
    one = find("pca.white")
    names = one.run(one.solution)
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(20, 20)))[0]
    assert one.check({**names, "white": names["white"] @ turn}).state == RIGHT
    assert one.check({**names, "white": names["white"][:, ::-1] * -1}).state == RIGHT


@pytest.mark.parametrize(
    "code",
    [
        "compressor = make_pipeline(MinMaxScaler(), NMF(5, init='nndsvda', max_iter=2000, random_state=0)).fit(wine)",
        "from sklearn.decomposition import TruncatedSVD\n"
        "compressor = make_pipeline(StandardScaler(), TruncatedSVD(5, random_state=0)).fit(wine)",
    ],
)
def test_other_compressors_pass(code):
    one = find("pca.compressor")
    outcome = one.check(one.run(code))
    assert outcome.state == RIGHT, outcome.message


def test_a_compressor_that_cannot_leave_is_named():
    one = find("pca.compressor")
    code = (
        "from sklearn.base import BaseEstimator\nclass Own(BaseEstimator):\n    def fit(self, X): return self\n"
        "    def transform(self, X): return X.iloc[:, :5]\n    def inverse_transform(self, Z): return wine.to_numpy()\n"
        "compressor = Own().fit(wine)"
    )
    assert one.check(one.run(code)).misconception == "stays_here"


def test_data_of_the_judges_is_off_centre():
    """Or a learner who forgets the mean would pass."""
    for seed in range(6):
        X = off_centre(seed)
        assert apart(axes_of(X, 1), np.linalg.svd(X, full_matrices=False)[2][:1]) > 20
