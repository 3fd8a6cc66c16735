"""Size against measured loss, drawn as SVG by hand: a panel for each output, every point with its method beside it."""

import base64
import html
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInput
from ..palette import COLOURS, PAPER
from ..runtime.loss import percent
from ..typeset import escaped
from . import scales

_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 330, 78, 24, 34, 46
_INK, _QUIET, _GRID = "#1d2430", "#4a5260", "#dfe3e8"
_LETTER = 6.1  # width of a letter at 11 px
_FAMILIES = {
    "half": ("half precision", COLOURS[4], "diamond"),
    "linear": ("integers", COLOURS[0], "circle"),
    "palette": ("palette", COLOURS[2], "square"),
    "pruned": ("pruned", COLOURS[1], "triangle"),
    "joint": ("two together", COLOURS[3], "cross"),
}


@dataclass(frozen=True)
class Plot:
    """A drawn plot: ``svg`` as text, its ``caption`` and its text alternative ``alt``."""

    svg: str
    caption: str
    alt: str

    def __repr__(self):
        return f"Plot: {self.caption} {self.alt}"

    def _repr_html_(self):
        source = base64.b64encode(self.svg.encode()).decode("ascii")
        return (
            f'<figure style="margin:8px 0"><img alt="{html.escape(self.alt)}" src="data:image/svg+xml;base64,{source}" '
            f'style="width:100%;max-width:{_WIDTH}px;border-radius:8px">'
            f'<figcaption style="max-width:760px;font-size:13px">{escaped(self.caption)}</figcaption></figure>'
        )

    def save(self, path):
        """Write the SVG to a file, whose name ends in ``.svg``. Raises ``BadInput``."""
        checked(path).write_text(self.svg, "utf-8")


def checked(path):
    """The path to save a plot at. Raises ``BadInput`` where its name promises another kind of picture than SVG."""
    path = Path(path)
    if path.suffix.lower() != ".svg":
        raise BadInput(f"{path}: a plot is saved as SVG, under a name that ends in .svg")
    return path


def draw(result):
    """The ``Plot`` of a ``ShrinkResult``."""
    outputs = list(result.variants[0].losses)
    height = 30 + _PANEL * len(outputs)
    parts = [_legend(result)]
    parts += [_panel(result, name, 30 + _PANEL * place) for place, name in enumerate(outputs)]
    alt = " ".join(_spoken(result, name) for name in outputs)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="11"><title>{html.escape(alt)}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    caption = (
        f"Size of the whole package against what it loses on {result.rows:,} rows of the sample; best is lower left. "
        "Both axes are logarithmic. "
        f"The dashed line is the package as it was, {result.size / 1000:,.0f} kB."
    )
    return Plot(svg, caption, alt)


def _panel(result, name, top):
    sizes = [each.size / 1000 for each in result.variants]
    losses = [each.losses[name].lost for each in result.variants]
    floor, ceiling = top + _PANEL - _BOTTOM, top + _TOP
    across = scales.sizes([result.size / 1000, *sizes], _LEFT, _WIDTH - _RIGHT)
    up = scales.losses(losses, floor, ceiling)
    title = f"{name}: {_axis_words(result.variants[0].losses[name])}"
    drawn = [_axes(across, up, top, floor, ceiling, title)]
    whole = across.place(result.size / 1000)
    drawn.append(f'<path d="M{whole:.1f} {ceiling}V{floor}" stroke="{_QUIET}" stroke-dasharray="4 4"/>')
    drawn.append(f'<text x="{whole - 6:.1f}" y="{ceiling + 12}" text-anchor="end" fill="{_QUIET}">as it was</text>')
    places = [(across.place(size), up.place(loss)) for size, loss in zip(sizes, losses, strict=True)]
    boxes = [(whole - 60, ceiling, whole, ceiling + 18), *((x - 7, y - 7, x + 7, y + 7) for x, y in places)]
    labels = [
        _label(each.method, place, boxes, (ceiling, floor)) for each, place in zip(result.variants, places, strict=True)
    ]
    drawn += [line for line, _ in labels]
    drawn += [_mark(each.family, *place) for each, place in zip(result.variants, places, strict=True)]
    return "".join([*drawn, *(words for _, words in labels)])


def _axis_words(part):
    return "rows whose label changes" if part.agree is not None else "RMS error, share of the output's spread"


def _axes(across, up, top, floor, ceiling, title):
    parts = [
        f'<text x="{_LEFT}" y="{top + 20}" font-size="13" font-weight="600" fill="{_INK}">{html.escape(title)}</text>'
    ]
    for value in up.ticks:
        y = up.place(value)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{_GRID}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{_QUIET}">{percent(value)}</text>')
    for value in across.ticks:
        x = across.place(value)
        parts.append(f'<path d="M{x:.1f} {floor}v5" stroke="{_QUIET}"/>')
        parts.append(f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle" fill="{_QUIET}">{value:,.4g}</text>')
    parts.append(f'<path d="M{_LEFT} {ceiling}V{floor}H{_WIDTH - _RIGHT}" fill="none" stroke="{_QUIET}"/>')
    parts.append(
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{floor + 34}" text-anchor="middle" fill="{_INK}">size, kB</text>'
    )
    return "".join(parts)


def _legend(result):
    x, parts = _LEFT, []
    for family in dict.fromkeys(each.family for each in result.variants):
        words = _FAMILIES[family][0]
        parts.append(f'{_mark(family, x, 20)}<text x="{x + 12}" y="24" fill="{_INK}">{words}</text>')
        x += 34 + _LETTER * len(words)
    return "".join(parts)


def _mark(family, x, y):
    _, colour, shape = _FAMILIES[family]
    style = f'fill="{colour}" stroke="{_INK}" stroke-width="0.8"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" {style}/>'
    paths = {
        "square": f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z",
        "triangle": f"M{x:.1f} {y - 6:.1f}l6 11h-12z",
        "diamond": f"M{x:.1f} {y - 7:.1f}l6 7l-6 7l-6 -7z",
        "cross": f"M{x - 2:.1f} {y - 6:.1f}h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
    }
    return f'<path d="{paths[shape]}" {style}/>'


def _label(words, place, boxes, bounds):
    """The method beside its point, where it covers no point and no other label; with a thin line where that is far.
    Returns (the line, the text)."""
    x, y = place
    wide = _LETTER * len(words)
    best = None
    for reach in (11, 20, 32, 46, 62, 80):
        for right, down in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -0.8), (1, 0.8), (-1, -0.8), (-1, 0.8)):
            middle = x + right * (reach + wide / 2) if right else x
            at = y + down * reach * (1 if right else 1.2)
            box = (middle - wide / 2, at - 7, middle + wide / 2, at + 6)
            inside = box[0] > _LEFT and box[2] < _WIDTH - 2 and box[1] > bounds[0] - 12 and box[3] < bounds[1]
            if inside and not any(_overlap(box, other) for other in boxes):
                best = reach, middle, at, box
                break
        if best:
            break
    reach, middle, at, box = best or (11, x, y - 12, (x - wide / 2, y - 19, x + wide / 2, y - 6))
    boxes.append(box)
    end = min(max(x, box[0]), box[2])
    line = f'<path d="M{x:.1f} {y:.1f}L{end:.1f} {at:.1f}" stroke="{_QUIET}" stroke-width="0.7"/>' if reach > 11 else ""
    halo = f'stroke="{PAPER}" stroke-width="3" paint-order="stroke"'
    text = (
        f'<text x="{middle:.1f}" y="{at + 4:.1f}" text-anchor="middle" fill="{_INK}" {halo}>{html.escape(words)}</text>'
    )
    return line, text


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _spoken(result, name):
    """The same for a reader who cannot see it, smallest first."""
    ordered = sorted(result.variants, key=lambda each: each.size)
    points = "; ".join(
        f"{each.method} {each.size / 1000:,.0f} kB, {percent(each.losses[name].lost)}" for each in ordered
    )
    return f"{name}, {_axis_words(ordered[0].losses[name])}: {points}."
