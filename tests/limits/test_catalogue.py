"""Every limit is complete, and every one that the code names exists."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

import beyondlabels as bl
from beyondlabels.limits import CATALOGUE, everything, get

PACKAGE = Path(bl.__file__).parent
IDS = [limit.id for limit in everything()]


def named_in_source():
    """(file, id) of each ``get("…")`` with one text, in files that take ``get`` from the limits."""
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        imported = any(
            isinstance(node, ast.ImportFrom) and (node.module or "").endswith("limits") for node in ast.walk(tree)
        )
        for node in ast.walk(tree) if imported else ():
            if isinstance(node, ast.Call) and _names_get(node.func):
                found += [(file.name, each.value) for each in node.args[:1] if isinstance(each, ast.Constant)]
    return found


def _names_get(function):
    """``get(…)`` or ``limits.get(…)``, and no dictionary's."""
    return getattr(function, "id", "") == "get" or getattr(getattr(function, "value", None), "id", "") == "limits"


@pytest.mark.parametrize("limit", everything(), ids=IDS)
def test_every_part_is_said(limit):
    optional = ("detail", "lesson")
    empty = [each.name for each in fields(limit) if each.name not in optional and not getattr(limit, each.name).strip()]
    assert empty == []


@pytest.mark.parametrize("limit", everything(), ids=IDS)
def test_cards_draw_code_and_strong_and_no_other_mark(limit):
    said = re.sub(r"`[^`]*`|\*\*[^*]*\*\*", "", " ".join((limit.what, limit.why, limit.holds, limit.instead)))
    assert re.findall(r"\*\S[^*]*\*", said) == []
    assert limit.detail == ""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", limit.id)
    for part in (limit.what, limit.why, limit.holds, limit.instead):
        assert part[0].isupper() or part.startswith("float")
        assert part.endswith(".")


@pytest.mark.parametrize("limit", everything(), ids=IDS)
def test_the_source_can_be_looked_up(limit):
    """A title with a year, or "measured", or a place in this package for a limit of our own."""
    own = limit.source.startswith("beyondlabels, ") and "this package" in limit.holds
    assert own or "measured" in limit.source or re.search(r"\w.*\((19|20)\d\d\)", limit.source), limit.source


def test_ids_are_unique():
    assert len(set(IDS)) == len(IDS) == len(CATALOGUE)
    assert all(key == limit.id for key, limit in CATALOGUE.items())


def test_every_limit_the_code_names_exists():
    named = named_in_source()
    assert len(named) > 10
    assert [(file, name) for file, name in named if name not in CATALOGUE] == []


def test_every_limit_is_named_by_the_code():
    assert set(IDS) - {name for _, name in named_in_source()} == set()


def test_an_unknown_limit_says_which_exist():
    with pytest.raises(KeyError, match="no limit 'nope'; the catalogue has no-out-of-sample, "):
        get("nope")


def test_what_was_found_is_said_beside_the_limit():
    limit = get("float16-overflow").because("the value 'a' overflows")
    assert str(limit).startswith("float16-overflow: A value passes 65,504")
    assert "(the value 'a' overflows)" in str(limit)
    assert get("float16-overflow").detail == ""
    assert "()" not in str(get("float16-overflow"))
