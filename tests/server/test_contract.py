"""The TypeScript's idea of an answer and the server's schema name the same entries, and the versions are one."""

import json
import re
from pathlib import Path

import pytest

import beyondlabels as bl

EXTENSION = Path(__file__).resolve().parents[2] / "widgets" / "labextension"
SCHEMAS = Path(bl.__file__).parent / "server" / "schemas"


def interfaces():
    """Interface name -> {entry: whether it may be missing}, of those whose entries are all at the first level of braces."""
    text = (EXTENSION / "src" / "requests.ts").read_text()
    found = {}
    for name, body in re.findall(r"export interface (\w+) \{\n(.*?)\n\}", text, re.S):
        found[name] = {entry: bool(mark) for entry, mark in re.findall(r"^  (\w+)(\??):", body, re.M)}
    return found


def schema(name, *steps):
    found = json.loads((SCHEMAS / f"{name}.json").read_text())
    for step in steps:
        found = found["properties"][step]
        found = found.get("items", found)
    return found


PLACES = {
    "Course": ("course",),
    "Lesson": ("course", "parts", "lessons"),
    "Exercise": ("course", "parts", "lessons", "exercises"),
    "Instructor": ("course", "parts", "lessons", "instructor"),
    "Model": ("model",),
    "Port": ("model", "inputs"),
    "Operation": ("model", "operations"),
    "Argument": ("model", "operations", "inputs"),
    "Weight": ("model", "weights"),
}


def test_every_interface_has_its_schema():
    assert set(interfaces()) == set(PLACES)


@pytest.mark.parametrize("name", PLACES)
def test_they_name_the_same(name):
    described = schema(*PLACES[name])
    wanted = {entry: entry not in described["required"] for entry in described["properties"]}
    assert interfaces()[name] == wanted


def test_the_extension_bears_the_packages_version():
    assert json.loads((EXTENSION / "package.json").read_text())["version"] == bl.__version__


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (EXTENSION / "package-lock.json").read_text()
