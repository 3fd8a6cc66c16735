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


def test_compat_runs_on_every_version_that_is_allowed():
    allowed = re.search(r'"scikit-learn>=1\.(\d+),<1\.(\d+)"', (compat.ROOT / "pyproject.toml").read_text("utf-8"))
    assert list(compat.VERSIONS) == [f"1.{minor}" for minor in range(int(allowed[1]), int(allowed[2]))]
    text = compat.RESULTS.read_text("utf-8")
    found = {version: compat.row_of(version, text) for version in compat.VERSIONS}
    assert all(found.values()), "run `make compat`"
    assert compat.written(found) == text


def test_the_sentence_on_compat_tells_of_failures():
    row = "| 1.6.1 | 2.2 | 1.15 | 2.3 | 9.0 | 6300 | 2 | 0 | 10 | 2026-11-27 |"
    text = compat.written({"1.6": (row, ["FAILED a", "FAILED b"])})
    assert compat.row_of("1.6", text) == (row, ["FAILED a", "FAILED b"])
    assert compat.sentence(text) == "6,300 pass on scikit-learn 1.6.1; 2 fail, none are skipped"
