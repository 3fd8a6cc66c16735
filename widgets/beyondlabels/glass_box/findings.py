"""What the comparisons found, in sentences: for the card, for text, and beside each step."""

from ..typeset import counted, escaped, verbatim
from . import words

LINES = 60  # of a listing where nobody asked for all of it


def verdicts(box):
    """One entry for each comparison: {"about", "ok", "text", "step"}, ``step`` the first that left the tolerance or ``None``."""
    found = [_half(box)]
    if box.compared_with_model:
        found.insert(0, _model(box))
    return found


def _model(box):
    marks, missing = box.against_model, box.missing
    wrong = [mark for mark in marks if not mark.passed]
    of = counted(len(marks), "value")
    allowed, rows = words.short(box.tolerance), counted(box.compared, "row")
    if wrong:
        first = wrong[0]
        text = (
            f"{len(marks) - len(wrong)} of {of} agree with the model within {allowed} on {rows}. The first that does not is "
            f"{words.name(first.other)}, made by {words.name(box.steps[first.step].name)}: {first.sentence}."
        )
    elif marks:
        text = f"{of[0].upper()}{of[1:]} compared with the model on {rows}; all agree within {allowed}."
    else:
        text = "Nothing in this program has a name or a value of this model, so nothing was compared."
    if missing:
        shown = ", ".join(words.name(each) for each in missing[:4])
        more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
        text += f" No operation has the name or the value of {shown}{more}; they may be folded into others."
    return {
        "about": "Against the model",
        "ok": bool(marks) and not wrong,
        "text": text,
        "step": wrong[0].step if wrong else None,
    }


def _half(box):
    marks = box.against_half
    wrong = [at for at in sorted(marks) if not marks[at].passed]
    simulated = "float16" if box.precision == "float32" else "float32"
    allowed, rows = words.short(box.half_tolerance), counted(box.compared, "row")
    if wrong:
        text = (
            f"{words.name(box.steps[wrong[0]].name)} is the first operation at which float16 leaves {allowed} of float32 on "
            f"{rows}: {marks[wrong[0]].sentence}. {_share(len(wrong), len(marks))}"
        )
    else:
        stay = "The one operation stays" if len(marks) == 1 else f"All {len(marks):,} operations stay"
        text = f"{stay} within {allowed} of float32 in float16 on {rows}."
    text += f" {simulated} was simulated in NumPy from this program."
    return {"about": "float16 against float32", "ok": not wrong, "text": text, "step": wrong[0] if wrong else None}


def _share(wrong, of):
    return "It is the only one." if wrong == 1 else f"{wrong:,} of {of:,} operations do."


def marks(box):
    """For each step what its comparisons say: {"model": […], "half": …}."""
    told = [{"model": [], "half": None} for _ in box.steps]
    ways = {"name": "by name", "value": "by value: no operation bears its name", "output": "an output"}
    for mark in box.against_model:
        told[mark.step]["model"].append(
            {"other": words.name(mark.other), "by": ways[mark.by], "passed": mark.passed, "sentence": mark.sentence}
        )
    for at, mark in box.against_half.items():
        told[at]["half"] = {"passed": mark.passed, "sentence": mark.sentence}
    return told


def headline(box):
    """The package in a line, the same on every run."""
    program = box.program
    taken = ", ".join(f"{each['name']}: {each['type']}" for each in program["inputs"])
    made = ", ".join(each["name"] for each in program["outputs"])
    return f"Glass box: {program['title']}, {counted(len(box.steps), 'operation')} in {box.precision}, {taken} → {made}"


def listing(box, most=None):
    """The headline, what was found, and an operation a line, with a mark where it left a tolerance."""
    steps, told = box.program["steps"], marks(box)
    lines = [
        headline(box),
        *(f"  {each['about']}: {each['text']}" for each in box.verdicts),
        f"  {box.program['note']}",
    ]
    wide = len(str(len(steps)))
    for at, (step, mark) in enumerate(zip(steps, told, strict=True)):
        if most is not None and at >= most:
            lines.append(f"  … {counted(len(steps) - most, 'more operation')}; print(box) lists all")
            break
        lines.append(f"  {at + 1:>{wide}}  {_line(step)}{_flag(mark)}")
    return "\n".join(lines)


def _line(step):
    given = [f"{key}={name}" for key, name, _ in step["reads"]]
    given += [f"{each['name']}={_brief(each)}" for each in step["constants"]]
    return f"{step['name']} = {step['kind']}({', '.join(given)}) → {', '.join(step['types'])}"


def _brief(constant):
    """The numbers of a small constant, the type of a large one."""
    rows = constant.get("table", {"rows": []})["rows"]
    numbers = ", ".join(row[1] for row in rows)
    return constant["type"] if not 0 < len(rows) <= 4 else numbers if len(rows) == 1 else f"({numbers})"


def _flag(mark):
    wrong = [f"differs from the model's {each['other']}" for each in mark["model"] if not each["passed"]]
    if mark["half"] and not mark["half"]["passed"]:
        wrong.append("float16 leaves its tolerance")
    return f"  ✗ {', '.join(wrong)}" if wrong else ""


def picture(box):
    """Static HTML for places where no kernel runs."""
    lead = "".join(f"<li><b>{escaped(each['about'])}:</b> {escaped(each['text'])}</li>" for each in box.verdicts)
    lines = listing(box, LINES).splitlines()[2 + len(box.verdicts) :]
    return (
        f"<p><b>{escaped(headline(box))}</b></p><ul>{lead}</ul>"
        f"<pre>{verbatim(chr(10).join(lines))}</pre>"
        f"<p><em>{escaped(box.program['note'])} Run this cell to step through it.</em></p>"
    )
