"""How a ``ShrinkResult`` reads: as a table in a terminal, and as a card with the plot in a notebook."""

from ..conversion.printing import NOT_RUN, kilobytes
from ..runtime import core_ml
from ..runtime.loss import percent
from ..typeset import escaped, verbatim

_HEAD = ("variant", "size", "smaller")
_TAIL = ("runs on", "weights")
_LEFT = "text-align:left;padding:2px 14px 2px 0;white-space:nowrap;vertical-align:baseline"
_RIGHT = "text-align:right;padding:2px 14px 2px 0;white-space:nowrap;vertical-align:baseline;font-variant-numeric:tabular-nums"


def text(result):
    """The table for a terminal."""
    table = [_head(result), *_rows(result)]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [_title(result)]
    for row in table:
        cells = [
            cell.rjust(width) if _is_number(at, row) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    lines += [f"  {note}" for note in _notes(result)]
    lines += [
        f"  left out {methods}: {limit.what}{_found(limit)} {limit.instead}" for methods, limit in _by_limit(result)
    ]
    return "\n".join(lines)


def limits(refused):
    """Each limit as a line, with what was found this time."""
    return [f"  limit {limit}" for limit in refused]


def card(result):
    """The same as a card, with the plot."""
    names = _head(result)
    head = "".join(f"<th style='{_style(at, names)}' scope='col'>{escaped(name)}</th>" for at, name in enumerate(names))
    rows = "".join(
        f"<tr><th style='{_LEFT};font-weight:normal' scope='row'><code>{verbatim(row[0])}</code></th>"
        + "".join(f"<td style='{_style(at, row)}'>{escaped(cell)}</td>" for at, cell in enumerate(row) if at)
        + "</tr>"
        for row in _rows(result)
    )
    title = f"<p style='margin:0 0 8px'>{escaped(_title(result))}</p>"
    table = (
        f"{title}<div style='overflow-x:auto' tabindex='0' role='region' aria-label='variants'>"
        "<table style='border-collapse:collapse;font-size:13px'>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    quiet = "opacity:.8;margin:6px 0;max-width:760px"
    notes = "".join(f"<p style='{quiet}'>{escaped(note)}</p>" for note in _notes(result))
    style = "max-width:960px;padding:12px 16px;border:1px solid var(--jp-border-color2,#ccc);border-radius:10px"
    return f"<div style='{style}'>{table}{result.plot()._repr_html_()}{notes}{_left_out(result)}</div>"


def _head(result):
    return [*_HEAD, *_outputs(result), *_TAIL]


def _title(result):
    return (
        f"{result.path}: what shrinking it costs on {result.rows:,} rows of the sample, measured on the saved files "
        "beside the package itself"
    )


def _outputs(result):
    for name, part in _first(result):
        yield from [f"{name}: agree"] if part.agree is not None else [f"{name}: RMS", "median", "largest error"]


def _first(result):
    return list(result.variants[0].losses.items())


def _rows(result):
    """The cells of each line: the package itself, then its variants."""
    same = [cell for _, part in _first(result) for cell in (["100 %"] if part.agree is not None else ["0 %"] * 3)]
    yield ["as it was", kilobytes(result.size), "", *same, result.smallest_os, ""]
    for each in result.variants:
        done, of = each.weights
        lost = [cell for part in each.losses.values() for cell in _loss(part)]
        yield [each.method, kilobytes(each.size), f"{each.ratio:.2f}×", *lost, each.smallest_os, f"{done} of {of}"]


def _loss(part):
    found = [part.agree] if part.agree is not None else [part.share, part.median, part.largest]
    return [percent(value) for value in found]


def _notes(result):
    grown = [each.method for each in result.variants if each.ratio <= 1]
    if grown:
        yield f"No smaller than the package it was made from: {', '.join(grown)}."
    if any(part.agree is None for _, part in _first(result)):
        yield "RMS error as a share of the output's spread; the other errors as a share of each number's size."
    yield (
        f"Weights: how many were compressed, of those with at least {result.smallest_weight:,} numbers (smallest_weight=); "
        "smaller ones, biases and whole numbers stay as they are."
    )
    if not all(each.proof_rows for each in result.variants):
        yield "No proof inside: the package had none, and takes no table of rows that one could be made with."
    if not core_ml.available():
        yield f"{NOT_RUN} These figures are those of the NumPy runtime; whether memory or speed gain too was not measured."


def _left_out(result):
    if not result.left_out:
        return ""
    items = "".join(
        f"<li><code>{verbatim(methods)}</code> {escaped(limit.what)}{escaped(_found(limit))} {escaped(limit.instead)}</li>"
        for methods, limit in _by_limit(result)
    )
    return f"<details><summary>Left out ({len(result.left_out)})</summary><ul>{items}</ul></details>"


def _by_limit(result):
    """(methods, limit) of what was left out, those with the same reason together."""
    grouped = {}
    for method, limit in result.left_out:
        grouped.setdefault(limit, []).append(method)
    return [(", ".join(methods), limit) for limit, methods in grouped.items()]


def _found(limit):
    return f" ({limit.detail})" if limit.detail else ""


def _style(column, row):
    return _RIGHT if _is_number(column, row) else _LEFT


def _is_number(column, row):
    """Whether a column of this row holds numbers: size, how much smaller, and the losses."""
    return 0 < column < len(row) - len(_TAIL)
