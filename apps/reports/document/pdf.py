"""The tree as PDF by WeasyPrint. Imported WeasyPrint is slow, so it loads at the first use."""

import atexit
from functools import lru_cache
from threading import RLock
from typing import Any

from apps.reports.document.css import font_faces, print_css
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
        html = page_html(document, fonts, author)
        return write_pdf(html, font_faces(fonts), print_css(grid or PageGrid()))


def write_pdf(html: str, faces: str, css: str) -> bytes:
    """HTML as PDF bytes, with @font-face rules and a style sheet; fetches only the font files."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- slow import

    with _lock:
        fonts, font_sheet = _load_fonts(faces)
        sheet = CSS(string=css, font_config=fonts)
        page = HTML(string=html, url_fetcher=_no_fetching)
        return page.write_pdf(stylesheets=[font_sheet, sheet], font_config=fonts)


@lru_cache(maxsize=2)
def _load_fonts(faces: str) -> tuple[Any, Any]:
    """Loaded fonts and their rules, kept because loading costs more than a rendering.

    WeasyPrint copies font files to a temporary folder, which goes when the process ends.
    """
    from weasyprint import CSS  # noqa: PLC0415 -- slow import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import

    from apps.reports.document import justify  # noqa: PLC0415 -- slow import

    justify.install()
    fonts = FontConfiguration()
    return fonts, CSS(string=faces, font_config=fonts)


atexit.register(_load_fonts.cache_clear)


def _no_fetching(url: str, *args: object, **kwargs: object) -> dict[str, Any]:
    """Refuse every address in the document, so that no text can make the server read a file."""
    raise ValueError(f"文档不得引用外部资源：{url}")
