"""Sentences as HTML: a number stays with its "%", code and names of files stay as they are."""

from dataclasses import replace

import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

import beyondlabels as bl
from beyondlabels import typeset
from beyondlabels.conversion.verdict import Agreement
from beyondlabels.course.prose import markdown_light


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("agrees on 100.0 % of them", "agrees on 100.0\u00a0% of them"),
        ("80 % and <20 %>", "80\u00a0% and &lt;20\u00a0%&gt;"),
        ("each, % of it, 5% and 5  %", "each, % of it, 5% and 5  %"),
    ],
)
def test_a_number_keeps_its_percent_sign(plain, set_):
    assert typeset.escaped(plain) == set_


def test_code_is_not_touched():
    assert markdown_light("at 5 %: `7 % 2`, **9 %**") == "at 5\u00a0%: <code>7 % 2</code>, <b>9\u00a0%</b>"


def test_a_card_breaks_no_share_and_changes_no_file_name(penguins, tmp_path):
    path = tmp_path / "all 5 % of it.mlpackage"
    result = bl.export(KMeans(2, n_init=1, random_state=0).fit(penguins), path, sample=penguins)
    substitute = replace(result, agreement=Agreement(333, 333, "counted on held-out rows"))
    html = substitute._repr_html_()
    assert "(100.0\u00a0%)" in html
    assert f"<code>{path}</code>" in html
    assert "100.0 %" in str(substitute)  # a terminal breaks lines where it likes


def test_one_is_singular(penguins, tmp_path):
    assert typeset.counted(1, "direction") == "1 direction"
    assert typeset.counted(0, "row") == "0 rows"
    assert typeset.counted(1200, "category", "categories") == "1,200 categories"
    one = penguins[:, :1]
    said = bl.export(PCA(1).fit(one), tmp_path / "one.mlpackage", sample=one).carries.summary
    assert said == "1 direction and the mean of 1 feature. None of your rows."
