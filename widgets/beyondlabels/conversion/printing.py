"""How a verdict and a result read: in a terminal, and as a card in a notebook. Both say the same."""

from ..typeset import counted, escaped, verbatim

_BADGES = {
    "exact": "✓ Exact",
    "iterative": "≈ Iterative",
    "surrogate": "⊘ No function to export",
    "impossible": "⊘ Not exportable",
}
_OF_THE_STEP = ("kneighbors", "mahalanobis")
NOT_RUN = "Apple's own runtime was not run here."


def kilobytes(size):
    """``2.6 kB`` from bytes."""
    return f"{size / 1000:.1f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"


def verdict_text(verdict):
    """A verdict for a terminal."""
    lines = [f"{verdict.model}: {badge(verdict)}", f"  {verdict.meaning}"]
    if verdict.exportable:
        lines.append("  outputs: " + ", ".join(f"{name} ← {call}" for name, call in calls(verdict).items()))
    lines += [f"  limit {limit}" for limit in (*verdict.refused, *verdict.limits)]
    lines += [f"  substitute: {each.name}: {each.summary}" for each in verdict.substitutes]
    return "\n".join(lines)


def calls(verdict):
    """Output name -> the model's own method in words: those that a pipeline does not have are its last step's."""
    behind = " → " in verdict.model
    return {
        name: f"{method} of the last step" if behind and method.startswith(_OF_THE_STEP) else method
        for name, method in verdict.outputs.items()
    }


def badge(verdict):
    """A sign and a word: ``✓ Exact``."""
    return "⊘ Not exportable" if verdict.refused and verdict.kind in ("exact", "iterative") else _BADGES[verdict.kind]


def files(result):
    """``model.mlmodel 3.6 kB, weight.bin 0.3 kB, Manifest.json 0.6 kB``."""
    return ", ".join(f"{name.rpartition('/')[2]} {kilobytes(size)}" for name, size in result.files)


def result_text(result):
    """A result for a terminal."""
    lines = [
        f"{result.path}: {kilobytes(result.size)}, {result.smallest_os} and later, {result.precision}",
        f"  {_BADGES[result.verdict.kind]}: {result.verdict.model}; "
        + ", ".join(f"{name} ← {call}" for name, call in calls(result.verdict).items()),
        *([f"  {result.image}"] if result.image else []),
        f"  Verified on this computer, from the saved file: {result.parity.sentence()}.",
        f"  {_apple(result)}",
        f"  Files: {files(result)}.",
        f"  What it gives away: {result.carries.summary}",
    ]
    if result.agreement:
        lines.append(f"  The substitute {result.agreement}: {result.agreement.how}")
    lines += [f"  limit {limit.id}: {limit.detail or limit.what}" for limit in result.limits]
    lines.append("  print(result.swift) shows the Swift that calls it.")
    return "\n".join(lines)


def _apple(result):
    if result.core_ml is None:
        return f"{NOT_RUN} {result.proof_rows} proof rows are inside; `beyondlabels check` replays them on a Mac."
    return f"Core ML on this Mac: {result.core_ml.sentence()}."


def verdict_html(verdict):
    """A verdict as a card."""
    kind = "ok" if verdict.exportable else "no"
    parts = [_head(kind, badge(verdict), verdict.model), f"<p>{escaped(verdict.meaning)}</p>"]
    if verdict.exportable:
        parts.append(_table("Output and the model's own method", calls(verdict).items()))
    parts += [_limit(limit) for limit in (*verdict.refused, *verdict.limits)]
    if verdict.substitutes:
        parts.append(_table("Substitutes", [(each.name, each.summary) for each in verdict.substitutes]))
    return _card(parts)


def result_html(result):
    """A result as a card."""
    parts = [
        _head("ok", _BADGES[result.verdict.kind], result.verdict.model),
        f"<p><code>{verbatim(result.path)}</code> {kilobytes(result.size)}, {result.smallest_os} and later</p>",
        f"<p><small>{escaped(files(result))}</small></p>",
        *([f"<p>{escaped(result.image)}</p>"] if result.image else []),
        _table(
            "Verified on this computer, from the saved file",
            [(part.name, part.sentence()) for part in result.parity.values()],
        ),
        f"<p style='opacity:.8'>{escaped(_apple(result))}</p>",
        f"<p><b>What it gives away:</b> {escaped(result.carries.summary)}</p>",
    ]
    if result.agreement:
        parts.append(f"<p><b>The substitute</b> {escaped(f'{result.agreement}: {result.agreement.how}')}</p>")
    parts.append(f"<details><summary>Swift that calls it</summary><pre>{verbatim(result.swift)}</pre></details>")
    limits = "".join(_limit(limit) for limit in result.limits)
    parts.append(f"<details><summary>Limits touched ({len(result.limits)})</summary>{limits}</details>")
    listing = f"<pre>{verbatim(result.listing)}</pre>"
    parts.append(
        f"<details><summary>Look inside: {counted(result.operations, 'operation')}</summary>{listing}</details>"
    )
    return _card(parts)


def _card(parts):
    style = "max-width:760px;padding:12px 16px;border:1px solid var(--jp-border-color2,#ccc);border-radius:10px"
    return f"<div style='{style}'>{''.join(parts)}</div>"


def _head(kind, badge, title):
    colour = {"ok": "#0b7a55", "no": "#b4470e"}[kind]
    style = f"border:1px solid {colour};border-radius:99px;padding:1px 9px;margin-right:8px"
    return f"<p><span style='{style}'>{badge}</span><b>{escaped(title)}</b></p>"


def _table(caption, rows):
    cells = "".join(
        f"<tr><th style='text-align:left'>{escaped(one)}</th><td style='text-align:left'>{escaped(two)}</td></tr>"
        for one, two in rows
    )
    return f"<table><caption style='text-align:left'>{escaped(caption)}</caption>{cells}</table>"


def _limit(limit):
    found = f" Found here: {escaped(limit.detail)}." if limit.detail else ""
    lesson = f" Lesson: {escaped(limit.lesson)}." if limit.lesson else ""
    return (
        f"<p><code>{limit.id}</code> {escaped(limit.what)}{found}<br>{escaped(limit.why)} {escaped(limit.holds)} "
        f"{escaped(limit.instead)}<br><small>Source: {escaped(limit.source)}{lesson}</small></p>"
    )
