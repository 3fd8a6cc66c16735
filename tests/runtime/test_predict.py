"""What a loaded package takes, what it refuses and in which words, and what it gives."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from beyondlabels.errors import BadInput
from beyondlabels.runtime import core_ml, load
from beyondlabels.runtime.run import run

GOOD = np.ones((2, 4), np.float32)


@pytest.fixture(scope="module")
def package(zoo):
    return load(zoo("kmeans"))


def with_value(value):
    rows = GOOD.astype(object)
    rows[1, 2] = value
    return rows


REFUSED = [
    ("no dict", GOOD, "expected a dict of inputs, such as {'x': X}, found ndarray"),
    ("no input", {}, r"takes the inputs \['x'\], found \[\]"),
    ("another name", {"y": GOOD}, r"takes the inputs \['x'\], found \['y'\]"),
    ("one too many", {"x": GOOD, "y": GOOD}, r"found \['x', 'y'\]"),
    ("a name that is no text", {3: GOOD}, r"found \['3'\]"),
    ("one axis", {"x": np.ones(4)}, r"has shape \(4,\); the package takes \(rows, 4\), 1 to 100,000 rows"),
    ("three axes", {"x": np.ones((1, 2, 4))}, r"has shape \(1, 2, 4\)"),
    ("no axis", {"x": 3.0}, r"has shape \(\)"),
    ("too narrow", {"x": np.ones((2, 3))}, r"has shape \(2, 3\)"),
    ("too wide", {"x": np.ones((2, 5))}, r"has shape \(2, 5\)"),
    ("no rows", {"x": np.ones((0, 4))}, r"has shape \(0, 4\)"),
    ("too many rows", {"x": np.ones((100_001, 4))}, r"has shape \(100001, 4\)"),
    ("sparse", {"x": csr_array(np.ones((2, 4)))}, r"is a sparse matrix; pass it with \.toarray\(\)"),
    ("ragged", {"x": [[1, 2, 3, 4], [1]]}, "holds something that is no number"),
    ("text", {"x": np.full((2, 4), "five")}, "convert text to numbers first"),
    ("text that looks like numbers", {"x": np.full((2, 4), "5")}, "convert text to numbers first"),
    ("one text among numbers", {"x": with_value("5")}, "is of type object; expected numbers"),
    ("bytes", {"x": np.full((2, 4), b"five")}, "convert text to numbers first"),
    ("objects", {"x": with_value({"a": 1})}, "holds something that is no number"),
    ("complex", {"x": GOOD + 1j}, "input 'x' holds complex numbers; a package reads real ones: pass"),
    ("dates", {"x": np.full((2, 4), np.datetime64("2026-01-01"))}, "is of type datetime64.*; expected numbers"),
    ("nothing", {"x": None}, r"has shape \(\)"),
    ("NaN", {"x": with_value(np.nan)}, "the value nan at row 1, column 2 is not a finite number"),
    ("missing", {"x": with_value(None)}, "the value (nan|None) at row 1, column 2 is not a finite number"),
    ("infinity", {"x": with_value(-np.inf)}, "the value -inf at row 1, column 2 is not a finite number"),
    ("beyond float32", {"x": with_value(1e39)}, r"the value 1e\+39 at row 1, column 2 is too large for float32"),
    ("a huge integer", {"x": with_value(10**400)}, "holds something that is no number"),
]


@pytest.mark.parametrize(("inputs", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused(package, inputs, message):
    with pytest.raises(BadInput, match=message):
        package.predict(inputs)


def frozen(rows):
    rows = rows.copy()
    rows.flags.writeable = False
    return rows


FORMS = {
    "float64": lambda rows: rows,
    "float32": lambda rows: rows.astype(np.float32),
    "a list": lambda rows: rows.tolist(),
    "objects": lambda rows: rows.astype(object),
    "a DataFrame": lambda rows: pd.DataFrame(rows, columns=list("äbçd")),
    "every other row": lambda rows: np.repeat(rows, 2, axis=0)[::2],
    "backwards": lambda rows: rows[:, ::-1].copy()[:, ::-1],
    "Fortran order": np.asfortranarray,
    "read-only": frozen,
    "big-endian": lambda rows: rows.astype(">f8"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_the_same_rows_gives_the_same(package, penguins, form):
    plain = package.predict({"x": penguins.astype(np.float32)})
    formed = package.predict({"x": form(penguins)})
    for name, value in plain.items():
        np.testing.assert_array_equal(value, formed[name])


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """(rows, package) of a table with the columns mm and g."""
    from sklearn.preprocessing import StandardScaler

    import beyondlabels as bl

    rows = pd.DataFrame(np.random.default_rng(0).normal([40, 4000], [5, 800], (30, 2)), columns=["mm", "g"])
    path = tmp_path_factory.mktemp("named") / "named.mlpackage"
    bl.export(StandardScaler().fit(rows), path, sample=rows)
    return rows, load(path)


TABLES = {
    "another order": lambda rows: rows[["g", "mm"]],
    "another column": lambda rows: rows.assign(island="Dream")[["island", "g", "mm"]],
    "no names": lambda rows: pd.DataFrame(rows.to_numpy()),
    "no frame": lambda rows: rows.to_numpy(),
}


@pytest.mark.parametrize("form", TABLES.values(), ids=TABLES)
def test_columns_are_found_by_name(named, form):
    rows, package = named
    wanted = package.predict({"x": rows})["transformed"]
    np.testing.assert_array_equal(package.predict({"x": form(rows)})["transformed"], wanted)


def test_columns_that_cannot_be_found_by_name(named):
    rows, package = named
    with pytest.raises(
        BadInput, match=r"lacks the columns \['g'\]; it has \['mm', 'kg'\]: name its columns so, or pass an"
    ):
        package.predict({"x": rows.rename(columns={"g": "kg"})})
    with pytest.raises(BadInput, match=r"has the columns \['g'\] more than once"):
        package.predict({"x": rows[["mm", "g", "g"]]})


@pytest.mark.parametrize("dtype", ["int8", "int64", "uint16", "bool", "float16"])
def test_integers_and_halves_are_cast(package, dtype):
    rows = np.ones((3, 4), dtype)
    np.testing.assert_array_equal(
        package.predict({"x": rows})["distances"], package.predict({"x": rows * 1.0})["distances"]
    )


def test_the_most_rows_that_are_allowed(package):
    outputs = package.predict({"x": np.ones((100_000, 4), np.float32)})
    assert outputs["label"].shape == (100_000,)
    assert outputs["distances"].shape == (100_000, 3)


def test_types_are_those_of_the_interface(package, penguins):
    outputs = package.predict({"x": penguins})
    assert {name: str(value.dtype) for name, value in outputs.items()} == {"label": "int32", "distances": "float32"}


def test_one_row_gives_what_it_gives_among_others(package, penguins):
    together = package.predict({"x": penguins})
    alone = [package.predict({"x": row[None]}) for row in penguins[:20]]
    np.testing.assert_array_equal([each["label"][0] for each in alone], together["label"][:20])


def test_rows_given_are_left_alone(package):
    rows = GOOD.copy()
    for value in package.predict({"x": rows}).values():
        value += 1
    np.testing.assert_array_equal(rows, GOOD)


def test_an_output_that_is_the_input_is_a_copy(tmp_path):
    from sklearn.pipeline import make_pipeline

    import beyondlabels as bl

    bl.export(make_pipeline("passthrough").fit(GOOD), tmp_path / "same.mlpackage", sample=GOOD)
    rows = GOOD.copy()
    made = load(tmp_path / "same.mlpackage").predict({"x": rows})["transformed"]
    made += 1
    np.testing.assert_array_equal(rows, GOOD)


def test_values_keeps_every_intermediate_value(package, penguins):
    values = package.values({"x": penguins})
    names = {name for operation in package.program.operations for name, _, _ in operation.outputs}
    assert names <= set(values)
    assert {"x", *package.program.constants} <= set(values)
    for name, value in package.predict({"x": penguins}).items():
        np.testing.assert_array_equal(values[name], value)
    assert len(values["x"]) == 333


def test_predict_frees_what_nobody_reads_any_more(package, penguins, monkeypatch):
    """While the last operation runs, only what it reads, the outputs, the input and the constants are still held."""
    import weakref

    from beyondlabels.runtime import run as walk

    made, alive, whole = [], [], walk._one

    def spy(operation, values):
        alive.append([name for name, reference in made if reference() is not None and name not in program.constants])
        outputs = whole(operation, values)
        made.extend(
            (declared[0], weakref.ref(value)) for declared, value in zip(operation.outputs, outputs, strict=True)
        )
        return outputs

    program = package.program
    monkeypatch.setattr(walk, "_one", spy)
    run(program, {"x": penguins.astype(np.float32)})
    intermediate = {name for name, _ in made} - set(program.results)
    last_reads = {value.name for value in program.operations[-1].inputs.values() if hasattr(value, "name")}
    assert len(intermediate) >= 4
    assert set(alive[-1]) & intermediate <= last_reads
    run(program, {"x": penguins.astype(np.float32)}, keep=True)
    assert max(map(len, alive)) > len(alive[len(program.operations) - 1])


def test_core_ml_off_a_mac_says_so(package, monkeypatch):
    monkeypatch.setattr(core_ml.platform, "system", lambda: "Linux")
    assert not core_ml.available()
    with pytest.raises(BadInput, match="Core ML runs on macOS 12 and later; this is Linux"):
        package.predict_with_core_ml({"x": GOOD})


@pytest.mark.parametrize(("version", "there"), [("11.7.1", False), ("12.0", True), ("26.1", True), ("", False)])
def test_core_ml_needs_macos_12(monkeypatch, version, there):
    monkeypatch.setattr(core_ml.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(core_ml.platform, "mac_ver", lambda: (version, ("", "", ""), ""))
    assert core_ml.available() == there


@pytest.mark.parametrize("fixed", [True, False])
def test_a_shape_is_refused_with_the_rows_that_the_package_takes(tmp_path, fixed):
    from beyondlabels.quiet import coremltools
    from foreign import build

    ct = coremltools()
    from coremltools.converters.mil.mil import get_new_symbol

    inputs = None if fixed else [ct.TensorType(name="x", shape=(ct.RangeDim(2, 50), 4))]
    path = tmp_path / "a.mlpackage"
    build(path, lambda mb, x: mb.relu(x=x, name="y"), {"x": (1 if fixed else get_new_symbol(), 4)}, inputs=inputs)
    with pytest.raises(BadInput) as error:
        load(path).predict({"x": np.ones((51, 4))})
    taken = "(1, 4)" if fixed else "(rows, 4), 2 to 50 rows"
    assert str(error.value) == f"input 'x' has shape (51, 4); the package takes {taken}"


@pytest.fixture(scope="module")
def look_up(tmp_path_factory):
    """The path of an Embedding of 10 vectors, whose input is int32."""
    import keras

    import beyondlabels as bl

    words = keras.Input((2,), dtype="int32", name="words")
    path = tmp_path_factory.mktemp("words") / "words.mlpackage"
    bl.export(keras.Model(words, keras.layers.Embedding(10, 3)(words)), path, sample=np.array([[0, 1], [2, 4]]))
    return path


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (np.nan, "nan at row 1, column 1 is not a finite number"),
        (-np.inf, "-inf at row 1, column 1 is not a finite number"),
        (1.7, "1.7 at row 1, column 1 is no whole number from -2,147,483,648 to 2,147,483,647, which int32 holds"),
        (2.0**40, "1099511627776.0 at row 1, column 1 is no whole number from"),
        (-3e9, "-3000000000.0 at row 1, column 1 is no whole number from"),
    ],
)
def test_an_input_of_whole_numbers_takes_no_others(look_up, value, reason, tmp_path, capsys):
    from beyondlabels.cli import main

    rows = np.array([[0, 1], [2, value]])
    with pytest.raises(BadInput, match=f"input 'words': the value {reason}"):
        load(look_up).predict({"words": rows})
    np.save(tmp_path / "rows.npy", rows)
    assert main(["run", str(look_up), str(tmp_path / "rows.npy")]) == 1
    assert f"the value {reason}" in capsys.readouterr().err


def test_an_input_of_whole_numbers_takes_them_in_every_type(look_up):
    wanted = load(look_up).predict({"words": np.array([[0, 9]], np.int32)})["embedding"]
    for dtype in ("float64", "float16", "int8", "uint64", "int64", "object"):
        given = np.array([[0, 9]]).astype(dtype)
        np.testing.assert_array_equal(load(look_up).predict({"words": given})["embedding"], wanted)
    for beyond in (np.full((1, 2), 2**40), np.full((1, 2), 2**31, np.float32)):
        with pytest.raises(BadInput, match="at row 0, column 0 is no whole number"):
            load(look_up).predict({"words": beyond})
