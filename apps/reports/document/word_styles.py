"""Styles, settings and page set-up of the Word file.

The template's styles are replaced as a whole: every style is written here in schema order, with
East Asian fonts named, no theme fonts, no colours, and the built-in names that Word's navigation
pane and tables of contents know.
"""

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from apps.reports.document.fonts import WordFonts
from apps.reports.document.layout import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, PageGrid, twips

BODY, FLUSH, TITLE, CAPTION = "BodyText", "Normal", "Title", "Caption"
SIGNATURE, DATE, FOOTER = "Signature", "Date", "Footer"
TABLE, CELL, HEAD, NOTE, GAP, PICTURE = (
    "DocTable",
    "DocCell",
    "DocHead",
    "DocNote",
    "DocGap",
    "DocPicture",
)
ANNEX_LIST, ANNEX_LABEL, ANNEX_TITLE = "DocAnnexList", "DocAnnexLabel", "DocAnnexTitle"

# LibreOffice reads this switch the wrong way round, and where marks hang it leaves them out of
# justified lines. "1" (Word's own default: a mark may hang) keeps every mark on paper in both.
_OVERFLOW = '<w:overflowPunct w:val="1"/>'
_THUMBNAIL = "/metadata/thumbnail"


def apply_styles(word: WordDocument, fonts: WordFonts, grid: PageGrid) -> None:
    """Replace the template's styles by those of the grid."""
    styles = word.styles.element
    for old in styles.findall(qn("w:style")) + styles.findall(qn("w:docDefaults")):
        styles.remove(old)
    defaults = (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_fonts(fonts.body, fonts)}"
        '<w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr>"
        f'{_OVERFLOW}<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    styles.insert(0, parse_xml(defaults))
    for xml in (*_base_styles(fonts, grid), *_text_styles(fonts, grid), *_table_styles(fonts)):
        styles.append(parse_xml(xml))


def apply_settings(word: WordDocument) -> None:
    """Odd and even footers, the current compatibility mode, Chinese as the language."""
    word.settings.odd_and_even_pages_header_footer = True
    settings = word.settings.element
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
    for zoom in settings.iter(qn("w:zoom")):
        zoom.attrib.clear()
        zoom.set(qn("w:percent"), "100")
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    package = word.part.package
    for key in [key for key, rel in package.rels.items() if rel.reltype.endswith(_THUMBNAIL)]:
        del package.rels[key]


def apply_page(word: WordDocument, grid: PageGrid) -> None:
    """Page size, margins, line grid, and `— 1 —` outside on odd and even pages."""
    section = word.sections[0]
    for is_even, footer in ((False, section.footer), (True, section.even_page_footer)):
        footer.is_linked_to_previous = False
        for old in list(footer._element):
            footer._element.remove(old)
        footer._element.append(parse_xml(_page_number(grid, is_even=is_even)))
    properties = section._sectPr
    for tag in ("w:pgSz", "w:pgMar", "w:cols", "w:docGrid"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    half = grid.number_size * 10  # half the number's line, in twips
    footer_distance = twips(grid.bottom - grid.number_gap) - half
    width, height = twips(PAGE_WIDTH_MM), twips(PAGE_HEIGHT_MM)
    for xml in (
        f'<w:pgSz {nsdecls("w")} w:w="{width}" w:h="{height}"/>',
        f'<w:pgMar {nsdecls("w")} w:top="{twips(grid.top)}" w:right="{twips(grid.right)}"'
        f' w:bottom="{twips(grid.bottom)}" w:left="{twips(grid.left)}" w:header="851"'
        f' w:footer="{footer_distance}" w:gutter="0"/>',
        f'<w:cols {nsdecls("w")} w:space="425"/>',
        f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{grid.line_pitch}"/>',
    ):
        properties.append(parse_xml(xml))


def _page_number(grid: PageGrid, *, is_even: bool) -> str:
    side = "left" if is_even else "right"
    indent = f'<w:ind w:{side}="{grid.number_size * 20}"/><w:jc w:val="{side}"/>'
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{FOOTER}"/>{indent}</w:pPr>{field}</w:p>'


def _fonts(east: str, fonts: WordFonts, latin: str = "") -> str:
    latin = latin or fonts.latin or east
    return (
        f'<w:rFonts w:ascii="{latin}" w:eastAsia="{east}" w:hAnsi="{latin}" w:cs="{latin}"'
        f' w:hint="eastAsia"/>'
    )


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _style(key: str, name: str, paragraph: str = "", run: str = "", *, based: str = FLUSH) -> str:
    """A paragraph style; custom ones carry w:customStyle."""
    custom = ' w:customStyle="1"' if key.startswith("Doc") else ""
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    default = "" if based else ' w:default="1"'
    follow = f'<w:next w:val="{BODY}"/>' if key.startswith(("Heading", "Title")) else ""
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph"{default}{custom} w:styleId="{key}">'
        f'<w:name w:val="{name}"/>{parent}{follow}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _exact(grid: PageGrid, before: int = 0, after: int = 0) -> str:
    """Spacing of whole grid lines."""
    pitch = grid.line_pitch
    return (
        f'<w:spacing w:before="{before * pitch}" w:after="{after * pitch}"'
        f' w:line="{pitch}" w:lineRule="exact"/>'
    )


def _base_styles(fonts: WordFonts, grid: PageGrid) -> list[str]:
    normal = (
        f'<w:widowControl w:val="0"/>{_OVERFLOW}<w:autoSpaceDE w:val="0"/>'
        f'<w:autoSpaceDN w:val="0"/>{_exact(grid)}<w:jc w:val="both"/>'
    )
    run = f'{_fonts(fonts.body, fonts)}<w:spacing w:val="{grid.word_spacing}"/>{_size(grid.size)}'
    number = grid.number_size
    footer = (
        '<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{number * 20}" w:lineRule="exact"/>'
    )
    number_run = f'{_fonts(fonts.number, fonts, fonts.number)}<w:spacing w:val="0"/>{_size(number)}'
    return [
        _style(FLUSH, "Normal", normal, run, based=""),
        f'<w:style {nsdecls("w")} w:type="character" w:default="1"'
        ' w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>'
        '<w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
        f'<w:style {nsdecls("w")} w:type="numbering" w:default="1" w:styleId="NoList">'
        '<w:name w:val="No List"/><w:semiHidden/></w:style>',
        _style(FOOTER, "footer", footer, number_run),
    ]


def _text_styles(fonts: WordFonts, grid: PageGrid) -> list[str]:
    cell = grid.size * 20 + grid.word_spacing  # a character's place in twips
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{cell * 2}"/>'
    centre, off = '<w:jc w:val="center"/>', '<w:snapToGrid w:val="0"/>'
    title_run = f'{_fonts(fonts.title, fonts)}<w:spacing w:val="0"/>{_size(grid.title_size)}'
    faces = (fonts.hei, fonts.kai, fonts.body, fonts.body)
    headings = [
        _style(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/>{indent}<w:outlineLvl w:val="{level - 1}"/>',
            _fonts(face, fonts),
        )
        for level, face in enumerate(faces, 1)
    ]
    return [
        _style(TITLE, "Title", f"<w:keepNext/>{off}{_exact(grid, after=1)}{centre}", title_run),
        *headings,
        _style(BODY, "Body Text", indent),
        _style(SIGNATURE, "Signature", f'<w:keepNext/>{_exact(grid, 1)}<w:jc w:val="right"/>'),
        _style(DATE, "Date", '<w:jc w:val="right"/>'),
        _style(ANNEX_LIST, "附件说明", f'{indent}<w:jc w:val="left"/>'),
        _style(ANNEX_LABEL, "附件序号", "<w:pageBreakBefore/>", _fonts(fonts.hei, fonts)),
        _style(
            ANNEX_TITLE,
            "附件标题",
            f'<w:keepNext/>{off}{_exact(grid, 1, 1)}{centre}<w:outlineLvl w:val="0"/>',
            title_run,
        ),
    ]


def _table_styles(fonts: WordFonts) -> list[str]:
    off = '<w:snapToGrid w:val="0"/>'
    tight = f'{off}<w:spacing w:before="0" w:after="0" w:line="{{}}" w:lineRule="{{}}"/>'
    centre = '<w:jc w:val="center"/>'
    none = '<w:spacing w:val="0"/>'
    picture = f'{off}<w:spacing w:before="160" w:after="0" w:line="240" w:lineRule="auto"/>'
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = (
        '<w:tblCellMar><w:top w:w="70" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        '<w:bottom w:w="70" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
    )
    hei = _fonts(fonts.hei, fonts)
    return [
        f'<w:style {nsdecls("w")} w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{margins}</w:tblPr></w:style>',
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}">'
        f'<w:name w:val="统计表"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{sides}</w:tblBorders>{margins}</w:tblPr></w:style>",
        _style(CELL, "表格文字", tight.format(240, "auto"), none + _size(12)),
        _style(HEAD, "表头文字", centre, hei, based=CELL),
        _style(CAPTION, "caption", centre, f"{hei}{none}{_size(14)}"),
        _style(NOTE, "表注", tight.format(240, "auto"), none + _size(10.5)),
        _style(GAP, "表后空行", tight.format(160, "exact"), _size(2)),
        _style(PICTURE, "图", f"<w:keepNext/>{picture}{centre}", none),
    ]
