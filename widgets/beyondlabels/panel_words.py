"""How the export panel says things: verdicts, results and reasons as plain lists and dicts of finished sentences."""

import re
from dataclasses import replace
from pathlib import Path

from . import carries, course
from .errors import BeyondLabelsError, NotExportable
from .typeset import escaped

_POWER = re.compile(r"(?<![\w.])(\d(?:\.\d+)?)e([+-]?)0*(\d+)(?!\w)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(text):
    """The text with numbers such as 2.4e-07 written 2.4 × 10⁻⁷, 1.0e-05 written 10⁻⁵ and 1.0e+00 written 1."""

    def power(found):
        mantissa, sign, digits = found.groups()
        if digits in "01":  # 0.24, 2.4 and 24 are shorter than powers of ten
            return f"{float(found[0]):g}"
        raised = (sign.replace("+", "") + digits).translate(_RAISED)
        return f"10{raised}" if float(mantissa) == 1 else f"{mantissa.removesuffix('.0')}\u00a0×\u00a010{raised}"

    return _POWER.sub(power, str(text))


def limit(entry):
    """An entry of the limits catalogue, with the title of the lesson that shows it."""
    words = {name: typeset(value) if name != "id" else value for name, value in vars(entry).items()}
    return {**words, "lesson": _lesson(entry.lesson)}


def _lesson(id):
    """ "02 Density: …" for the lesson of that id; "" where there is none."""
    return next((f"{one.number:02d} {one.title}" for one in course.lessons() if one.id == id), "") if id else ""


def verdict(found, model):
    """The verdict on ``model``, and what its package would carry."""
    return {
        "model": found.model,
        "kind": found.kind,
        "badge": found.badge,
        "meaning": found.meaning,
        "exportable": found.exportable,
        "outputs": [[name, method] for name, method in found.outputs.items()],
        "refused": [limit(each) for each in found.refused],
        "limits": [limit(each) for each in found.limits],
        "carries": vars(carries(model)) if found.exportable else None,
    }


def offer(road, path):
    """A substitute: what it is, where it would go, and what was measured of it."""
    agreement = road.agreement
    agrees, counted = agreement.short if agreement else ("", "")
    return {
        "name": road.name,
        "summary": road.substitute.summary,
        "path": path,
        "note": _sentence(road.note),
        "rows": agreement.rows if agreement else 0,
        "agrees": agrees,
        "counted": counted,
        "how": agreement.how if agreement else "",
        "carries": vars(road.carries) if road.carries else None,
    }


def result(found):
    """An export that was verified."""
    return {
        "title": found.verdict.model,
        "file": found.path,
        "size": _size(found.size),
        "systems": found.smallest_os,
        "precision": found.precision,
        "verified": _parity(found.parity),
        "apple": typeset(found.core_ml.sentence()) if found.core_ml is not None else "",
        "proof_rows": found.proof_rows,
        "carries": vars(found.carries),
        "agreement": f"{found.agreement}: {found.agreement.how}." if found.agreement else "",
        "swift": found.swift,
        "limits": [limit(each) for each in found.limits],
        "listing": found.listing,
        "operations": found.operations,
    }


def _size(count):
    return f"{count / 1000:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"


def _parity(parity):
    """One row per output: its name, what was found, and what was allowed."""
    rows = []
    for part in parity.values():
        if part.labels_differ is not None:
            ties = f", the other {_ties(part.ties)} for the model itself" if part.ties else ""
            rows.append([part.name, f"{part.rows - part.labels_differ:,} of {part.rows:,} equal{ties}", ""])
        else:
            allowed = f"{_short(part.worst_relative)} relative, allowed {_short(part.tolerance)}"
            rows.append([part.name, f"largest error {_short(part.worst_absolute)}", allowed])
    return rows


def _ties(count):
    return "is a tie" if count == 1 else f"{count:,} are ties"


def summary(parity):
    """What was compared, in one sentence."""
    return _sentence("; ".join(f"{name}: {found}" for name, found, _ in _parity(parity)))


def _short(number):
    return typeset(f"{number:.1e}") if number else "0"


def check(found, path):
    """A proof that was replayed."""
    apple = (
        "Apple's own runtime was not run here."
        if found.core_ml is None
        else f"Core ML on this Mac: {typeset(found.core_ml.sentence())}."
    )
    return {
        "passed": found.passed,
        "problems": [typeset(problem).replace(found.path, path) for problem in found.problems],
        "sentence": f"{found.rows} proof rows run again from the file: {typeset(found.parity.sentence())}. {apple}"
        if found.passed
        else "",
    }


def unreadable(reason):
    """A file that cannot be checked."""
    return {"passed": False, "problems": [reason], "sentence": ""}


def reason(error):
    """Why something did not work, as a sentence."""
    if isinstance(error, NotExportable):
        return " ".join(_refusal(each) for each in error.verdict.refused)
    if not isinstance(error, (BeyondLabelsError, OSError)):
        return (
            f"Something unexpected happened ({type(error).__name__}: {error}). Please report it: it is a fault of ours."
        )
    return _sentence(str(error))


def _sentence(text):
    """With a capital, unless it begins with the name of a file, and a full stop."""
    text = typeset(text).rstrip(".")
    if not text:
        return ""
    return (text if re.match(r"[\w-]*[./\\]", text) else text[:1].upper() + text[1:]) + "."


def _refusal(entry):
    found = f": {typeset(entry.detail)}" if entry.detail else ""
    return f"{entry.what.rstrip('.')}{found}."


def exists(road, path):
    """Why a package that is there was left alone."""
    here = road.place == Path(path).resolve()
    why = "has changed since this panel wrote it" if here else "was there before, and this panel did not write it"
    return f"{path} {why}, so it was left as it is. Give another name, or replace it."


def picture(found, own, substitutes):
    """Static HTML of the verdict or the result, and of the substitutes; names of files only, so that it is the same anywhere."""
    parts = [_still(own.result) if own.result else found._repr_html_()]
    lines = [
        f"<li>{escaped(f'{road.name} {road.agreement}. It would carry {road.carries.summary}')}</li>"
        for road in substitutes
        if road.agreement
    ]
    parts += [f"<ul>{''.join(lines)}</ul>"] if lines else []
    exported = [road.result for road in (own, *substitutes) if road.result]
    parts += [_still(each) for each in exported if each is not own.result]
    if not exported and (found.exportable or lines):
        parts.append("<p><em>Run this cell to export it and see what the saved file computes.</em></p>")
    return "".join(parts)


def _still(found):
    return replace(found, path=Path(found.path).name)._repr_html_()
