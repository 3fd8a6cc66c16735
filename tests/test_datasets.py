"""The data sets load the same with and without pandas, and each card says what is in the file."""

import hashlib
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import beyondlabels as bl

NAMES = bl.datasets.names()


def test_names_are_listed():
    assert "penguins" in NAMES


@pytest.mark.parametrize("name", ["pinguins", "", "../penguins", None, 3])
def test_an_unknown_name_says_which_exist(name):
    with pytest.raises(bl.BadInput, match=r"there are: .*penguins"):
        bl.datasets.load(name)


def test_penguins_types():
    data = bl.datasets.load("penguins")
    assert data.shape == (344, 8)
    assert data["body_mass_g"].dtype == np.float64
    assert data["year"].dtype == np.int64
    assert data["species"].iloc[0] == "Adelie"
    assert data["sex"].isna().sum() == 11
    assert data.dropna().shape == (333, 8)


def test_without_pandas_the_same_values_come_as_records():
    code = (
        "import importlib.util as u, sys; find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'pandas' else find(name, *rest)\n"
        "import beyondlabels as bl, numpy as np\n"
        "r = bl.datasets.load('penguins')\n"
        "print(type(r).__name__, len(r), r['year'].dtype, np.nansum(r['body_mass_g']), r['sex'][3], r['species'][0])\n"
        "assert 'pandas' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["recarray", "344", "int64", "1437000.0", "None", "Adelie"]


def test_npz_with_images_becomes_columns(tmp_path, monkeypatch):
    place = tmp_path / "tiny"
    place.mkdir()
    np.savez(place / "tiny.npz", pixels=np.arange(8).reshape(2, 2, 2), label=np.array([5, 6]))
    (place / "README.md").write_text("# Tiny\n")
    monkeypatch.setattr("beyondlabels.resources.folder", lambda _: tmp_path)
    assert bl.datasets.names() == ["tiny"]
    data = bl.datasets.load("tiny")
    assert list(data.columns) == ["pixels_0", "pixels_1", "pixels_2", "pixels_3", "label"]
    assert data["pixels_3"].tolist() == [3, 7]


def test_card_shows_as_markdown():
    card = bl.datasets.card("penguins")
    digest = hashlib.sha256(bl.datasets.path("penguins").read_bytes()).hexdigest()
    shown = card._repr_markdown_()
    assert f"<code>{digest[:8]}<wbr>{digest[8:16]}<wbr>" in shown  # a narrow window can break it
    assert re.sub("</?code>", "`", shown.replace("<wbr>", "")) == str(card)
    assert str(card).startswith("# Palmer penguins")
    assert "penguins" in repr(card)
    assert not hasattr(card, "_repr_html_")  # JupyterLab would prefer it to the Markdown


@pytest.mark.parametrize("name", NAMES)
def test_card_gives_the_files_checksum(name):
    digest = hashlib.sha256(bl.datasets.path(name).read_bytes()).hexdigest()
    assert f"`{digest}`" in str(bl.datasets.card(name))


@pytest.mark.parametrize("name", NAMES)
def test_card_has_what_a_reader_needs(name):
    text = str(bl.datasets.card(name))
    for part in ("**One row is", "## How it was collected", "## Known pitfalls", "## Source and licence", "Licence:"):
        assert part in text, part


@pytest.mark.parametrize("name", NAMES)
def test_card_matches_the_data(name):
    """Rows, columns, ranges, counts and missing values in the card are those of the file."""
    data, text = bl.datasets.load(name), str(bl.datasets.card(name))
    rows, columns = map(int, re.search(r"(\d+) rows, (\d+) columns", text).groups())
    assert data.shape == (rows, columns)
    stated = {}
    for line in re.findall(r"^\| `.*\|$", text, re.M):
        column, _, _, values, missing = (cell.strip() for cell in line.strip("|").split("|"))
        stated[column.strip("`")] = values, int(missing)
    assert list(stated) == list(data.columns)
    for column, (values, missing) in stated.items():
        series = data[column]
        assert series.isna().sum() == missing, column
        counts = {word: int(count) for word, count in re.findall(r"([\w-]+) \((\d+)\)", values)}
        if counts:
            assert counts == {str(key): n for key, n in series.value_counts().items()}, column
        else:
            low, high = (float(part) for part in values.split(" to "))
            assert (low, high) == (series.min(), series.max()), column


def test_what_the_penguin_card_claims_in_prose():
    data = bl.datasets.load("penguins")
    measured = data[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]]
    assert len(data.dropna()) == 333
    assert measured.isna().all(axis=1).sum() == measured.isna().any(axis=1).sum() == 2
    assert (data.isna().any(axis=1) == data["sex"].isna()).all()
    assert np.ptp(measured["body_mass_g"].dropna()) == 3600
    assert round(np.ptp(measured["bill_depth_mm"].dropna()), 1) == 8.4
    where = pd.crosstab(data["species"], data["island"])
    assert (where > 0).loc[["Adelie", "Chinstrap", "Gentoo"]].sum(axis=1).tolist() == [3, 1, 1]
    mass = data.groupby(["species", "sex"])["body_mass_g"].mean().unstack()
    assert (mass["male"] > mass["female"]).all()


def test_what_the_card_of_old_faithful_claims_in_prose():
    data = bl.datasets.load("old_faithful")
    seconds = data["duration_min"] * 60
    assert (seconds - seconds.round()).abs().max() < 0.05
    assert (seconds.round() % 5 == 0).sum() == 89
    assert data["duration_min"].nunique() == 126
    assert data.std().round(1).tolist() == [1.1, 13.6]
    waits, durations = data["waiting_min"].to_numpy(), data["duration_min"].to_numpy()
    assert np.corrcoef(waits, durations)[0, 1] > 0.9
    assert np.corrcoef(waits[:-1], durations[1:])[0, 1] < -0.5
    assert (durations[1:][durations[:-1] < 3] > 3).mean() > 0.9


def test_what_the_biopsy_card_claims_in_prose():
    data = bl.datasets.load("biopsies")
    for part in ("mean", "error", "worst"):
        one_thing = data[[f"{part}_{name}" for name in ("radius", "perimeter", "area")]]
        assert one_thing.corr().to_numpy().min() > (0.93 if part == "error" else 0.97)
    assert np.ptp(data["worst_area"]) == pytest.approx(4000, rel=0.02)
    assert round(np.ptp(data["worst_smoothness"]), 2) == 0.15
    assert round(100 * (data["diagnosis"] == "malignant").mean()) == 37
