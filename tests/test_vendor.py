"""What we ship from others is what its page says, and pages reach for no other host."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "e2e" / "vendor"]
OWN = [ROOT / "templates", ROOT / "static", ROOT / "apps"]
NAMESPACES = "http://www.w3.org/"
ADDRESS = re.compile(r"""(?:https?:|(?<=["'(]))//[\w.-]+[^\s"'<>)]*""")
COMMENT = re.compile(r"/\*!.*?\*/|\{#.*?#\}|<!--.*?-->", re.DOTALL)


def listed(folder: Path) -> dict[str, str]:
    page = (folder / "README.md").read_text(encoding="utf-8")
    return {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", page, re.M)}


def foreign_addresses(text: str) -> list[str]:
    found = ADDRESS.findall(COMMENT.sub("", text))
    return [address for address in found if not address.startswith(NAMESPACES)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_vendored_files_match_their_checksums(folder):
    present = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "README.md"
    }

    assert present == listed(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_vendored_library_brings_its_licence(folder):
    libraries = {(folder / name).parent for name in listed(folder) if "sprite" not in name}

    assert [x for x in libraries if not (x / "LICENSE").is_file()] == []


def test_pages_reach_for_no_other_host():
    found = {
        str(file.relative_to(ROOT)): addresses
        for folder in OWN
        for file in folder.rglob("*")
        if file.suffix in {".html", ".css", ".js", ".svg"} and "vendor" not in file.parts
        if (addresses := foreign_addresses(file.read_text(encoding="utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ('<script src="https://cdn.example/x.js"></script>', ["https://cdn.example/x.js"]),
        ('<script src="//cdn.example/x.js"></script>', ["//cdn.example/x.js"]),
        ("@import url(//cdn.example/x.css);", ["//cdn.example/x.css"]),
        ('<svg xmlns="http://www.w3.org/2000/svg"></svg>', []),
        ("/*! MIT, https://example.org */", []),
        ("a = 1; // a comment", []),
    ],
)
def test_foreign_address_is_seen(text, addresses):
    assert foreign_addresses(text) == addresses
