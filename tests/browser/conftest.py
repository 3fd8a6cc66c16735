"""One course server for all browser tests, started as a newcomer would: ``make course`` in an empty folder."""

import pytest
from lab import browser, course


@pytest.fixture(scope="session")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("newcomer") / "course"


@pytest.fixture(scope="session")
def address(work):
    with course(work) as url:
        yield url


@pytest.fixture
def lab(address):
    with browser(address) as page:
        yield page
        assert page.outside == [], "requests left the machine"
        assert page.errors == [], "the browser's console reported errors"
