"""Encryption and keyed digests of protected fields (GB/T 32907 SM4 in GCM mode, GB/T 32905 SM3)."""

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

ALGORITHM = "sm4-gcm"
_NONCE = 12
_TAG = 16


def encrypt_bytes(plain: bytes) -> bytes:
    """Ciphertext under the newest key: ``algorithm$key id$`` then nonce, data and tag."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    data = encryptor.update(plain) + encryptor.finalize()
    return f"{ALGORITHM}${key_id}$".encode() + nonce + data + encryptor.tag


def decrypt_bytes(token: bytes) -> bytes:
    """Plain bytes of a token; ValueError for an unknown algorithm or key, or a changed token."""
    algorithm, key_id, body = token.split(b"$", 2)
    if algorithm.decode() != ALGORITHM or key_id.decode() not in settings.FIELD_KEYS:
        raise ValueError(f"unknown algorithm or key: {algorithm!r} {key_id!r}")
    nonce, data, tag = body[:_NONCE], body[_NONCE:-_TAG], body[-_TAG:]
    key = settings.FIELD_KEYS[key_id.decode()]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    try:
        return decryptor.update(data) + decryptor.finalize()
    except InvalidTag:
        raise ValueError("the ciphertext was changed") from None


def encrypt(plain: str) -> str:
    """Text form of ``encrypt_bytes``: algorithm, key id, base64."""
    head, key_id, body = encrypt_bytes(plain.encode()).split(b"$", 2)
    return f"{head.decode()}${key_id.decode()}${base64.b64encode(body).decode()}"


def decrypt(token: str) -> str:
    """Plain text of ``encrypt``'s result."""
    head, key_id, body = token.split("$", 2)
    return decrypt_bytes(f"{head}${key_id}$".encode() + base64.b64decode(body)).decode()


@lru_cache(maxsize=1)
def _mac(key: bytes) -> hmac.HMAC:
    """A digest that has taken in its key and nothing else."""
    return hmac.HMAC(key, hashes.SM3())


def digest(plain: str) -> str:
    """Keyed SM3 digest in hex, for exact search and uniqueness of protected values."""
    mac = _mac(settings.DIGEST_KEY).copy()
    mac.update(plain.encode())
    return mac.finalize().hex()


def fingerprint(data: bytes) -> str:
    """SM3 digest in hex of public data, for seals."""
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(data)
    return sm3.finalize().hex()
