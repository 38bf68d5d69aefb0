"""A scratch installation in a temporary folder; nothing of it stays."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django


def _key(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode()


def _environment(folder: Path, *, postgres: bool) -> dict[str, str]:
    if postgres and not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("--postgres 需要环境变量 DATABASE_URL=postgres://…")
    database = os.environ["DATABASE_URL"] if postgres else f"sqlite:///{folder}/bench.sqlite3"
    (folder / "static").mkdir()  # WhiteNoise warns of a missing folder
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.peer.settings",
        "ENV_FILE": os.devnull,
        "DATABASE_URL": database,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "localhost",
        "DEBUG": "0",
        "HTTP_ONLY": "1",
        "FIELD_KEYS": f"bench:{_key(16)}",
        "DIGEST_KEY": _key(32),
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "ERROR",
        "UPLOAD_MAX_MB": "100",
    }


@contextmanager
def scratch(*, postgres: bool) -> Iterator[Path]:
    """Django on an empty, migrated database. On PostgreSQL it is a database of its own on the
    server of DATABASE_URL, dropped in the end.
    """
    folder = Path(tempfile.mkdtemp(prefix="talentwork-bench-"))
    try:
        os.environ.update(_environment(folder, postgres=postgres))
        django.setup()
        with _database(postgres=postgres):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(*, postgres: bool) -> Iterator[None]:
    from django.core.management import call_command  # noqa: PLC0415 -- Django is set up by now
    from django.db import connection  # noqa: PLC0415

    if not postgres:
        call_command("migrate", verbosity=0, interactive=False)
        yield
        return
    old = connection.settings_dict["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    parts = urlsplit(os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))  # of the workers
    try:
        yield
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
