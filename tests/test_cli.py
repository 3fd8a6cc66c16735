"""The command: what it prints where, and its exit codes: 0 done, 1 refused or failed, 2 wrong usage."""

import csv
import io
import json
import pickle
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.cluster import DBSCAN, KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import beyondlabels as bl
from beyondlabels.cli import main

COLUMNS = ["bill", "flügel", "mass"]
X = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 3)) * 10, columns=COLUMNS)
MODEL = make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(X)


def saved(file, model=MODEL):
    skops.io.dump(model, file)
    return str(file)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with model.skops, x.csv and groups.mlpackage, as the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("beyondlabels.cli._QUIET", 600)  # a busy machine is no reason to report progress here
    saved(tmp_path / "model.skops")
    X.to_csv("x.csv", index=False)
    bl.export(MODEL, "groups.mlpackage", sample=X)
    return tmp_path


def run(capsys, *arguments):
    """(exit code, stdout, stderr) of the command."""
    try:
        code = main([str(each) for each in arguments])
    except SystemExit as error:
        code = error.code
    out, err = capsys.readouterr()
    return code, out, err


# ---- export ------------------------------------------------------------------------------------------------------------


def test_export(here, capsys):
    code, out, err = run(capsys, "export", "model.skops", "--sample", "x.csv", "-o", "new.mlpackage")
    assert (code, err) == (0, "")
    assert "30 of 30 labels equal" in out
    assert bl.runtime.check("new.mlpackage").passed
    assert bl.runtime.describe(bl.runtime.load("new.mlpackage"))["features"] == COLUMNS


def test_export_as_json(here, capsys):
    arguments = ["--target", "iOS17", "--precision", "float16", "--name", "Vögel", "--json"]
    code, out, _ = run(
        capsys, "export", saved("s.skops", MODEL[:1]), "--sample", "x.csv", "-o", "n.mlpackage", *arguments
    )
    found = json.loads(out)
    assert code == 0
    assert (found["target"], found["precision"], found["features"]) == ("iOS17", "float16", COLUMNS)
    assert found["parity"]["transformed"]["passed"]
    assert "struct Vögel" in found["swift"]


def test_export_finds_the_columns_by_name(here, capsys):
    frame = X[COLUMNS[::-1]].copy()
    frame.insert(1, "island", "Dream")
    frame.to_csv("mixed.csv", index=False)
    assert run(capsys, "export", "model.skops", "--sample", "mixed.csv", "-o", "n.mlpackage")[0] == 0
    wanted = bl.runtime.load("groups.mlpackage").predict({"x": X})
    found = bl.runtime.load("n.mlpackage").predict({"x": X})
    np.testing.assert_array_equal(found["label"], wanted["label"])


def test_a_csv_of_a_frame_without_names(here, capsys):
    pd.DataFrame(X.to_numpy()).to_csv("plain.csv", index=False)
    model = saved("n.skops", StandardScaler().fit(X.to_numpy()))
    code, out, err = run(capsys, "export", model, "--sample", "plain.csv", "-o", "n.mlpackage")
    assert code == 0
    assert "plain.csv: the first line, 0 to 2, as pandas numbers columns, is read as their header" in err
    for package in ("n.mlpackage", "groups.mlpackage"):
        code, out, err = run(capsys, "run", package, "plain.csv")
        assert (code, len(out.splitlines())) == (0, 31)


def test_export_leaves_rows_with_missing_values_out_and_says_so(here, capsys):
    frame = X.copy()
    frame.loc[[2, 5], "mass"] = np.nan
    frame.to_csv("holes.csv", index=False, na_rep="NA")
    code, out, err = run(capsys, "export", "model.skops", "--sample", "holes.csv", "-o", "n.mlpackage")
    assert code == 0
    assert err == "2 of 30 rows with missing values left out of the sample\n"
    assert "28 of 28 labels equal" in out


def test_export_of_nothing_but_missing_values(here, capsys):
    (here / "holes.csv").write_text("bill,flügel,mass\nNA,1,2\n1,NA,2\n")
    code, out, err = run(capsys, "export", "model.skops", "--sample", "holes.csv", "-o", "n.mlpackage")
    assert (code, out) == (1, "")
    assert "is not a finite number" in err


def test_an_existing_package(here, capsys):
    arguments = ("export", "model.skops", "--sample", "x.csv", "-o", "groups.mlpackage")
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert "groups.mlpackage exists; choose another name, or pass --overwrite to replace it" in err
    assert run(capsys, *arguments, "--overwrite")[0] == 0


@pytest.mark.parametrize("option", ["--scale", "--bias"])
def test_scaling_without_an_image_is_wrong_usage(here, capsys, option):
    code, out, err = run(capsys, "export", "model.skops", "--sample", "x.csv", "-o", "n.mlpackage", option, "2")
    assert (code, out) == (2, "")
    assert f"{option} are for pixels: say --image RGB, BGR or GRAYSCALE" in err
    assert not (here / "n.mlpackage").exists()


def test_a_refusal_gives_its_reason_on_stderr(here, capsys):
    code, out, err = run(
        capsys, "export", saved("d.skops", DBSCAN(0.5).fit(X)), "--sample", "x.csv", "-o", "n.mlpackage", "--json"
    )
    assert (code, out) == (1, "")
    assert err.startswith("beyondlabels: DBSCAN: ⊘ No function to export")
    assert "no-out-of-sample" in err
    assert "substitute: nearest core point within eps" in err


def twice(values):
    return 2 * values


def test_unknown_types_need_trust(here, capsys):
    file = saved("f.skops", make_pipeline(FunctionTransformer(twice), StandardScaler()).fit(X))
    arguments = ("export", file, "--sample", "x.csv", "-o", "n.mlpackage")
    code, _, err = run(capsys, *arguments)
    assert code == 1
    assert "does not know to be safe" in err
    assert "--trust" in err
    code, _, err = run(capsys, *arguments, "--trust")
    assert code == 1
    assert "FunctionTransformer" in err, "with trust it is read, and then no recipe knows it"


def test_pickles_need_trust(here, capsys):
    (here / "m.pkl").write_bytes(pickle.dumps(MODEL))
    arguments = ("export", "m.pkl", "--sample", "x.csv", "-o", "n.mlpackage")
    code, _, err = run(capsys, *arguments)
    assert code == 1
    assert "m.pkl is a pickle" in err
    assert run(capsys, *arguments, "--trust")[0] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no rows of numbers"),
        ("bill,flügel,mass\n1,2\n", "row 0 has 2 cells, expected 3"),
        ("bill;flügel;mass\n1;2;3\n", "has semicolons between its cells"),
        ("bill,flügel\n1,2\n", r"lacks the columns ['mass']"),
        ("bill,flügel,mass\n1,2,heavy\n", "'heavy' in row 0, column 'mass' is no number"),
        ("1,2\n", "has 2 features; the model was fitted on 3"),
        ("a,b,c\n1,2,3\n", "leave the header out"),
    ],
)
def test_samples_that_cannot_be_used(here, capsys, text, message):
    (here / "bad.csv").write_text(text)
    code, out, err = run(capsys, "export", "model.skops", "--sample", "bad.csv", "-o", "n.mlpackage")
    assert (code, out) == (1, "")
    assert message in err
    assert not (here / "n.mlpackage").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("export", "none.skops", "--sample", "x.csv", "-o", "n.mlpackage"), "no such file"),
        (("export", "model.skops", "--sample", "none.csv", "-o", "n.mlpackage"), "none.csv cannot be read"),
        (("export", "model.skops", "--sample", "x.csv", "-o", "n.mlmodel"), "ends in .mlpackage"),
        (("export", "model.skops", "--sample", "x.csv", "-o", "none/n.mlpackage"), "does not exist; create it first"),
        (("export", "x.csv", "--sample", "x.csv", "-o", "n.mlpackage"), "cannot be read as a skops file"),
        (("run", "none.mlpackage", "x.csv"), "found nothing"),
        (("run", "groups.mlpackage", "none.csv"), "none.csv cannot be read"),
        (("run", "groups.mlpackage", "x.csv", "-o", "none/out.csv"), "No such file"),
        (("run", "x.csv", "x.csv"), "found a file of another kind"),
        (("inspect", "x.csv"), "found a file"),
        (("check", "none.mlpackage"), "found nothing"),
    ],
)
def test_what_fails_exits_with_1_and_one_line(here, capsys, arguments, message):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert err.startswith("beyondlabels: ")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("expart",),
        ("export",),
        ("export", "model.skops", "-o", "n.mlpackage"),
        ("export", "model.skops", "--sample", "x.csv"),
        ("export", "model.skops", "--sample", "x.csv", "-o", "n.mlpackage", "--precision", "float64"),
        ("export", "model.skops", "--sample", "x.csv", "-o", "n.mlpackage", "--target", "iOS9"),
        ("run", "groups.mlpackage"),
        ("check",),
        ("inspect", "groups.mlpackage", "x.csv"),
        ("check", "groups.mlpackage", "--fast"),
    ],
)
def test_wrong_usage_exits_with_2(here, capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: beyondlabels")


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("export", "--help")])
def test_help_and_version(capsys, arguments):
    code, out, _ = run(capsys, *arguments)
    assert code == 0
    assert "beyondlabels" in out
    assert arguments != ("--version",) or out == f"beyondlabels {bl.__version__}\n"


# ---- run ---------------------------------------------------------------------------------------------------------------


def table(text):
    lines = list(csv.reader(io.StringIO(text)))
    return lines[0], np.array(lines[1:], float)


def test_run(here, capsys):
    code, out, err = run(capsys, "run", "groups.mlpackage", "x.csv")
    assert (code, err) == (0, "")
    header, values = table(out)
    assert header == ["label", "distances_0", "distances_1", "distances_2"]
    np.testing.assert_array_equal(values[:, 0], MODEL.predict(X))
    np.testing.assert_allclose(values[:, 1:], MODEL.transform(X), rtol=1e-5)


def test_run_as_json_and_into_a_file(here, capsys):
    _, plain, _ = run(capsys, "run", "groups.mlpackage", "x.csv")
    code, out, _ = run(capsys, "run", "groups.mlpackage", "x.csv", "--json")
    assert code == 0
    assert json.loads(out)["label"] == MODEL.predict(X).tolist()
    code, out, _ = run(capsys, "run", "groups.mlpackage", "x.csv", "-o", "out.csv")
    assert (code, out) == (0, "")
    assert (here / "out.csv").read_text() == plain


FORMS = {
    "permuted": lambda frame: frame[COLUMNS[::-1]].to_csv(index=False),
    "with text beside": lambda frame: frame.assign(island="Biscoe, west").to_csv(index=False),
    "a number of the row first": lambda frame: frame.to_csv(),
    "no header": lambda frame: frame.to_csv(index=False, header=False),
    "a mark of UTF-8": lambda frame: "\ufeff" + frame.to_csv(index=False),
    "quoted": lambda frame: frame.to_csv(index=False, quoting=csv.QUOTE_ALL),
    "lines of Windows": lambda frame: frame.to_csv(index=False, lineterminator="\r\n"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_run_on_tables_as_people_have_them(here, capsys, form):
    (here / "other.csv").write_bytes(form(X).encode())
    _, plain, _ = run(capsys, "run", "groups.mlpackage", "x.csv")
    assert run(capsys, "run", "groups.mlpackage", "other.csv") == (0, plain, "")


@pytest.mark.parametrize("cell", ["NA", "", "nan", "inf"])
def test_run_names_the_row_and_column_of_a_missing_value(here, capsys, cell):
    """Also in the second batch of 5,000 rows."""
    lines = ["bill,flügel,mass", *["1,2,3"] * 5_007, f"1,{cell},3"]
    (here / "holes.csv").write_text("\n".join(lines))
    code, out, err = run(capsys, "run", "groups.mlpackage", "holes.csv")
    assert (code, out) == (1, "")
    assert "row 5007, column 'flügel' is " in err


def test_run_says_in_which_batch_a_wrong_value_is(here, capsys):
    rows = np.ones((5_010, 3))
    rows[5_007, 1] = np.nan
    np.save("holes.npy", rows)
    code, out, err = run(capsys, "run", "groups.mlpackage", "holes.npy")
    assert (code, out) == (1, "")
    assert err == (
        "beyondlabels: from row 5,000 on: input 'x': the value nan at row 7, column 1 is not a finite number\n"
    )


def test_run_in_batches_gives_every_row_once(here, capsys):
    many = pd.concat([X] * 400, ignore_index=True)
    many.to_csv("many.csv", index=False)
    code, out, _ = run(capsys, "run", "groups.mlpackage", "many.csv")
    assert code == 0
    np.testing.assert_array_equal(table(out)[1][:, 0], np.tile(MODEL.predict(X), 400))


# ---- inspect, check ------------------------------------------------------------------------------------------------------


def test_inspect(here, capsys):
    code, out, _ = run(capsys, "inspect", "groups.mlpackage")
    assert code == 0
    for part in ("StandardScaler → KMeans", "features: bill, flügel, mass", "proof: 16 rows", "reduce_argmin"):
        assert part in out
    code, out, _ = run(capsys, "inspect", "groups.mlpackage", "--json")
    assert (code, json.loads(out)["features"]) == (0, COLUMNS)


def damaged(package):
    file = package / "Data" / "com.apple.CoreML" / "model.mlmodel"
    content = file.read_bytes()
    place = content.index(b"reduce_argmin")
    file.write_bytes(content[:place] + b"reduce_argmax" + content[place + 13 :])


def test_check(here, capsys):
    code, out, err = run(capsys, "check", "groups.mlpackage")
    assert (code, err) == (0, "")
    assert "the proof holds" in out


def test_check_of_several_goes_on_after_a_bad_one(here, capsys):
    bl.export(MODEL, "changed.mlpackage", sample=X)
    damaged(here / "changed.mlpackage")
    packages = ["none.mlpackage", "changed.mlpackage", "groups.mlpackage"]
    code, out, err = run(capsys, "check", *packages)
    assert code == 1
    assert "groups.mlpackage: the proof holds" in out
    assert "changed.mlpackage: THE PROOF DOES NOT HOLD" in out
    assert "none.mlpackage: expected a .mlpackage folder or a .mlmodel file, found nothing" in err
    assert "changed.mlpackage: The program is not the one that was proven" in err
    code, out, _ = run(capsys, "check", *packages, "--json")
    found = json.loads(out)
    assert code == 1
    assert [(each["path"], each["passed"]) for each in found] == list(zip(packages, [False, False, True], strict=True))
    assert all(each["problems"] for each in found[:2])


# ---- a real process --------------------------------------------------------------------------------------------------


def command(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "beyondlabels", *map(str, arguments)], capture_output=True, text=True, **options
    )


def test_as_a_process(here):
    done = command("check", "groups.mlpackage")
    assert (done.returncode, done.stderr) == (0, "")
    assert command("check", "none.mlpackage").returncode == 1
    assert command("check").returncode == 2


def test_a_reader_that_goes_away_makes_no_noise(here):
    """``beyondlabels run … | head -1``."""
    pd.concat([X] * 1000).to_csv("many.csv", index=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "beyondlabels", "run", "groups.mlpackage", "many.csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().startswith("label,")
    process.stdout.close()
    assert [line for line in process.stderr if not line.startswith("  ")] == [], "something other than progress"
    assert process.wait() == 1


def test_interrupted(here, capsys, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("beyondlabels.tables.read", stop)
    assert run(capsys, "run", "groups.mlpackage", "x.csv") == (1, "", "beyondlabels: stopped\n")


# ---- progress ----------------------------------------------------------------------------------------------------------


def test_slow_work_says_what_it_is_doing(here, capsys, monkeypatch):
    from beyondlabels import tables

    read = tables.read

    def slow(*arguments):
        time.sleep(0.5)
        return read(*arguments)

    monkeypatch.setattr(tables, "read", slow)
    monkeypatch.setattr("beyondlabels.cli._QUIET", 0.1)
    code, _, err = run(capsys, "run", "groups.mlpackage", "x.csv")
    assert code == 0
    assert "  reading the rows …" in err
    assert "  row 0 of 30 …" in err
    code, _, err = run(capsys, "export", "model.skops", "--sample", "x.csv", "-o", "n.mlpackage")
    assert code == 0
    assert "  reading the sample …" in err
    assert "  running the saved file and comparing …" in err
