"""Fetch the pinned browser libraries with npm and write them, with checksums, into the tree.

Run after changing a version below, then commit what changed: python scripts/vendor.py
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

from build_icons import build

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static" / "vendor"
TESTS = ROOT / "tests" / "e2e" / "vendor"


class Library(NamedTuple):
    name: str
    package: str
    version: str
    licence: str
    files: tuple[str, ...]
    target: Path


LIBRARIES = [
    Library(
        "Bootstrap (with Popper 2, MIT)",
        "bootstrap",
        "5.3.8",
        "MIT",
        (
            "dist/css/bootstrap.min.css",
            "dist/css/bootstrap.min.css.map",
            "dist/js/bootstrap.bundle.min.js",
            "dist/js/bootstrap.bundle.min.js.map",
            "LICENSE",
        ),
        STATIC / "bootstrap",
    ),
    Library(
        "htmx",
        "htmx.org",
        "4.0.1",
        "0BSD",
        ("dist/htmx.min.js", "LICENSE"),
        STATIC / "htmx",
    ),
    # The "common" build: line, bar, pie, scatter with legend, tooltip, dataset and aria.
    Library(
        "Apache ECharts (with zrender, BSD-3-Clause, and parts of d3, BSD-3-Clause)",
        "echarts",
        "6.1.0",
        "Apache-2.0",
        ("dist/echarts.common.min.js", "LICENSE", "NOTICE", "licenses/LICENSE-d3"),
        STATIC / "echarts",
    ),
    Library(
        "Tabler Icons (a selection, as `tabler-sprite.svg`)",
        "@tabler/icons",
        "3.51.0",
        "MIT",
        ("LICENSE",),
        STATIC / "tabler-icons",
    ),
    Library(
        "axe-core",
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"),
        TESTS,
    ),
]

HEAD = """# Vendored files

Unaltered copies, so that the product runs without internet and without a build step.
This page is written by `scripts/vendor.py`; `tests/test_vendor.py` checks each file against it.

| library | version | licence | npm package | files |
| --- | --- | --- | --- | --- |
"""


def unpack(library: Library, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", f"{library.package}@{library.version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    target = folder / library.target.name
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def write_page(folder: Path, libraries: list[Library]) -> None:
    rows = "".join(
        f"| {x.name} | {x.version} | {x.licence} | `{x.package}` "
        f"| {', '.join(f'`{Path(file).name}`' for file in x.files)} |\n"
        for x in libraries
    )
    files = sorted(x for x in folder.rglob("*") if x.is_file() and x.name != "README.md")
    sums = "".join(
        f"{hashlib.sha256(x.read_bytes()).hexdigest()}  {x.relative_to(folder).as_posix()}\n"
        for x in files
    )
    page = f"{HEAD}{rows}\n## SHA-256\n\n```text\n{sums}```\n"
    (folder / "README.md").write_text(page, encoding="utf-8")


def main() -> None:
    for folder in (STATIC, TESTS):
        shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        for library in LIBRARIES:
            source = unpack(library, Path(scratch))
            library.target.mkdir(parents=True, exist_ok=True)
            for file in library.files:
                shutil.copyfile(source / file, library.target / Path(file).name)
            if library.package == "@tabler/icons":
                build(source, STATIC / "tabler-sprite.svg")
    write_page(STATIC, [x for x in LIBRARIES if x.target != TESTS])
    write_page(TESTS, [x for x in LIBRARIES if x.target == TESTS])


if __name__ == "__main__":
    main()
