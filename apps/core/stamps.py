"""Stamps that all worker processes share: what one of them changes the others see at once.

A stamp is a small file beside the uploads, which every process of an installation has in common, on
one machine or on several. To look at one costs no query and next to no time.
"""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / ".stamps" / name


def read(name: str) -> str:
    """The stamp as it is now; empty as long as nobody has set it."""
    try:
        found = _path(name).stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns}.{found.st_ino}"


def renew(name: str) -> None:
    """Set a new stamp, now and once more when the transaction has come to stay."""
    _write(name)
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: _write(name))


def _write(name: str) -> None:
    """A file of its own is put in place, so that neither its number nor its time is the old one."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{name}.{secrets.token_hex(6)}")
    fresh.write_text(fresh.name, encoding="ascii")
    fresh.replace(path)
