"""README.md says only what the sources say."""

import re
from pathlib import Path

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
