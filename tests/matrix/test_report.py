"""The support table says what the runs showed, in text, Markdown and JSON; ``beyondlabels matrix`` prints it."""

import json
import re

import pytest

import beyondlabels as bl
import readme
from beyondlabels.cli import main
from beyondlabels.matrix import Row, report
from beyondlabels.matrix.runs import Run, fit, run, runs


@pytest.fixture(scope="module")
def found():
    """Entries of three estimators: one that exports, one that is refused with substitutes, one with several options."""
    return report.entries(report.chosen(["kmeans", "DBSCAN", "FrozenEstimator"]))


def entry(found, name):
    return next(each for each in found if each.name == name)


def test_a_run_of_a_model_that_exports(found):
    first = entry(found, "KMeans").first
    assert (first.kind, first.problem, first.limits) == ("exact", "", ())
    assert first.outputs == {"label": "predict", "distances": "transform"}
    assert 0 < first.relative < first.tolerance == 1e-5
    assert first.size > 1000
    assert first.seconds > 0
    assert first.carries == "statistics"


def test_a_run_of_a_model_without_a_function_for_a_new_point(found):
    first = entry(found, "DBSCAN").first
    assert (first.kind, first.limits, first.size) == ("surrogate", ("no-out-of-sample",), 0)
    assert [each.name for each in first.substitutes] == ["nearest core point within eps", "5 nearest neighbours"]
    assert all("held-out rows" in each.agreement and each.size > 1000 for each in first.substitutes)


def test_options_that_are_refused_name_their_limit(found):
    run = next(run for run in entry(found, "FrozenEstimator").runs if run.option == "an unknown class inside")
    assert run.limits == ("no-recipe",)
    assert "_Doubled, a subclass of the known StandardScaler" in run.because[0]


def test_the_text(found):
    text = report.text(found)
    assert "KMeans: ✓ Exact; label ← predict, distances ← transform; worst error " in text
    assert "KMeans: one group: ✓ Exact" in text
    assert re.search(r"DBSCAN: ⊘ No function to export; [\d.]+ s\n    limit no-out-of-sample", text)
    assert re.search(
        r"    instead: 5 nearest neighbours: agrees on .* held-out rows .*; worst error \S+ relative; .* kB\n", text
    )
    assert text.splitlines()[-1].startswith("2 of 3 estimators export; of ")
    assert ", 0 went wrong, in " in text


def test_the_markdown_has_a_line_for_each_estimator(found):
    head, rule, *lines = report.markdown(found).splitlines()
    assert {line.count("|") for line in (head, rule, *lines)} == {8}
    assert [line.split(" | ")[0] for line in lines] == ["| DBSCAN", "| FrozenEstimator", "| KMeans"]
    assert "| KMeans | ✓ Exact | `label` ← `predict`, `distances` ← `transform` | 1e-0" in lines[2]
    assert re.fullmatch(r".* \| \d+(\.\d+)? s \|", lines[2])


def test_rounded_markdown_says_below_which_power_of_ten_the_time_stays(found):
    kmeans = entry(found, "KMeans")
    line = report.markdown([kmeans], rounded=True).splitlines()[2]
    power = float(re.search(r"\| ([\d.e+]+) s \|$", line)[1])
    assert power / 10 <= kmeans.seconds < power
    assert power in (0.01, 0.1, 1, 10, 100, 1000)


def test_json_holds_everything(found):
    again = json.loads(json.dumps(report.plain(found)))
    assert [each["estimator"] for each in again] == [each.name for each in found]
    kmeans = next(each for each in again if each["estimator"] == "KMeans")
    assert kmeans["runs"][0]["relative"] == kmeans["worst_relative"] == entry(found, "KMeans").relative


@pytest.mark.parametrize(
    ("error", "said"),
    [(0.0, "0"), (1e-12, "1e-07"), (9e-8, "1e-07"), (1.1e-7, "1e-06"), (1e-6, "1e-05"), (0.02, "1e-01")],
)
def test_an_error_as_a_bound(error, said):
    assert report.bound(error) == said
    assert error == 0 or error < float(said)


def test_a_mistyped_name():
    with pytest.raises(bl.BadInput, match=r"the matrix has no 'kmeens'; did you mean KMeans"):
        report.chosen(["kmeens"])


def test_an_unknown_name():
    with pytest.raises(bl.BadInput, match=r"the matrix has no 'nothing'; it has .*KMeans, .*") as error:
        report.chosen(["KMeans", "nothing"])
    named = str(error.value).partition("it has ")[2].split(", ")
    assert named == sorted(set(named))


def test_what_goes_wrong_is_a_line_of_the_table():
    def broken():
        raise ZeroDivisionError("by hand")

    made = run(Row("Broken", broken))
    assert made.problem == "ZeroDivisionError: by hand"
    found = [report.Entry("Broken", (made,))]
    assert "PROBLEM: ZeroDivisionError: by hand" in report.text(found)
    assert "**ZeroDivisionError: by hand**" in report.markdown(found)
    assert found[0].problems == ("default options: ZeroDivisionError: by hand",)


def test_options_can_be_left_out():
    row = next(row for row in report.chosen(["KMeans"]))
    assert [each.option for each in runs(row, options=False)] == [""]


def test_a_frozen_estimator_is_fitted_inside():
    row = next(row for row in report.chosen(["FrozenEstimator"]))
    assert fit(row.make, row).estimator.cluster_centers_.shape == (3, 4)


# ---- the command -----------------------------------------------------------------------------------------------------


def test_the_command(capsys):
    assert main(["matrix", "StandardScaler", "--default-options"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("StandardScaler: ✓ Exact; transformed ← transform")
    assert "1 of 1 estimators export" in out
    assert "Traceback" not in err


def test_the_command_in_markdown_and_json(capsys):
    assert main(["matrix", "standardscaler", "--default-options", "--markdown"]) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("| StandardScaler | ✓ Exact | ")
    assert main(["matrix", "StandardScaler", "--default-options", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["runs"][0]["badge"] == "✓ Exact"


def test_the_command_prints_one_form(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["matrix", "StandardScaler", "--json", "--markdown"])
    assert "argument --markdown: not allowed with argument --json" in capsys.readouterr().err


def test_the_command_with_an_unknown_name(capsys):
    assert main(["matrix", "nothing"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("beyondlabels: the matrix has no 'nothing'")


def test_the_command_fails_when_a_run_goes_wrong(capsys, monkeypatch):
    made = Run("KMeans", "", "numbers", "exact", "✓ Exact", {}, problem="ParityFailed: off")
    monkeypatch.setattr(report, "runs", lambda row, options: [made])
    assert main(["matrix", "KMeans"]) == 1
    assert "beyondlabels: KMeans: default options: ParityFailed: off" in capsys.readouterr().err


# ---- README's table --------------------------------------------------------------------------------------------------

OLD = """\
| estimator | error below | kB |
| KMeans | 1e-06 | 5 |
| PCA | 0 | 9 |
| TSNE | 5 nearest neighbours: 0.970, 1.5% |
| OPTICS | 1 s |"""


@pytest.mark.parametrize(
    "line",
    [
        "| KMeans | 1e-06 | 5 |",
        "| KMeans | 1e-07 | 5 |",
        "| KMeans | 1e-05 | 5 |",
        "| KMeans | 1e-06 | 6 |",
        "| PCA | 1e-07 | 9 |",
        "| TSNE | 5 nearest neighbours: 0.962, 2.1% |",
        "| OPTICS | 0.1 s |",
        "| OPTICS | 10 s |",
        "| OPTICS | 100 s |",
        "| OPTICS | 0.01 s |",
    ],
)
def test_a_line_of_the_readme_that_is_still_true_stays(line):
    assert readme.still_true(line, OLD) in OLD.splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "| KMeans | 1e-04 | 5 |",
        "| KMeans | 1e-08 | 5 |",
        "| KMeans | 0 | 5 |",
        "| KMeans | 1e-06 | 9 |",
        "| KMeans | 1e-06 | 5 | new |",
        "| PCA | 1e-06 | 9 |",
        "| PCA | 1 |",
        "| DBSCAN | 1 |",
        "| TSNE | 4 nearest neighbours: 0.970, 1.5% |",
        "| TSNE | 5 nearest neighbours: 0.790, 1.5% |",
        "| TSNE | 5 nearest neighbours: 0.970, 3.5% |",
    ],
)
def test_a_line_of_the_readme_that_is_not_true_is_written_again(line):
    assert readme.still_true(line, OLD) == line


def test_lessons_in_the_readme_are_compared_to_the_letter(monkeypatch):
    """A lesson of 30 minutes that takes 31 is no measurement."""
    monkeypatch.setattr(readme, "TABLES", {"lessons": lambda: "| a | 31 | b |"})
    text = "<!-- lessons -->\n| a | 30 | b |\n<!-- /lessons -->\n"
    assert "| a | 31 | b |" in readme.renewed(text, keep=True)
    with pytest.raises(ValueError, match="lacks the markers"):
        readme.renewed(text.replace("/lessons", "/other"), keep=True)
