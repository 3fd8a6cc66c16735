"""A seeded part of Apple's own operation tests, and a planted fault that they must notice. The whole: ``make conformance``."""

from collections import Counter

import pytest

from conformance.apple_tests import HERE, REASONS, control, run, short, tables

SEED = 20261122
PART = 6


def test_a_part_of_apples_own_tests_passes(tmp_path, record_property):
    """One case in six of each file, the same ones each time. What is known to fail is in RESULTS.md, with the reason."""
    entries = run(tmp_path / "log.jsonl", part=PART, seed=SEED)
    files, _, _, failures = tables(entries)
    total = sum(files.values(), Counter())
    record_property("conformance", f"{total['passed']} passed, {dict(total)}")
    known = (HERE / "RESULTS.md").read_text("utf-8")
    new = [(entry["file"], short(entry), entry["why"]) for entry in failures if short(entry) not in known]
    assert new == []
    assert total["passed"] >= 100
    assert sum(entry.get("comparisons", 0) for entry in entries) >= total["passed"]
    assert set(total) <= {"passed", "failed", *REASONS}


@pytest.mark.parametrize(
    ("fault", "file", "select"),
    [
        ("relu:replaced", "iOS14/test_activation.py", "TestReLU and smoke"),
        ("sigmoid:times_1.01", "iOS14/test_activation.py", "TestSigmoid and smoke"),
    ],
)
def test_a_planted_fault_is_noticed(tmp_path, fault, file, select):
    passed, noticed = control(tmp_path / "log.jsonl", fault, file, select)
    assert passed == noticed > 0
