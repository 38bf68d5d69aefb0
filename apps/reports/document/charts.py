"""Charts as plain SVG: bars, horizontal bars, lines and pies with direct labels.

One SVG serves the PDF and the screen (inline) and, as a picture, the Word file. Lengths are in
points; attributes only, no style, so that a strict content security policy accepts it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from math import cos, pi, sin

from apps.core.numbers import percent, plain, to_decimal
from apps.reports.document.layout import text_width
from apps.reports.document.tree import Chart, Series

WIDTH = 420.0
COLOURS = ("#1d5bbf", "#d98a1f", "#3a8f7b", "#a8463f", "#7b68a6", "#6f9bd8", "#8a9099")
INK, MUTED, LINE = "#1f2329", "#646a73", "#c9cdd4"
FONT_FAMILY = "GwHei, GwRare, 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
SIZE, SMALLEST = 10.0, 7.0
MOST_COLOURS = len(COLOURS)


@dataclass(slots=True)
class _Canvas:
    """SVG elements as they are drawn; `top` is where the plot may begin."""

    height: float
    top: float = 6.0
    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            f' fill="{fill}"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = LINE) -> None:
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            f' stroke="{colour}" stroke-width="0.7"/>'
        )

    def path(self, d: str, *, fill: str = "none", stroke: str = "none", width: float = 1) -> None:
        self.parts.append(f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        anchor: str = "middle",
        ink: str = INK,
        size: float = SIZE,
    ) -> None:
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:.3g}"'
            f' font-family="{FONT_FAMILY}" fill="{ink}">{escape(words)}</text>'
        )

    def svg(self, chart: Chart) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="doc-svg" role="img"'
            f' aria-label="{escape(describe(chart))}" width="{WIDTH:g}pt"'
            f' height="{self.height:g}pt" viewBox="0 0 {WIDTH:g} {self.height:g}">'
            f"{''.join(self.parts)}</svg>"
        )


def chart_svg(chart: Chart) -> str:
    """The chart as an SVG element, 420 pt wide. Raises ValueError where it cannot be drawn."""
    series_count = len(chart.series)
    if series_count > MOST_COLOURS:
        raise ValueError(f"图“{chart.caption}”有{series_count}组数据，最多{MOST_COLOURS}组")
    if chart.kind == "pie" and series_count != 1:
        raise ValueError(f"图“{chart.caption}”是饼图，只能有一组数据")
    return _DRAW[_kind(chart)](chart)


def chart_height(chart: Chart) -> float:
    """Height of the drawing in points."""
    kind = _kind(chart)
    if kind != "hbar":
        return 150.0 if kind == "pie" else 180.0
    bars = len(chart.categories) * len(chart.series)
    return 24.0 + bars * 17.0 + len(chart.categories) * 6.0


def describe(chart: Chart) -> str:
    """The chart in words, for those who do not see it."""
    parts = []
    for series in chart.series:
        pairs = zip(chart.categories, series.values, strict=True)
        values = "，".join(f"{name}{_value(value) or '无数据'}" for name, value in pairs)
        parts.append(f"{series.name}：{values}" if series.name else values)
    unit = f"（单位：{chart.unit}）" if chart.unit else ""
    return f"{chart.label}{unit}。{'；'.join(parts)}"


def _kind(chart: Chart) -> str:
    """The kind that is drawn: bars whose values would not fit above them lie down."""
    lies_down = chart.kind == "bar" and _label_size(chart) < SMALLEST
    return "hbar" if lies_down else chart.kind


def _bar_step(chart: Chart) -> float:
    """Width of a bar with its gap, in points."""
    return min(34.0, WIDTH / len(chart.categories) * 0.86 / len(chart.series))


def _label_size(chart: Chart) -> float:
    """The type size at which the widest value fits above its bar, at most the usual one."""
    widest = max(text_width(_value(value)) for series in chart.series for value in series.values)
    room = WIDTH / len(chart.categories) - 4 if len(chart.series) == 1 else _bar_step(chart)
    return min(SIZE, room / max(widest, 0.5))


def _value(value: object) -> str:
    return "" if value is None else plain(value, 2, style="screen")  # type: ignore[arg-type]


def _numbers(series: Series) -> list[Decimal | None]:
    return [None if value is None else to_decimal(value) for value in series.values]


def _range(chart: Chart) -> tuple[float, float]:
    """Lowest and highest value with zero inside; never empty."""
    values = [value for series in chart.series for value in _numbers(series) if value is not None]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    return float(low), float(high if high > low else low + 1)


def _line_range(chart: Chart) -> tuple[float, float]:
    """As `_range`, but values all far from zero get a base of their own (each is labelled)."""
    values = [value for series in chart.series for value in _numbers(series) if value is not None]
    low, high = _range(chart)
    if values and min(values) > 0 and float(min(values)) > 0.5 * high:
        base = float(min(values)) - 0.6 * max(high - float(min(values)), 0.1 * high)
        return max(base, 0.0), high
    return low, high


def _legend(canvas: _Canvas, chart: Chart) -> None:
    """Unit at the left, series names at the right; moves the plot's top down."""
    y = canvas.top + SIZE
    if chart.unit:
        canvas.text(2, y, f"单位：{chart.unit}", "start", MUTED)
    names = [series.name for series in chart.series]
    if len(names) > 1:
        x = WIDTH - 2 - sum(text_width(name) * SIZE + 26 for name in names) + 12
        row = max(x, 80.0 if chart.unit else 2.0)
        for index, name in enumerate(names):
            canvas.rect(row, y - 8, 9, 9, COLOURS[index])
            canvas.text(row + 12, y, name, "start")
            row += text_width(name) * SIZE + 26
    if chart.unit or len(names) > 1:
        canvas.top += SIZE + 8


def _wrap(words: str, room: float) -> list[str]:
    """A label in at most two lines that fit the room (points); the rest is cut with …"""
    most = max(2, int(room / SIZE))
    if text_width(words) <= most:
        return [words]
    first, rest = _cut(words, most)
    if text_width(rest) > most:
        rest = _cut(rest, most - 1)[0] + "…"
    return [first, rest]


def _cut(words: str, most: int) -> tuple[str, str]:
    """The words parted where the first part is at most so many characters wide."""
    for index in range(1, len(words) + 1):
        if text_width(words[:index]) > most:
            return words[: index - 1], words[index - 1 :]
    return words, ""


def _category_labels(canvas: _Canvas, chart: Chart, bottom: float, slot: float) -> None:
    for index, name in enumerate(chart.categories):
        for row, words in enumerate(_wrap(name, slot - 4)):
            canvas.text(slot * (index + 0.5), bottom + 13 + row * 12, words)


def _bar(chart: Chart) -> str:
    canvas = _Canvas(chart_height(chart))
    _legend(canvas, chart)
    low, high = _range(chart)
    top, bottom = canvas.top + 14, canvas.height - 30
    scale = (bottom - top - (12 if low < 0 else 0)) / (high - low)
    zero = top + high * scale
    slot = WIDTH / len(chart.categories)
    bar, size = _bar_step(chart), _label_size(chart)
    for place, series in enumerate(chart.series):
        for index, value in enumerate(_numbers(series)):
            if value is None:
                continue
            x = slot * (index + 0.5) + (place - len(chart.series) / 2) * bar
            length = float(value) * scale
            canvas.rect(x + 1, min(zero, zero - length), bar - 2, abs(length), COLOURS[place])
            y = zero - length - 4 if length >= 0 else zero - length + SIZE + 1
            canvas.text(x + bar / 2, y, _value(value), size=size)
    canvas.line(0, zero, WIDTH, zero, MUTED)
    _category_labels(canvas, chart, bottom, slot)
    return canvas.svg(chart)


def _hbar(chart: Chart) -> str:
    canvas = _Canvas(chart_height(chart))
    _legend(canvas, chart)
    low, high = _range(chart)
    left = min(150.0, max(text_width(name) for name in chart.categories) * SIZE) + 10
    scale = (WIDTH - left - 60) / (high - low)
    zero = left - low * scale
    group = (canvas.height - canvas.top - 4) / len(chart.categories)
    bar = min(14.0, (group - 6) / len(chart.series))
    for index, name in enumerate(chart.categories):
        middle = canvas.top + group * (index + 0.5)
        label = _wrap(name, left - 10)
        for row, words in enumerate(label):
            y = middle + SIZE * 0.36 + (row - (len(label) - 1) / 2) * 12
            canvas.text(left - 8, y, words, "end")
        for place, series in enumerate(chart.series):
            value = _numbers(series)[index]
            if value is None:
                continue
            y = middle + (place - len(chart.series) / 2) * bar
            length = float(value) * scale
            canvas.rect(min(zero, zero + length), y + 1, abs(length), bar - 2, COLOURS[place])
            end = zero + max(length, 0.0) + 4
            canvas.text(end, y + bar / 2 + SIZE * 0.36, _value(value), "start")
    canvas.line(zero, canvas.top, zero, canvas.height - 2, MUTED)
    return canvas.svg(chart)


def _line(chart: Chart) -> str:
    canvas = _Canvas(chart_height(chart))
    _legend(canvas, chart)
    low, high = _line_range(chart)
    top, bottom = canvas.top + 16, canvas.height - 30
    scale = (bottom - top) / (high - low)
    slot = WIDTH / len(chart.categories)
    zero = bottom + low * scale
    canvas.line(0, min(zero, bottom), WIDTH, min(zero, bottom), MUTED)
    for place, series in enumerate(chart.series):
        points = [
            None if value is None else (slot * (index + 0.5), zero - float(value) * scale)
            for index, value in enumerate(_numbers(series))
        ]
        _polyline(canvas, points, COLOURS[place])
        for value, point in zip(series.values, points, strict=True):
            if point is not None:
                below = place % 2 == 1 and point[1] + 20 < bottom
                canvas.text(point[0], point[1] + (15 if below else -7), _value(value))
    _category_labels(canvas, chart, bottom, slot)
    return canvas.svg(chart)


def _polyline(canvas: _Canvas, points: list[tuple[float, float] | None], colour: str) -> None:
    """A line through the points, broken where one is missing, with a dot at each."""
    d, pen_up = "", True
    for point in points:
        if point is None:
            pen_up = True
            continue
        d += f"{'M' if pen_up else 'L'}{point[0]:.1f} {point[1]:.1f}"
        pen_up = False
    canvas.path(d, stroke=colour, width=1.8)
    for point in points:
        if point is not None:
            canvas.parts.append(
                f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="2.8" fill="{colour}"/>'
            )


def _slices(chart: Chart) -> list[tuple[str, Decimal]]:
    """Positive slices; beyond seven the smallest become 其他."""
    pairs = zip(chart.categories, _numbers(chart.series[0]), strict=True)
    slices = [(name, value) for name, value in pairs if value is not None and value > 0]
    if len(slices) <= MOST_COLOURS:
        return slices
    kept = sorted(slices, key=lambda item: -item[1])[: MOST_COLOURS - 1]
    rest = sum((value for name, value in slices if (name, value) not in kept), Decimal(0))
    return [item for item in slices if item in kept] + [("其他", rest)]


def _pie(chart: Chart) -> str:
    """A ring with a list at its right: name, value and share of each slice."""
    canvas = _Canvas(chart_height(chart))
    slices = _slices(chart)
    total = sum((value for _, value in slices), Decimal(0))
    if not total:
        raise ValueError(f"图“{chart.caption}”没有大于零的数据")
    middle, centre, radius = canvas.height / 2, 120.0, 68.0
    angle = -pi / 2
    row = 19.0
    first_row = middle - (len(slices) - 1) * row / 2
    for index, (name, value) in enumerate(slices):
        sweep = 2 * pi * float(value / total)
        canvas.path(_sector(centre, middle, radius, angle, sweep), fill=COLOURS[index])
        angle += sweep
        y = first_row + index * row
        canvas.rect(235, y - 5, 9, 9, COLOURS[index])
        words = f"{name}　{_value(value)}{chart.unit}（{percent(value / total)}）"
        canvas.text(250, y + 3.6, words, "start")
    return canvas.svg(chart)


def _sector(x: float, y: float, radius: float, start: float, sweep: float) -> str:
    """The path of a ring's slice; a whole ring is drawn as nearly whole."""
    sweep = min(sweep, 2 * pi - 0.0001)
    inner, wide, end = radius * 0.55, int(sweep > pi), start + sweep

    def point(distance: float, angle: float) -> str:
        return f"{x + distance * cos(angle):.2f} {y + distance * sin(angle):.2f}"

    return (
        f"M{point(radius, start)}A{radius} {radius} 0 {wide} 1 {point(radius, end)}"
        f"L{point(inner, end)}A{inner:.1f} {inner:.1f} 0 {wide} 0 {point(inner, start)}Z"
    )


_DRAW: dict[str, Callable[[Chart], str]] = {
    "bar": _bar,
    "hbar": _hbar,
    "line": _line,
    "pie": _pie,
}
