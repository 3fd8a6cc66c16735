"""Writes README.md's generated tables again, from the same sources as everything else.

``python tests/readme.py`` writes them; ``--check`` says which are out of date and exits with 1. A table stands between
``<!-- NAME -->`` and ``<!-- /NAME -->``.
"""

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def lessons():
    """The table of lessons, from the notebooks' own metadata."""
    from beyondlabels.course.index import lessons as index

    rows = ["| lesson | minutes | you will be able to |", "|---|---|---|"]
    for lesson in index():
        rows.append(f"| [{lesson.title}](lessons/{lesson.file}) | {lesson.minutes} | {'; '.join(lesson.objectives)} |")
    return "\n".join(rows)


def exports():
    """The table of what exports, from the registry of recipes."""
    from beyondlabels.conversion.registry import known

    rows = ["| model | verdict | outputs ← the model's own method |", "|---|---|---|"]
    for recipe in sorted(known(), key=lambda each: each.classes[0].__name__):
        names = ", ".join(cls.__name__ for cls in recipe.classes)
        made = ", ".join(f"`{name}` ← `{method}`" for name, method in recipe.outputs.items())
        if callable(recipe.kind):
            rows.append(f"| {names} | as its parts | as its last part |")
        elif made:
            rows.append(f"| {names} | {recipe.kind} | {made} |")
        else:
            offers = "; ".join(recipe.offers) or "nothing honest to offer"
            rows.append(f"| {names} | {recipe.kind}: no function for a new point | instead: {offers} |")
    return "\n".join(rows)


TABLES = {"lessons": lessons, "exports": exports}


def renewed(text):
    """``text`` with every generated table written again. Raises ``ValueError`` when a marker is missing."""
    for name, table in TABLES.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        if not pattern.search(text):
            raise ValueError(f"README.md lacks the markers <!-- {name} --> and <!-- /{name} -->")
        text = pattern.sub(lambda found, table=table: found[1] + table() + "\n" + found[2], text)
    return text


def main():
    text = README.read_text("utf-8")
    new = renewed(text)
    if "--check" in sys.argv:
        if new != text:
            print("README.md's generated tables are out of date; run `make readme`", file=sys.stderr)
        return int(new != text)
    README.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
