"""Every test here works in a course folder of its own, so that no learner's progress is touched."""

import pytest
import sklearn.cluster  # noqa: F401 - so that its threads are there to be limited
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread():
    """Small fits are twenty times slower when two test workers share two cores with all their threads."""
    with threadpool_limits(1):
        yield


@pytest.fixture(autouse=True)
def course_folder(tmp_path, monkeypatch, request):
    """An empty course folder that is also the working directory."""
    place = tmp_path / "own course"
    (place / ".beyondlabels").mkdir(parents=True)
    monkeypatch.delenv("BEYONDLABELS_COURSE", raising=False)
    monkeypatch.chdir(place)
    return place
