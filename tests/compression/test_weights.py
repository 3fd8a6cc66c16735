"""What each method does to a weight that is known: the product of the identity with it shows every number of it."""

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.compression import methods
from compression.known import WEIGHT

EYE = np.eye(64)


def made(product, method, **options):
    """The weight as the saved variant holds it."""
    result = bl.shrink(product, sample=EYE, method=method, target="iOS18", overwrite=True, **options)
    return bl.runtime.load(result[method].path).predict({"data": EYE})["out"]


@pytest.mark.parametrize("method", ["int8", "int8-asymmetric"])
def test_integers_are_within_half_a_step_of_their_channel(product, method):
    weight = made(product, method)
    steps = [np.abs(WEIGHT).max(axis=axis, keepdims=True) / 127 for axis in (0, 1)]
    if method != "int8":
        steps = [np.ptp(WEIGHT, axis=axis, keepdims=True) / 255 for axis in (0, 1)]
    wrong = np.abs(weight - WEIGHT)
    assert any((wrong <= 0.51 * step).all() for step in steps)
    assert wrong.max() > 0


def test_integers_of_4_bits_have_16_levels_in_a_block(product):
    weight = made(product, "int4")
    assert np.abs(weight - WEIGHT).max() <= np.abs(WEIGHT).max() / 7 * 0.51
    rows = max(len(np.unique(weight[row, :32])) for row in range(64))
    columns = max(len(np.unique(weight[:32, column])) for column in range(64))
    assert min(rows, columns) <= 16


@pytest.mark.parametrize(("method", "values"), [("palette8", 256), ("palette6", 64), ("palette4", 16), ("palette2", 4)])
def test_a_palette_has_as_many_values_as_its_bits_allow(product, method, values):
    weight = made(product, method)
    assert len(np.unique(weight)) == values
    centres = np.unique(weight).astype(np.float64)
    nearest = centres[np.abs(WEIGHT[..., None] - centres).argmin(axis=-1)]
    assert np.mean(nearest != weight) < 0.01  # k-means has settled: nearly all stand at their nearest centre


def test_an_even_palette_is_evenly_spaced(product):
    values = np.unique(made(product, "palette4-uniform")).astype(np.float64)
    assert len(values) <= 16
    steps = np.diff(values) / (np.ptp(WEIGHT) / 15)
    np.testing.assert_allclose(steps, np.rint(steps), atol=0.01)  # an empty level may be missing between two


@pytest.mark.parametrize("share", [1, 50, 75, 99])
def test_pruning_leaves_the_largest_as_they_were(product, share):
    weight = made(product, f"pruned-{share}")
    gone = weight == 0
    assert abs(gone.mean() - share / 100) < 0.01
    np.testing.assert_array_equal(weight[~gone], WEIGHT[~gone])
    assert np.abs(WEIGHT[gone]).max() <= np.abs(WEIGHT[~gone]).min()


def test_two_together_do_both(product):
    weight = made(product, "pruned-50+palette4")
    assert abs((weight == 0).mean() - 0.5) < 0.02
    assert len(np.unique(weight[weight != 0])) <= 16
    weight = made(product, "pruned-50+int8")
    assert abs((weight == 0).mean() - 0.5) < 0.02
    assert np.abs(weight - WEIGHT)[weight != 0].max() <= np.abs(WEIGHT).max() / 127 * 0.51
    weight = made(product, "palette4+int8")
    values = np.unique(weight).astype(np.float64)
    assert len(values) <= 16
    steps = values / (np.abs(values).max() / 127)
    np.testing.assert_allclose(steps, np.rint(steps), atol=0.01)  # the table itself is in whole steps


def test_half_precision_rounds_each_number(product):
    np.testing.assert_array_equal(made(product, "float16"), WEIGHT.astype(np.float16).astype(np.float32))


def test_whole_numbers_and_vectors_are_left_alone(digits, tmp_path):
    """A tree's nodes are whole numbers, its thresholds a vector: compressed, they would lead to other leaves."""
    from sklearn.ensemble import RandomForestClassifier

    X, y = digits
    bl.export(RandomForestClassifier(5, random_state=0).fit(X, y), tmp_path / "f.mlpackage", sample=X[:50])
    before = bl.runtime.load(tmp_path / "f.mlpackage").program.constants
    result = bl.shrink(tmp_path / "f.mlpackage", sample=X[:200], method="palette2", smallest_weight=400)
    after = bl.runtime.load(result["palette2"].path).program.constants
    tables = [
        value for value in before.values() if isinstance(value, np.ndarray) and value.size > 500 and value.ndim == 1
    ]
    assert len(tables) >= 2
    for table in tables:
        assert any(isinstance(each, np.ndarray) and np.array_equal(each, table) for each in after.values())


def test_every_listed_method_is_known():
    found = methods.chosen("all")
    assert [each.name for each in found] == list(methods.ALL)
    assert {each.family for each in found} == {"half", "linear", "palette", "pruned", "joint"}
    assert {each.target for each in found} == {"iOS15", "iOS16", "iOS18"}


@pytest.mark.parametrize(
    "method",
    [
        "",
        "palette5",
        "palette16",
        "pruned-0",
        "pruned-100",
        "int8+",
        "int8+palette4",
        "pruned-50+int4",
        "palette2+int8",
    ],
)
def test_an_unknown_method_says_which_there_are(method):
    with pytest.raises(bl.BadInput, match=r"int8|palette4"):
        methods.chosen(method)


@pytest.mark.parametrize("method", [[], None, 3, ["int8", 3], {"int8": 1}])
def test_a_method_is_a_name_or_a_list(method):
    with pytest.raises(bl.BadInput, match="expected a name, a list of names"):
        methods.chosen(method)
