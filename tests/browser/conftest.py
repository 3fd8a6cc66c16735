"""One course server for all browser tests, started as a newcomer would: ``make course`` in an empty folder."""

import explorables as page_of_all
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
        page.forget()
        yield page
        assert page.outside == [], "requests left the machine"
        assert page.errors == [], "the browser's console reported errors"


@pytest.fixture(scope="session")
def shared(address, work):
    with page_of_all.opened(address, work) as page:
        yield page


@pytest.fixture
def explorables(shared):
    """The page that shows the explorables of lessons 04 to 07; a test leaves it as wide as it was."""
    yield shared
    assert shared.outside == [], "requests left the machine"
    assert shared.errors == [], "the browser's console reported errors"
