"""Uploaded files on disk: encrypted, under random names, outside the web root."""

from __future__ import annotations

import secrets

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from apps.core import crypto


def put(place: FieldFile, data: bytes) -> None:
    """Write a file into a column of an unsaved row; nothing is kept in clear."""
    token = ContentFile(crypto.encrypt_bytes(data))
    place.save(f"{secrets.token_hex(16)}.bin", token, save=False)


def take(place: FieldFile) -> bytes:
    """The file in clear. OSError: it is not there; ValueError: changed, or its key is missing."""
    with place.open("rb") as stream:
        return crypto.decrypt_bytes(stream.read())
