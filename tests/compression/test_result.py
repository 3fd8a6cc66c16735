"""How a result reads, prints and is drawn; the command; and the arithmetic of losses and axes, by hand."""

import json
import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.cli import main
from beyondlabels.compression import methods, scales
from beyondlabels.runtime.loss import losses, percent


@pytest.fixture(scope="module")
def result(_network, digits, tmp_path_factory):
    into = tmp_path_factory.mktemp("variants")
    return bl.shrink(_network, sample=digits[0][1200:], target="iOS18", into=into)


# ---- the result ------------------------------------------------------------------------------------------------------


def test_the_table_has_a_line_for_each_variant(result):
    text = str(result)
    for each in result.variants:
        line = next(line for line in text.splitlines() if line.split()[:1] == [each.method])
        assert f"{each.size / 1000:.1f} kB" in line
        assert f"{each.ratio:.2f}×" in line
        assert each.smallest_os in line
        assert percent(each.losses["label"].agree) in line
    assert "Apple's own runtime was not run here." in text


def test_it_is_plain_data(result):
    found = json.loads(json.dumps(result.plain()))
    assert [each["method"] for each in found["variants"]] == list(methods.ALL)
    assert found["variants"][0]["losses"]["probabilities"]["share"] == result.variants[0].losses["probabilities"].share
    assert found["size"] == result.size


def test_a_variant_is_found_by_its_method(result):
    assert result["int8"].method == "int8"
    with pytest.raises(KeyError, match="no variant 'int9'; there are float16, int8"):
        result["int9"]


def test_the_card_has_the_table_and_the_plot(result):
    card = result._repr_html_()
    assert card.count("<tr>") == len(result.variants) + 2
    assert "<script" not in card
    assert 'alt="label, rows whose label changes: ' in card


def test_the_plot_names_every_method_and_covers_none(result):
    plot = result.plot()
    root = ElementTree.fromstring(plot.svg)
    words = list(root.iter("{http://www.w3.org/2000/svg}text"))
    for name in methods.ALL:
        assert sum(each.text == name for each in words) == 2  # one in each panel
        assert name in plot.alt
    boxes = []
    for each in words:
        if each.text in methods.ALL:
            x, y, half = float(each.get("x")), float(each.get("y")), 3 * len(each.text)
            boxes.append((x - half, y - 9, x + half, y + 2))
            assert x - half > 0
            assert x + half < 720
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def test_the_plot_is_saved_as_svg(result, tmp_path):
    result.plot().save(tmp_path / "plot.svg")
    assert ElementTree.parse(tmp_path / "plot.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_no_other_picture_is_promised(result, here, capsys):
    with pytest.raises(bl.BadInput, match=r"plot\.png: a plot is saved as SVG, under a name that ends in \.svg"):
        result.plot().save(here / "plot.png")
    code, out, err = run(capsys, "shrink", "mlp.mlpackage", "--sample", "x.csv", "--method", "int8", "--plot", "p.png")
    assert (code, out) == (1, "")
    assert "p.png: a plot is saved as SVG" in err
    assert not list(here.glob("p.*")) + list(here.glob("mlp.int8*")), "found out before the work"


# ---- losses by hand --------------------------------------------------------------------------------------------------


def test_labels_agree_row_by_row():
    found = losses({"label": np.array([1, 2, 3, 4])}, {"label": np.array([1, 2, 0, 4])})["label"]
    assert (found.agree, found.lost, found.rows) == (0.75, 0.25, 4)
    assert found.sentence() == "label: 3 of 4 agree (75 %)"
    pairs = np.array([[1, 2], [3, 4]])
    assert losses({"neighbours": pairs}, {"neighbours": pairs + np.array([[0, 0], [0, 1]])})["neighbours"].agree == 0.5


def test_numbers_by_hand():
    wanted = np.array([[1.0], [-1.0], [1.0], [-1.0]], np.float32)
    found = losses({"score": wanted}, {"score": wanted + np.float32([[0.5], [0], [0], [0]])})["score"]
    assert found.rms == 0.25  # sqrt(0.5² / 4)
    assert found.share == 0.25  # the spread of ±1 is 1
    assert found.largest == 0.25  # 0.5 / (|1| + 1)
    assert found.median == 0
    assert found.agree is None


def test_numbers_that_are_lost_are_an_infinite_loss():
    found = losses({"score": np.array([1.0, 2.0])}, {"score": np.array([1.0, np.nan])})["score"]
    assert math.isinf(found.largest)
    assert math.isinf(found.share)
    assert "without bound" in found.sentence()
    same = np.array([np.inf, np.nan, 1.0])
    assert losses({"score": same}, {"score": same})["score"].share == 0


def test_a_single_row_and_an_output_without_spread():
    assert losses({"score": np.array([2.0])}, {"score": np.array([2.5])})["score"].share == 0.25
    assert losses({"score": np.zeros(3)}, {"score": np.zeros(3)})["score"].share == 0
    assert losses({"score": np.full(3, 2.0)}, {"score": np.full(3, 3.0)})["score"].share == 0.5


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.99999, "99.99 %"),
        (0.983, "98.3 %"),
        (0.0084, "0.84 %"),
        (1e-9, "under 0.0001 %"),
        (1.293, "129.3 %"),
        (103.5, "10,350 %"),
        (math.inf, "without bound"),
    ],
)
def test_percentages_are_rounded_but_never_to_everything_or_nothing(share, words):
    assert percent(share) == words


def test_the_axis_of_losses():
    axis = scales.losses([0.0, 0.002, 0.3, math.inf], 200, 0)
    assert axis.ticks == (0.0, 1e-3, 1e-2, 1e-1, 1.0)
    assert (axis.place(0.0), axis.place(math.inf), axis.place(1.0)) == (200, 0, 0)
    assert axis.place(0.01) == pytest.approx(100)
    assert scales.losses([0.0, 0.0], 200, 0).place(0.0) == 200


def test_the_axis_of_sizes():
    axis = scales.sizes([100, 400], 0, 100)
    assert all(0 < axis.place(size) < 100 for size in (100, 200, 400))
    assert axis.place(200) == pytest.approx((axis.place(100) + axis.place(400)) / 2)
    assert len(scales.sizes([100.0, 101.0], 0, 100).ticks) >= 1


# ---- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(network, digits, monkeypatch):
    monkeypatch.chdir(network.parent)
    monkeypatch.setattr("beyondlabels.cli._QUIET", 600)
    np.savetxt("x.csv", digits[0][:60], delimiter=",")
    return network.parent


def run(capsys, *arguments):
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command(here, capsys):
    arguments = ["shrink", "mlp.mlpackage", "--sample", "x.csv", "--method", "int8", "--method", "palette4"]
    code, out, err = run(capsys, *arguments, "--plot", "p.svg")
    assert (code, err) == (0, "")
    assert "palette4" in out
    assert (here / "mlp.palette4.mlpackage").is_dir()
    assert (here / "p.svg").read_text("utf-8").startswith("<svg")
    code, out, err = run(capsys, *arguments)
    assert code == 1
    assert "exists; choose another name" in err
    code, out, _ = run(capsys, *arguments, "--overwrite", "--json", "--target", "iOS18")
    assert code == 0
    assert [each["target"] for each in json.loads(out)["variants"]] == ["iOS18", "iOS18"]
    assert main(["check", "mlp.palette4.mlpackage"]) == 0
    assert "Compressed; on these rows" in capsys.readouterr().out


def test_the_command_makes_all_when_none_is_named(here, capsys):
    (here / "into").mkdir()
    code, out, _ = run(capsys, "shrink", "mlp.mlpackage", "--sample", "x.csv", "--into", "into", "--json")
    assert code == 0
    assert {each["method"] for each in json.loads(out)["left_out"]} >= {"int4", "palette4+int8"}
    assert len(list((here / "into").iterdir())) == len(json.loads(out)["variants"])


def test_the_command_says_why_not(here, capsys):
    code, out, err = run(capsys, "shrink", "mlp.mlpackage", "--sample", "x.csv", "--method", "int4")
    assert (code, out) == (1, "")
    assert "shrink-newer-system" in err
    assert run(capsys, "shrink", "none.mlpackage", "--sample", "x.csv")[0] == 1
    assert run(capsys, "shrink", "mlp.mlpackage", "--sample", "none.csv")[0] == 1
