"""Justification of Chinese lines in WeasyPrint.

WeasyPrint 70.0 stretches only spaces, so a line of hanzi that ends early (a mark may not begin
the next line) leaves a ragged right edge. `install` replaces its `justify_line` by one that
spreads the rest between all characters. The pin is exact; a test watches over it.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

MOST_STRETCH = 0.25  # of the type size; a wider gap is left ragged
_FIRST_CJK = "\u2e80"

_original = inline.justify_line


def install() -> None:
    """Let WeasyPrint justify lines with `justify_line`; safe to call again."""
    inline.justify_line = justify_line


def justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Spread `extra_width` (px) over the gaps of a line of hanzi; else as WeasyPrint does."""
    text_boxes = list(_text_boxes(line))
    text = "".join(box.text for box in text_boxes)
    gaps = len(text.rstrip()) - 1
    if gaps < 1 or not any(letter >= _FIRST_CJK for letter in text):
        _original(context, line, extra_width)
        return
    spacing = extra_width / gaps
    if spacing <= MOST_STRETCH * text_boxes[0].style["font_size"]:
        _spread(line, spacing, 0.0, text_boxes[-1])


def _text_boxes(box: Any) -> Iterator[Any]:
    """The text boxes of a line in order."""
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            yield from _text_boxes(child)


def _spread(box: Any, spacing: float, advance: float, last: Any) -> float:
    """Widen a box by `spacing` after each character; return how far what follows moves."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        style = box.style.copy()
        base = style["letter_spacing"]
        style["letter_spacing"] = (0 if base == "normal" else base) + spacing
        box.style = style
        added = spacing * (len(box.text) - (box is last))
        box.width += added
        return advance + added
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.position_x += advance
        start = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _spread(child, spacing, advance, last)
        box.width += advance - start
        return advance
    box.translate(advance, 0)
    return advance
