"""Tell in a moment, without loading Django, whether `make run` may skip its preparing steps.

    python scripts/prepared.py        exit status 0: nothing has changed since the last time
    python scripts/prepared.py mark   remember the present state

The state is the content of the code, fixtures, static files and settings. A SQLite database must
also hold every migration (it may have been replaced by a backup); with PostgreSQL every step runs.
"""

import hashlib
import os
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMP = ROOT / "var" / ".prepared"
FOLDERS = ("apps", "talentwork", "fixtures", "static", "assets")
FILES = (".env", "constraints.txt", "manage.py", "scripts/run.sh")
VARIABLES = ("DATABASE_URL", "STATIC_ROOT", "DEMO")


def setting(name: str, default: str) -> str:
    value = os.environ.get(name)
    if value is None and (ROOT / ".env").is_file():
        text = (ROOT / ".env").read_text(encoding="utf-8")
        found = re.search(rf"^{name}=(.*)$", text, re.MULTILINE)
        value = found[1].strip() if found else None
    return value or default


def state() -> str:
    """A digest over path, size and time of change of all that the preparing steps read."""
    digest = hashlib.sha256()
    for folder in FOLDERS:
        for parent, folders, names in os.walk(ROOT / folder):
            folders[:] = sorted(x for x in folders if x != "__pycache__")
            for name in sorted(names):
                about = os.stat(os.path.join(parent, name))  # noqa: PTH116, PTH118 -- speed
                digest.update(f"{parent}/{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    for name in FILES:
        file = ROOT / name
        digest.update(file.read_bytes() if file.is_file() else b"-")
    for name in VARIABLES:
        digest.update(f"{name}={os.environ.get(name)}\n".encode())
    return digest.hexdigest()


def has_every_migration(database: Path) -> bool:
    wanted = {
        (file.parent.parent.name, file.stem) for file in ROOT.glob("apps/*/migrations/[0-9]*.py")
    }
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            rows = set(connection.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error:
        return False
    return bool(wanted) and wanted <= rows


def is_prepared() -> bool:
    address = setting("DATABASE_URL", "sqlite:///var/db.sqlite3")
    static = ROOT / setting("STATIC_ROOT", "var/static") / "staticfiles.json"
    if not address.startswith("sqlite:///") or not static.is_file() or not STAMP.is_file():
        return False
    database = ROOT / address.removeprefix("sqlite:///")
    return STAMP.read_text(encoding="utf-8") == state() and has_every_migration(database)


if __name__ == "__main__":
    if sys.argv[1:] == ["mark"]:
        STAMP.write_text(state(), encoding="utf-8")
    else:
        sys.exit(not is_prepared())
