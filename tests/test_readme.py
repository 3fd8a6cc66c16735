"""README.md says only what the sources say."""

import re
from pathlib import Path

import compat
import readme
from beyondlabels import __version__

README = Path(readme.README).read_text("utf-8")


def test_generated_tables_are_current():
    assert readme.renewed(README, keep=True) == README, "run `make readme`"


def test_links_to_files_lead_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    missing = [link for link in links if not (readme.README.parent / link).exists()]
    assert not missing


def test_version_in_the_citation_is_the_package_version():
    assert f"version: {__version__}" in (readme.README.parent / "CITATION.cff").read_text("utf-8")


def allowed(package):
    """(major, first minor, end) of the versions of a package that pyproject.toml allows."""
    text = (compat.ROOT / "pyproject.toml").read_text("utf-8")
    return re.search(rf'"{package}>=(\d+)\.(\d+),<([\d.]+)"', text).groups()


def test_compat_runs_on_every_version_that_is_allowed():
    major, first, end = allowed("scikit-learn")
    assert list(compat.SCIKIT_LEARN.versions) == [
        f"{major}.{minor}" for minor in range(int(first), int(end.split(".")[1]))
    ]
    major, first, _ = allowed("jupyterlab")
    versions = list(compat.JUPYTERLAB.versions)
    assert versions == [f"{major}.{minor}" for minor in range(int(first), int(first) + len(versions))]
    newest = re.search(r"^jupyterlab==(\d+\.\d+)\.", (compat.ROOT / "constraints.txt").read_text("utf-8"), re.M)[1]
    assert versions[-1] == newest


def test_compat_has_run():
    text = compat.RESULTS.read_text("utf-8")
    found = {version: compat.row_of(version, text) for table in compat.TABLES for version in table.versions}
    assert all(found.values()), "run `make compat`"
    assert compat.written(found) == text


def test_the_sentence_on_compat_tells_of_failures():
    row = "| 1.6.1 | 2.2 | 1.15 | 2.3 | 9.0 | 6300 | 2 | 0 | 10 | 2026-11-27 |"
    text = compat.written({"1.6": (row, ["FAILED a", "FAILED b"])})
    assert compat.row_of("1.6", text) == (row, ["FAILED a", "FAILED b"])
    assert compat.sentence(compat.SCIKIT_LEARN, text) == "6,300 pass on scikit-learn 1.6.1; 2 fail, none are skipped"
