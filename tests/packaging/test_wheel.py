"""The built wheel, alone in an empty environment with the base dependencies, passes the course's own check."""

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = {"anywidget", "coremltools", "ipywidgets", "numpy", "scikit-learn", "skops"}


def shipped():
    """What both archives must carry, as paths in the repository."""
    files = [*ROOT.glob("lessons/*.ipynb"), *ROOT.glob("datasets/*/*"), *ROOT.glob("widgets/beyondlabels/static/*")]
    return sorted(file.relative_to(ROOT).as_posix() for file in files if file.is_file())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sdist, and the wheel built from that sdist: what it lacks, the wheel lacks."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)], check=True)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """An environment with the wheel and the base dependencies, and nothing of this checkout."""
    place = tmp_path_factory.mktemp("empty")
    venv.create(place / "venv", with_pip=False, symlinks=True)
    python = place / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "-c", str(ROOT / "constraints.txt"), str(built[1])], check=True)
    subprocess.run([*pip, "check"], check=True)
    return python


def run(python, *words, cwd):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "BEYONDLABELS_"))}
    return subprocess.run([str(python), *words], cwd=cwd, env=environment, capture_output=True, text=True)


def test_the_wheel_carries_everything(built):
    with zipfile.ZipFile(built[1]) as archive:
        names = set(archive.namelist())
    for path in shipped():
        inside = path.removeprefix("widgets/") if path.startswith("widgets/") else f"beyondlabels/_data/{path}"
        assert inside in names
    data = {name.partition(".data/data/")[2] for name in names}
    assert "etc/jupyter/jupyter_server_config.d/beyondlabels.json" in data
    assert "share/jupyter/lab/settings/overrides.d/beyondlabels.json" in data
    extension = "share/jupyter/labextensions/beyondlabels"
    assert {f"{extension}/package.json", f"{extension}/install.json", f"{extension}/static/style.js"} <= data
    assert any(re.fullmatch(rf"{extension}/static/remoteEntry\.\w+\.js", name) for name in data)
    assert f"{extension}/schemas/beyondlabels/notebook.json" in data
    assert {name for name in names if name.startswith("beyondlabels/server/schemas/")} == {
        f"beyondlabels/server/schemas/{file.name}" for file in ROOT.glob("widgets/beyondlabels/server/schemas/*.json")
    }
    assert not any("tests/" in name or name.endswith(".pyc") for name in names)


def test_the_sdist_carries_everything(built):
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert set(shipped()) <= names
    assert {
        "LICENSE",
        "CHANGELOG.md",
        "CITATION.cff",
        "Makefile",
        ".ci/make-venv",
        "constraints.txt",
        "tests/run.py",
        "widgets/labextension/package-lock.json",
        "widgets/labextension/src/index.ts",
    } <= names


def test_the_base_dependencies_are_these_and_no_more(built):
    with zipfile.ZipFile(built[1]) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        required = Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist")
    base = {re.match(r"[\w-]+", line)[0] for line in required if "extra ==" not in line}
    assert base == RUNTIME


def test_the_check_passes_from_the_wheel_alone(installed, tmp_path):
    done = run(installed.parent / "beyondlabels", "course", "--check", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything holds" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_is_the_wheel_that_was_checked(installed, tmp_path):
    code = "import beyondlabels, importlib.util as u; print(beyondlabels.__file__, bool(u.find_spec('pandas')))"
    file, pandas = run(installed, "-c", code, cwd=tmp_path).stdout.rsplit(maxsplit=1)
    assert Path(file).is_relative_to(installed.parent.parent)
    assert pandas == "False"


def test_without_jupyterlab_the_course_says_what_to_install(installed, tmp_path):
    done = run(installed.parent / "beyondlabels", "course", "work", "--browser", "none", cwd=tmp_path)
    assert done.returncode == 1
    assert 'pip install "beyondlabels[course]"' in done.stderr
