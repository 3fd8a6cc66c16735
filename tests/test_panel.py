"""The export panel as a model behind buttons: what it says, what it writes, and what it leaves alone."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN, KMeans
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl
from beyondlabels import panel, panel_words
from beyondlabels.mil import targets
from beyondlabels.runtime.parity import OutputParity

CORE, NEIGHBOURS = "nearest core point within eps", "5 nearest neighbours"


@pytest.fixture(scope="module", name="X")
def two_groups():
    """Two groups of 30 in features of unlike size, the second in the tens of thousands."""
    rng = np.random.default_rng(3)
    rows = np.concatenate([rng.normal(centre, 0.3, (30, 2)) for centre in ((0, 0), (4, 4))])
    return pd.DataFrame(rows * [1, 1000] + [0, 20_000], columns=["länge <mm>", "体重"])


@pytest.fixture(autouse=True)
def _work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def kmeans(X):
    return make_pipeline(StandardScaler(), KMeans(2, n_init=3, random_state=0)).fit(X)


@pytest.fixture
def dbscan(X):
    return make_pipeline(StandardScaler(), DBSCAN(eps=0.5)).fit(X)


def press(card, action, **content):
    """What a press in the browser does."""
    card._pressed(card, {"action": action, **content}, [])


def test_the_options_are_those_of_export():
    assert tuple(targets.TARGETS) == panel.TARGETS
    assert targets.PRECISIONS == panel.PRECISIONS


@pytest.mark.parametrize("options", [{"precision": "float64"}, {"target": "iOS1"}])
def test_an_unknown_option_is_refused_when_the_panel_is_made(kmeans, X, options):
    with pytest.raises(bl.BadInput, match="choose one of"):
        bl.ExportPanel(kmeans, X, **options)


def test_it_assesses_and_writes_nothing(kmeans, X, tmp_path):
    card = bl.ExportPanel(kmeans, X)
    assert repr(card) == "Export StandardScaler → KMeans: ✓ Exact; label ← predict, distances ← transform"
    assert card.path == "kmeans.mlpackage"
    assert card.view["badge"] == "✓ Exact"
    assert card.view["carries"]["rows"] == 0
    assert (card.result, card.results, list(tmp_path.iterdir())) == (None, {}, [])


def test_a_press_exports_verifies_and_says_so(kmeans, X, tmp_path):
    card = bl.ExportPanel(kmeans, X)
    said = []
    card.observe(lambda change: said.append(change["new"]), "said")
    press(card, "export", path="mine", precision="float32", target="iOS17")
    assert card.result.path == "mine.mlpackage"
    assert card.result.target == "iOS17"
    assert bl.runtime.check("mine.mlpackage").passed
    assert said[0] == "Writing the program…"
    assert said[-1].startswith("Saved mine.mlpackage and read it back. Label: 60 of 60 equal; distances: largest error")
    assert card.shown[""]["verified"][0] == ["label", "60 of 60 equal", ""]
    assert "allowed 10⁻⁵" in card.shown[""]["verified"][1][2]
    assert (card.busy, card.trouble) == (False, {})
    assert json.loads(json.dumps(card.shown, allow_nan=False)) == card.shown


def test_it_replaces_its_own_package_and_no_other(kmeans, X, tmp_path):
    first, second = bl.ExportPanel(kmeans, X), bl.ExportPanel(kmeans, X)
    first.export()
    assert first.export() is first.result
    with pytest.raises(bl.PackageExists):
        second.export()
    assert "was there before" in second.said
    assert second.trouble["exists"]
    press(second, "export", replace=True)
    assert second.result is not None


def test_a_package_that_changed_since_is_not_replaced_silently(kmeans, X, tmp_path):
    card = bl.ExportPanel(kmeans, X)
    card.export()
    (tmp_path / "kmeans.mlpackage" / "note.txt").write_text("mine")
    press(card, "export")
    assert "has changed since this panel wrote it" in card.said
    assert card.export(overwrite=True) is card.result


def test_a_panel_may_be_told_to_overwrite(kmeans, X):
    bl.ExportPanel(kmeans, X).export()
    assert bl.ExportPanel(kmeans, X, overwrite=True).export().parity.passed


def test_the_file_is_checked_again_and_a_change_is_found(dbscan, X, tmp_path):
    card = bl.ExportPanel(dbscan, X)
    with pytest.raises(bl.BadInput, match="export first"):
        card.check(NEIGHBOURS)
    package = tmp_path / card.export(NEIGHBOURS).path
    press(card, "check", road=NEIGHBOURS)
    assert card.checks[NEIGHBOURS]["passed"]
    assert "the proof holds" in card.said
    weights = next(package.rglob("weight.bin"))
    weights.write_bytes(weights.read_bytes()[:-4] + b"\x00\x00\x80\x3f")
    press(card, "check", road=NEIGHBOURS)
    assert not card.checks[NEIGHBOURS]["passed"]
    assert any("sha-256" in problem for problem in card.checks[NEIGHBOURS]["problems"])
    shutil.rmtree(package)
    press(card, "check", road=NEIGHBOURS)
    assert card.checks[NEIGHBOURS]["problems"] == [
        f"{package.name}: expected a .mlpackage folder or a .mlmodel file, found nothing"
    ]


def test_half_precision_that_overflows_is_said_in_words_and_loses_nothing(X):
    card = bl.ExportPanel(KMeans(2, n_init=3, random_state=0).fit(X), X)
    card.export()
    press(card, "export", precision="float16")
    assert "65,504" in card.said
    assert card.trouble["limits"][0]["id"] == "float16-overflow"
    assert card.trouble["kept"]
    assert card.result.precision == "float32"


@pytest.mark.parametrize(
    ("path", "words"), [("", "needs a name"), ("no/folder/x", "does not exist"), ("x.zip", "ends in .mlpackage")]
)
def test_a_path_that_cannot_be_used_is_said_in_words(kmeans, X, path, words):
    card = bl.ExportPanel(kmeans, X)
    press(card, "export", path=path)
    assert words in card.said
    assert card.result is None
    assert card.trouble["road"] == ""


def test_an_unexpected_error_is_said_in_words_too(kmeans, X, monkeypatch):
    monkeypatch.setattr(panel, "export", lambda *args, **options: 1 / 0)
    card = bl.ExportPanel(kmeans, X)
    press(card, "export")
    assert "ZeroDivisionError" in card.said
    assert not card.busy


def test_a_refusal_offers_substitutes_with_what_was_measured(dbscan, X):
    card = bl.ExportPanel(dbscan, X)
    assert repr(card) == "Export StandardScaler → DBSCAN: ⊘ No function to export"
    core, neighbours = card.view["offers"]
    assert [core["name"], neighbours["name"]] == [CORE, NEIGHBOURS]
    assert core["rows"] == 15
    assert core["carries"]["rows"] == len(dbscan[-1].core_sample_indices_)
    assert neighbours["carries"]["rows"] == len(X)
    assert neighbours["path"] == "dbscan-5-nearest-neighbours.mlpackage"
    with pytest.raises(bl.NotExportable):
        card.export()


def test_a_substitute_is_exported_with_its_agreement(dbscan, X):
    card = bl.ExportPanel(dbscan, X)
    press(card, "export", road=NEIGHBOURS)
    result = card.results[NEIGHBOURS]
    assert result.agreement.rows == 15
    assert result.carries.rows == len(X)
    assert card.shown[NEIGHBOURS]["agreement"].startswith("agrees on")
    assert card.check(NEIGHBOURS).passed
    with pytest.raises(bl.BadInput, match="there is 'nearest core point"):
        card.export("mean shift")


def test_many_rows_are_measured_on_request(dbscan, X, monkeypatch):
    monkeypatch.setattr(panel, "_QUICK_ROWS", 10)
    card = bl.ExportPanel(dbscan, X)
    assert [card.view["measured"], card.view["offers"][0]["agrees"]] == [False, ""]
    press(card, "measure")
    assert card.view["measured"]
    assert card.view["offers"][0]["agrees"].startswith("agrees on ")


def test_rows_the_model_was_not_fitted_on_are_named(dbscan, X):
    card = bl.ExportPanel(dbscan, X[:20])
    assert "labelled 60 rows, found 20" in card.view["offers"][0]["note"]
    press(card, "export", road=CORE)
    assert "labelled 60 rows, found 20" in card.said


def test_unfitted_and_unknown_models_say_what_to_do(X):
    unfitted = bl.ExportPanel(KMeans(2), X)
    assert unfitted.view["refused"][0]["instead"] == "Call fit first."
    other = GaussianNB().fit(X, X["体重"] > 20_000)
    unknown = bl.ExportPanel(other, X)
    assert unknown.view["badge"].startswith("⊘")
    assert unknown.view["refused"][0]["id"] == "no-recipe"


def test_the_still_picture_is_the_same_anywhere(kmeans, X, tmp_path):
    before = bl.ExportPanel(kmeans, X).picture()
    assert before == bl.ExportPanel(kmeans, X).picture()
    card = bl.ExportPanel(kmeans, X, path=tmp_path / "a.mlpackage")
    card.export()
    assert str(tmp_path) not in card.picture()
    assert "Verified on this computer" in card.picture()
    assert "länge &lt;mm&gt;" in card.picture()
    again = card.picture()
    card.export()
    assert card.picture() == again


def test_what_a_package_would_carry_can_be_asked_without_one(kmeans, dbscan):
    assert bl.carries(kmeans).kind == "statistics"
    with pytest.raises(bl.NotExportable):
        bl.carries(dbscan)


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("error 2.4e-07 (allowed 1.0e-05)", "error 2.4\u00a0×\u00a010⁻⁷ (allowed 10⁻⁵)"),
        ("3e+04 and 1e-10", "3\u00a0×\u00a010⁴ and 10⁻¹⁰"),
        ("feature_1e5x, 0.97", "feature_1e5x, 0.97"),
        ("1.0e+00, 2.4e+00, 2.4e-01, 2.4e+01", "1, 2.4, 0.24, 24"),
    ],
)
def test_small_numbers_are_set_with_real_superscripts(plain, set_):
    assert panel_words.typeset(plain) == set_


@pytest.mark.parametrize(
    ("ties", "words"),
    [
        (0, "Label: 1,200 of 1,200 equal."),
        (1, "Label: 1,199 of 1,200 equal, the other is a tie for the model itself."),
        (2, "Label: 1,198 of 1,200 equal, the other 2 are ties for the model itself."),
    ],
)
def test_ties_are_counted_in_words(ties, words):
    part = OutputParity("label", 1200, ties, ties, 0, 1e-5, True, labels_differ=ties, ties=ties)
    assert panel_words.summary({"label": part}) == words
