"""Style sheets of the document: for paper by the grid, for the screen as it will print."""

from decimal import Decimal

from apps.reports.document.fonts import FontSet
from apps.reports.document.layout import PageGrid

_FAMILIES = {
    "GwTitle": "title",
    "GwBody": "body",
    "GwKai": "kai",
    "GwHei": "hei",
    "GwNumber": "number",
    "GwRare": "rare",
}
_SCREEN_FONTS = {
    "title": '"FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC", SimSun, serif',
    "body": 'FangSong_GB2312, FangSong, STFangsong, "Noto Serif CJK SC", serif',
    "kai": 'KaiTi_GB2312, KaiTi, STKaiti, "Noto Serif CJK SC", serif',
    "hei": 'SimHei, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif',
}
_PAPER_FONTS = {
    "title": "GwTitle, GwRare",
    "body": "GwBody, GwRare",
    "kai": "GwKai, GwRare",
    "hei": "GwHei, GwRare",
}
_INDENT = 2  # characters


def font_faces(fonts: FontSet) -> str:
    """The @font-face rules of the font files."""
    return "".join(
        f'@font-face{{font-family:{family};src:url("{getattr(fonts, role).resolve().as_uri()}")}}'
        for family, role in _FAMILIES.items()
    )


def print_css(grid: PageGrid) -> str:
    """The style sheet of the PDF, to stand beside `font_faces`."""
    return _page(grid) + _common(_PAPER_FONTS) + _paper(grid)


def screen_css() -> str:
    """The style sheet for `body_html(..., for_screen=True)`: a sheet of paper, system fonts."""
    return (
        _common(_SCREEN_FONTS)
        + """
.doc{box-sizing:border-box;width:210mm;max-width:100%;min-height:297mm;margin:0 auto;
padding:37mm 26mm 35mm 28mm;background:#fff;color:#000;font-size:16pt;line-height:1.8}
.doc-title,.doc-annex-title{font-size:22pt;line-height:1.4}
.doc-annex{margin-top:3em;padding-top:3em;border-top:1px dashed #c9cdd4}
.doc-svg{max-width:100%;height:auto}
.doc-table{overflow-x:auto}
.doc .figure{color:#1d5bbf;text-decoration:underline dotted;text-underline-offset:.2em}
.doc a.figure:hover,.doc a.figure:focus-visible{background:#e8f0fe;text-decoration-style:solid}
@media (max-width:820px){.doc{padding:24px 16px;min-height:0;font-size:17px}}
@media print{.doc{padding:0;width:auto}.doc .figure{color:inherit;text-decoration:none}}
"""
    )


def _page(grid: PageGrid) -> str:
    """Page box and page numbers: outside, one 4号 character in, the dash 7 mm below the text."""
    gap = Decimal(grid.number_gap) - Decimal(grid.number_size) * Decimal("25.4") / 72 / 2
    number = (
        f'content:"— " counter(page) " —";font:{grid.number_size}pt/{grid.number_size}pt GwNumber;'
        f"white-space:nowrap;vertical-align:top;margin:0"
    )
    return (
        f"@page{{size:A4;margin:{grid.top}mm {grid.right}mm {grid.bottom}mm {grid.left}mm;"
        f"@bottom-right{{{number};padding:{gap:.2f}mm {grid.number_size}pt 0 0}}}}"
        f"@page:left{{@bottom-right{{content:none}}"
        f"@bottom-left{{{number};padding:{gap:.2f}mm 0 0 {grid.number_size}pt}}}}"
    )


def _common(fonts: dict[str, str]) -> str:
    """What paper and screen share: fonts by level, indents, tables."""
    columns = "".join(f".doc-w{width}{{width:{width}%}}" for width in range(1, 101))
    return f"""
.doc{{font-family:{fonts["body"]};font-weight:normal;font-style:normal}}
.doc h1,.doc h2,.doc h3,.doc h4,.doc h5,.doc p,.doc figure{{margin:0;font-weight:normal}}
.doc-title,.doc .doc-annex-title{{font-family:{fonts["title"]};text-align:center}}
.doc .doc-h1,.doc-annex-label{{font-family:{fonts["hei"]}}}
.doc .doc-h2{{font-family:{fonts["kai"]}}}
.doc-h1,.doc-h2,.doc-h3,.doc-h4,.doc-p{{font-size:inherit;text-indent:2em;text-align:justify}}
.doc-flush{{text-align:justify}}
.doc-sign,.doc-date{{text-align:right}}
.doc-caption{{font-family:{fonts["hei"]};text-align:center}}
.doc-table table{{width:100%;border-collapse:collapse;table-layout:fixed}}
.doc-table th,.doc-table td{{border:0.5pt solid #000;padding:3pt 4pt;vertical-align:middle;
overflow-wrap:anywhere}}
.doc-table th,.doc-total td{{font-family:{fonts["hei"]};font-weight:normal}}
.doc-table th,.doc-center{{text-align:center}}
.doc-left{{text-align:left}}
.doc-right{{text-align:right;font-variant-numeric:tabular-nums}}
.doc-size-m{{font-size:12pt;line-height:1.4}}
.doc-size-s{{font-size:10.5pt;line-height:1.4}}
.doc-size-xs{{font-size:9pt;line-height:1.4}}
.doc-caption{{font-size:14pt}}
.doc-size-xs th,.doc-size-xs td{{padding:2pt}}
.doc-note{{font-size:10.5pt}}
.doc .doc-chart{{text-align:center;margin:0.6em 0}}
.doc .doc-table{{margin:0.6em 0}}
.doc .doc-sign{{margin-top:1lh}}
.doc .doc-title{{margin-bottom:1lh}}
.doc-annex-one{{margin-top:1lh;padding-left:5em;text-indent:-3em}}
.doc-annex-first{{margin-top:1lh;padding-left:6.5em;text-indent:-4.5em}}
.doc-annex-more{{padding-left:6.5em;text-indent:-1.5em}}
{columns}{"".join(f".doc-r{half}{{padding-right:{half / 2}em}}" for half in range(57))}
"""


def _paper(grid: PageGrid) -> str:
    """The grid: line height, letter spacing, breaks."""
    line = f"{grid.line_height}mm"
    cell = Decimal(grid.size) + grid.letter_spacing
    half_cell = cell / 2
    indents = "".join(
        f".doc .doc-r{half}{{padding-right:{half_cell * half:.3f}pt}}" for half in range(57)
    )
    indent = f"{cell * _INDENT:.3f}pt"
    return f"""
html{{line-height:{line}}}
body{{margin:0;color:#000}}
.doc{{font-size:{grid.size}pt;line-height:{line};letter-spacing:{grid.letter_spacing}pt;
orphans:1;widows:1;hyphens:none}}
.doc-rare{{line-height:0}}
.doc .doc-title,.doc .doc-annex-title{{font-size:{grid.title_size}pt;line-height:{line};
letter-spacing:0;margin-bottom:{line}}}
.doc-h1,.doc-h2,.doc-h3,.doc-h4,.doc-p{{text-indent:{indent}}}
.doc .doc-annex-one{{padding-left:{cell * 5:.3f}pt;text-indent:{cell * -3:.3f}pt}}
.doc .doc-annex-first{{padding-left:{half_cell * 13:.3f}pt;text-indent:{half_cell * -9:.3f}pt}}
.doc .doc-annex-more{{padding-left:{half_cell * 13:.3f}pt;text-indent:{half_cell * -3:.3f}pt}}
.doc-h1,.doc-h2,.doc-h3,.doc-h4{{break-after:avoid}}
.doc .doc-sign,.doc .doc-annex-one,.doc .doc-annex-first{{margin-top:{line};break-before:avoid}}
.doc-date,.doc-annex-more{{break-before:avoid}}
.doc .doc-annex{{break-before:page}}
.doc .doc-annex-title{{margin-top:{line};bookmark-level:1}}
.doc-table,.doc-chart{{letter-spacing:0}}
.doc .doc-table .doc-caption{{break-after:avoid;line-height:{line};margin:0}}
.doc .doc-chart .doc-caption{{line-height:{line}}}
.doc-table thead{{display:table-header-group}}
.doc-table tr,.doc-chart,.doc-keep{{break-inside:avoid}}
.doc-note{{line-height:15pt;break-before:avoid}}
.doc-svg{{display:block;margin:0 auto}}
{indents}
"""
