"""Tables of numbers from CSV files as people really have them, and back."""

import io

import numpy as np
import pytest

from beyondlabels import tables
from beyondlabels.errors import BadInput

NAN = np.nan

GOOD = {
    "a header": ("a,b\n1,2\n3,4\n", None, (["a", "b"], [[1, 2], [3, 4]])),
    "no header": ("1,2\n3,4\n", None, (None, [[1, 2], [3, 4]])),
    "one row": ("1,2", None, (None, [[1, 2]])),
    "a mark of UTF-8": ("\ufeffa,b\n1,2\n", None, (["a", "b"], [[1, 2]])),
    "a mark and no header": ("\ufeff1,2\n", None, (None, [[1, 2]])),
    "quotes": ('"a, b","say ""x"""\n"1","2.5"\n', None, (["a, b", 'say "x"'], [[1, 2.5]])),
    "lines of Windows": ("a,b\r\n1,2\r\n", None, (["a", "b"], [[1, 2]])),
    "empty lines": ("\n\na,b\n\n1,2\n\n\n", None, (["a", "b"], [[1, 2]])),
    "spaces": (" a , b \n 1 , 2 \n", None, (["a", "b"], [[1, 2]])),
    "powers and signs": ("1e-3,-2\n+4,.5\n", None, (None, [[1e-3, -2], [4, 0.5]])),
    "missing values": ("a,b\n,NA\nnan,N/A\nnull,None\n1,2\n", None, (["a", "b"], [[NAN, NAN]] * 3 + [[1, 2]])),
    "missing in the first row": ("NA,2\n3,4\n", None, (None, [[NAN, 2], [3, 4]])),
    "columns by name": ("b,a\n1,2\n", ["a", "b"], (["a", "b"], [[2, 1]])),
    "columns among others": ("id,b,note,a\nx,1,,2\ny,3,z,4\n", ["a", "b"], (["a", "b"], [[2, 1], [4, 3]])),
    "wanted and no header": ("1,2\n", ["a", "b"], (None, [[1, 2]])),
    "names that are numbers": ("1,0\n5,6\n", ["0", "1"], (["0", "1"], [[6, 5]])),
    "numbers of pandas": ("0,1,2\n5,6.5,7\n", None, (["0", "1", "2"], [[5, 6.5, 7]])),
    "numbers of pandas, names wanted": ("0,1\n5,6.5\n", ["a", "b"], (None, [[5, 6.5]])),
    "whole numbers that begin like that": ("0,1\n5,-6\n", None, (None, [[0, 1], [5, -6]])),
    "numbers that are a row": ("0,1,3\n5,6,7\n", None, (None, [[0, 1, 3], [5, 6, 7]])),
    "decimals that are a row": ("0.0,1.0\n5,6\n", None, (None, [[0, 1], [5, 6]])),
    "one column that begins with 0": ("0\n1\n", None, (None, [[0], [1]])),
    "other scripts": ("größe,длина\n1,2\n", ["длина"], (["длина"], [[2]])),
}


@pytest.mark.parametrize(("text", "wanted", "expected"), GOOD.values(), ids=GOOD)
def test_read(tmp_path, text, wanted, expected):
    file = tmp_path / "x.csv"
    file.write_bytes(text.encode())
    names, values = tables.read(file, wanted)
    assert names == expected[0]
    np.testing.assert_array_equal(values, expected[1])
    assert values.dtype == np.float64


def test_a_header_of_numbers_is_said(tmp_path, capsys):
    (tmp_path / "x.csv").write_text("0,1\n5,6.5\n")
    tables.read(tmp_path / "x.csv")
    assert capsys.readouterr().err == (
        f"{tmp_path / 'x.csv'}: the first line, 0 to 1, as pandas numbers columns, is read as their header; put a line of names "
        "above it if it is a row\n"
    )
    assert tables.cells(tmp_path / "x.csv") == (["0", "1"], [["5", "6.5"]])
    (tmp_path / "x.csv").write_text("0,1\n5,6\n")
    tables.read(tmp_path / "x.csv")
    assert "is read as a row, since all lines hold whole numbers; name the columns" in capsys.readouterr().err
    (tmp_path / "x.csv").write_text("b,a\n0,1\n")
    assert tables.read(tmp_path / "x.csv", ["a", "b"])[1].tolist() == [[1, 0]]
    assert tables.cells(tmp_path / "x.csv")[1] == [["0", "1"]]


BAD = {
    "empty": (b"", None, "has no rows of numbers"),
    "only a header": (b"a,b\n", None, "has no rows of numbers"),
    "only empty lines": (b"\n\n", None, "has no rows of numbers"),
    "text": (b"a,b\n1,2\n3,four\n", None, r"'four' in row 1, column 'b' is no number"),
    "text without header": (b"1,2\n3,four\n", None, "'four' in row 1, column 1 is no number"),
    "a short line": (b"a,b\n1,2\n3\n", None, "row 1 has 1 cells, expected 2"),
    "a long line": (b"1,2\n3,4,5\n", None, "row 1 has 3 cells, expected 2"),
    "semicolons": (b"a;b\n1;2\n", None, "has semicolons between its cells; save it with commas"),
    "semicolons without header": (b"1;2\n3;4\n", None, "has semicolons between its cells"),
    "semicolons and commas": (b"a;b\n1,5;2,5\n", None, "has semicolons between its cells"),
    "a lacking column": (b"a,c\n1,2\n", ["a", "b"], r"lacks the columns \['b'\]; it has \['a', 'c'\]"),
    "another encoding": ("größe\n1\n".encode("latin-1"), None, "cannot be read as CSV"),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), None, "cannot be read as CSV"),
    "a zero byte": (b"a,b\n1,\x002\n", None, "cannot be read as CSV|is no number"),
    "a cell without end": (b'a,b\n"' + b"1" * 200_000, None, "cannot be read as CSV"),
}


@pytest.mark.parametrize(("content", "wanted", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_read(tmp_path, content, wanted, message):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=message) as error:
        tables.read(file, wanted)
    assert str(file) in str(error.value)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_no_file(tmp_path, name):
    with pytest.raises(BadInput, match="cannot be read as CSV"):
        tables.read(tmp_path / name)


def test_write():
    file = io.StringIO()
    outputs = {"label": np.array([1, 0], np.int32), "distances": np.array([[0.5, 2], [1, 1e-7]], np.float32)}
    tables.write(file, outputs)
    assert file.getvalue() == "label,distances_0,distances_1\n1,0.5,2.0\n0,1.0,1e-07\n"


def test_what_is_written_reads_back_the_same(tmp_path):
    values = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    with open(tmp_path / "x.csv", "w", newline="") as file:
        tables.write(file, {"y": values, "one": values[:, 0]})
    names, again = tables.read(tmp_path / "x.csv")
    assert names == ["y_0", "y_1", "y_2", "one"]
    np.testing.assert_array_equal(again[:, :3].astype(np.float32), values)


def test_one_column_of_two_axes_keeps_its_number():
    file = io.StringIO()
    tables.write(file, {"y": np.array([[1.0]])})
    assert file.getvalue() == "y_0\n1.0\n"
