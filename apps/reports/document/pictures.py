"""Charts as PNG pictures for Word, from the same SVG that the PDF shows."""

from collections.abc import Sequence
from io import BytesIO

from apps.reports.document.charts import WIDTH, chart_height, chart_svg
from apps.reports.document.css import font_faces
from apps.reports.document.fonts import FontSet
from apps.reports.document.pdf import write_pdf
from apps.reports.document.tree import Chart

DOTS_PER_INCH = 220


def chart_pictures(charts: Sequence[Chart], fonts: FontSet) -> list[bytes]:
    """A PNG for each chart; all are laid out in one go, a page each."""
    if not charts:
        return []
    import pypdfium2  # noqa: PLC0415 -- slow import

    sizes = sorted({chart_height(chart) for chart in charts})
    pages = "".join(
        f"@page h{index}{{size:{WIDTH:g}pt {height:g}pt;margin:0}}.h{index}{{page:h{index}}}"
        for index, height in enumerate(sizes)
    )
    body = "".join(
        f'<div class="h{sizes.index(chart_height(chart))}">{chart_svg(chart)}</div>'
        for chart in charts
    )
    rules = "div{break-after:page}div:last-child{break-after:auto}body{margin:0}svg{display:block}"
    pdf = pypdfium2.PdfDocument(write_pdf(body, font_faces(fonts), pages + rules))
    try:
        return [_png(page) for page in pdf]
    finally:
        pdf.close()


def _png(page: object) -> bytes:
    stream = BytesIO()
    image = page.render(scale=DOTS_PER_INCH / 72).to_pil()  # type: ignore[attr-defined]
    image.save(stream, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return stream.getvalue()
