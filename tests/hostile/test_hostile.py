"""A seeded part of the hostile files, and proof that the watch would notice. All of them: ``make hostile``."""

import json
import sys

import numpy as np
import pytest

from beyondlabels.runtime import load
from hostile import siege, zoo

PART = 30


@pytest.fixture(scope="module")
def animals(tmp_path_factory):
    return tmp_path_factory.mktemp("zoo")


def test_whole_files_of_the_zoo_give_results(animals):
    paths = zoo.make(animals)
    assert len(paths) >= 20
    kinds = {load(path).program.specification for path in paths.values()}
    assert len(kinds) >= 4


def test_a_part_of_the_hostile_files_is_met_as_it_should_be(animals):
    """Every sort of file and every kind of damage takes part."""
    wanted, answers = siege.run(animals, part=PART)
    assert len(wanted) == len(answers) == 10_000 // PART
    wrong = [(case, answers[case["number"]]["words"], siege.trouble(case, answers[case["number"]])) for case in wanted]
    assert [each for each in wrong if each[2]] == []
    outcomes = [answer["outcome"] for answer in answers.values()]
    assert outcomes.count("valid") > 20
    assert outcomes.count("BadPackage") > 100
    assert {case["name"] for case in wanted} == set(zoo.make(animals))


EVIL = {
    "writes": "open('evil.txt', 'w').close()",
    "reads": "open('/etc/hostname').close()",
    "subprocess": "__import__('subprocess').run(['true'])",
    "runs code": "eval(compile('1 + 1', 'evil', 'eval'))",
    "hangs": "exec('while True: pass')",
    "raises": "1 / 0",
}
if sys.platform == "linux":  # elsewhere the system neither limits nor counts the memory of a process so
    EVIL["takes memory"] = "__import__('numpy').ones(2**28)"


@pytest.mark.parametrize("how", EVIL)
def test_what_must_not_happen_is_noticed(animals, tmp_path, monkeypatch, how):
    """The process is given a runtime that does what no file may make it do."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, importlib.abc, importlib.util\n"
        "import beyondlabels.runtime as runtime, beyondlabels.runtime.load\n"
        "true, count = runtime.load, [0]\n"
        "def load(path):\n"
        "    if '/case/' in str(path):\n"
        f"        {EVIL[how]}\n"
        "    return true(path)\n"
        "runtime.load = load\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(siege, "SECONDS", 1.0)
    wanted, answers = siege.run(animals, part=10_000)
    (case,) = wanted
    assert siege.trouble(case, answers[case["number"]]) != "", json.dumps(answers, default=str)
    assert np.isfinite(answers[case["number"]]["seconds"])
