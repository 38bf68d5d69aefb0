"""Pictures of the main pages with the demo district, in both sizes:

    python scripts/screenshots.py FOLDER [name …]

Starts the product on a scratch database; needs chromium.
"""

import sys
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from pypdfium2 import PdfDocument

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e.browsing import ARGUMENTS, DESK, PHONE, new_context  # noqa: E402 -- path is set
from tests.e2e.places import MAIN, find_keys  # noqa: E402
from tests.e2e.product import Product, find_chromium  # noqa: E402

SAMPLE = ROOT / "tests" / "samples" / "人才花名册.xlsx"
SIZES = {"desk": DESK, "phone": PHONE}
PREVIEW, PRINTED = "import-preview", "report-page"
COLOURS = 160  # enough for a page of ours; a third of the size


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:] or [*MAIN, PREVIEW, PRINTED]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="talentwork-pictures-") as scratch:
        place = Path(scratch)
        demo = Product(place / "demo", f"sqlite:///{place}/demo.sqlite3", place / "static", True)
        demo.prepare()
        try:
            demo.start()
            with sync_playwright() as playwright:
                take_all(playwright, demo, folder, names)
        finally:
            demo.stop()


def take_all(playwright: Any, demo: Product, folder: Path, names: list[str]) -> None:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    keys = find_keys(playwright, demo)
    if PRINTED in names:
        print_page(demo.folder / "reports", folder / f"{PRINTED}.png")
    for name in names:
        if name == PRINTED:
            continue
        role, path = MAIN.get(name, ("staff", "/import/"))
        for size, viewport in SIZES.items():
            state = demo.state(playwright, role) if role else None
            context, _ = new_context(browser, demo, state, viewport=viewport)
            page = context.new_page()
            page.goto(path.format(**keys), wait_until="networkidle")
            if name == PREVIEW:
                page.get_by_label("工作簿").set_input_files(SAMPLE)
                page.get_by_role("button", name="上传并检查").click()
                page.wait_for_selector("#confirm")
            save(page.screenshot(), folder / f"{name}-{size}.png")
            context.close()
    browser.close()


def print_page(folder: Path, target: Path) -> None:
    """A page of the report's PDF that has text and a table."""
    (path,) = folder.glob("*.pdf")
    with closing(PdfDocument(path)) as document:
        stream = BytesIO()
        document[1].render(scale=1.2).to_pil().save(stream, "PNG")
    save(stream.getvalue(), target)


def save(picture: bytes, path: Path) -> None:
    """Write a picture with few colours."""
    with Image.open(BytesIO(picture)) as full:
        full.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path}  {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
