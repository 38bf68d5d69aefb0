"""The tree as PDF by WeasyPrint. Imported WeasyPrint is slow, so it loads at the first use."""

from functools import lru_cache
from threading import RLock
from typing import Any

from apps.reports.document.css import print_css
from apps.reports.document.fonts import FontSet
from apps.reports.document.html import page_html
from apps.reports.document.layout import PageGrid
from apps.reports.document.tree import Document

_lock = RLock()  # Pango's font maps are shared between renderings and not safe for threads


def render_pdf(
    document: Document,
    *,
    fonts: FontSet | None = None,
    grid: PageGrid | None = None,
    author: str = "",
) -> bytes:
    """The document as PDF bytes, with embedded fonts, bookmarks, title and author.

    Raises FileNotFoundError naming a font file that is not there.
    """
    fonts = fonts or FontSet()
    if absent := fonts.absent():
        raise FileNotFoundError(absent[0])
    with _lock:
        return write_pdf(page_html(document, fonts, author), print_css(fonts, grid or PageGrid()))


def write_pdf(html: str, css: str) -> bytes:
    """HTML and a style sheet as PDF bytes; nothing outside the font files is ever fetched."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    with _lock:
        fonts, sheet = _stylesheet(css)
        page = HTML(string=html, url_fetcher=_no_fetching)
        return page.write_pdf(stylesheets=[sheet], font_config=fonts)


@lru_cache(maxsize=4)
def _stylesheet(css: str) -> tuple[Any, Any]:
    """Loaded fonts and parsed style sheet, kept because loading costs more than a rendering."""
    from weasyprint import CSS  # noqa: PLC0415 -- slow import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import

    from apps.reports.document import justify  # noqa: PLC0415 -- slow import

    justify.install()
    fonts = FontConfiguration()
    return fonts, CSS(string=css, font_config=fonts)


def _no_fetching(url: str, *args: object, **kwargs: object) -> dict[str, Any]:
    """Refuse every address in the document, so that no text can make the server read a file."""
    raise ValueError(f"文档不得引用外部资源：{url}")
