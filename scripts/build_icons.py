"""Build `static/vendor/tabler-sprite.svg` from the outline icons of the @tabler/icons package.

Usage: python scripts/build_icons.py <unpacked package> <sprite>

A template shows an icon by `<svg class="icon"><use href="…/tabler-sprite.svg#home"></use></svg>`.
"""

import re
import sys
from pathlib import Path

ICONS = """
home users user user-plus building building-factory-2 school award certificate heart-handshake coin
speakerphone gavel chart-bar report target sitemap briefcase map-pin tag star
settings search plus x check upload download filter refresh columns bookmark edit trash copy printer
eye eye-off lock logout key shield database history
menu-2 chevron-down chevron-right chevron-left chevron-up arrow-left arrow-back-up external-link
link list table dots
alert-triangle info-circle bell message clock calendar photo
file-text file-spreadsheet file-type-pdf file-type-docx
"""

SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>\n'
)
BACKGROUND = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


def symbol(package: Path, name: str) -> str:
    source = (package / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
    body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if body is None:
        raise ValueError(f"not an icon: {name}")
    shapes = re.sub(r"\s*\n\s*", "", BACKGROUND.sub("", body[1]))
    return SYMBOL.format(name=name, shapes=shapes.replace(" />", "/>"))


def build(package: Path, sprite: Path) -> None:
    symbols = "".join(symbol(package, name) for name in sorted(ICONS.split()))
    sprite.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n', encoding="utf-8"
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
