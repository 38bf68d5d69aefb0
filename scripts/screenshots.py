"""Pictures of the main pages with the demo district, in both sizes:

    python scripts/screenshots.py FOLDER [name …]

Starts the product on a scratch database; needs chromium.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e.browsing import ARGUMENTS, DESK, PHONE, new_context  # noqa: E402 -- path is set
from tests.e2e.places import MAIN, find_keys  # noqa: E402
from tests.e2e.product import Product, find_chromium  # noqa: E402

SAMPLE = ROOT / "tests" / "samples" / "人才花名册.xlsx"
SIZES = {"desk": DESK, "phone": PHONE}
COLOURS = 160  # enough for a page of ours; a third of the size


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:] or [*MAIN, "import-preview"]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="talentwork-pictures-") as scratch:
        place = Path(scratch)
        demo = Product(place / "demo", f"sqlite:///{place}/demo.sqlite3", place / "static", True)
        demo.prepare()
        demo.manage("collectstatic", "--noinput", "--verbosity", "0")
        try:
            demo.start()
            with sync_playwright() as playwright:
                take_all(playwright, demo, folder, names)
        finally:
            demo.stop()


def take_all(playwright: Any, demo: Product, folder: Path, names: list[str]) -> None:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    keys = find_keys(playwright, demo)
    for name in names:
        role, path = MAIN.get(name, ("staff", "/import/"))
        for size, viewport in SIZES.items():
            state = demo.state(playwright, role) if role else None
            context, _ = new_context(browser, demo, state, viewport=viewport)
            page = context.new_page()
            page.goto(path.format(**keys), wait_until="networkidle")
            if name == "import-preview":
                page.get_by_label("工作簿").set_input_files(SAMPLE)
                page.get_by_role("button", name="上传并检查").click()
                page.wait_for_selector("#confirm")
            save(page.screenshot(), folder / f"{name}-{size}.png")
            context.close()
    browser.close()


def save(picture: bytes, path: Path) -> None:
    """Write a picture with few colours."""
    with Image.open(BytesIO(picture)) as full:
        full.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path}  {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
