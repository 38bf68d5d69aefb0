"""Typed readers of environment variables; a bad value raises one Chinese sentence."""

import base64
import binascii
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
SM4_KEY_BYTES = 16
DIGEST_KEY_BYTES = 32
SECRET_KEY_CHARACTERS = 50
DATABASE_SCHEMES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}


def text(name: str, default: str | None = None) -> str:
    """A string; without a default it must be there and not be empty."""
    value: str = env.str(name, default="").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"缺少配置项 {name}，请在环境变量或 .env 文件中填写。")
    return default


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"配置项 {name} 只能填 1 或 0，现在是“{value}”。")
    return value in TRUE


def integer(name: str, *, default: int, least: int = 0) -> int:
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) < least:
        raise ImproperlyConfigured(f"配置项 {name} 应为不小于 {least} 的整数，现在是“{value}”。")
    return int(value)


def choice(name: str, options: tuple[str, ...], *, default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(
            f"配置项 {name} 只能是 {'、'.join(options)} 之一，现在是“{value}”。"
        )
    return value


def items(name: str, default: str | None = None) -> list[str]:
    """A comma separated list."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def secret_key(name: str) -> str:
    value = text(name)
    if len(value) < SECRET_KEY_CHARACTERS or len(set(value)) < 5:
        raise ImproperlyConfigured(
            f"配置项 {name} 过短或过于简单，请改用不少于 {SECRET_KEY_CHARACTERS} 个字符的随机串。"
        )
    return value


def hosts(name: str) -> list[str]:
    """Names the site answers to; a bare star would switch the protection off."""
    value = items(name)
    if not value or "*" in value:
        raise ImproperlyConfigured(f"配置项 {name} 须写明访问域名或地址，不能为空，也不能用 *。")
    return value


def origins(name: str) -> list[str]:
    value = items(name, "")
    for origin in value:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise ImproperlyConfigured(
                f"配置项 {name} 的每一项应形如 https://域名，现在有“{origin}”。"
            )
    return value


def _key(name: str, value: str, size: int) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != size:
        raise ImproperlyConfigured(f"配置项 {name} 的密钥应为 {size} 字节的 base64 编码。")
    return key


def field_keys(name: str) -> dict[str, bytes]:
    """SM4 keys by id, `id:base64` separated by commas; the first encrypts, all decrypt."""
    keys: dict[str, bytes] = {}
    for item in items(name):
        identifier, _, value = item.partition(":")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", identifier) or identifier in keys:
            raise ImproperlyConfigured(
                f"配置项 {name} 应形如“编号:密钥”，编号用字母或数字、不得重复，多把密钥用逗号分隔。"
            )
        keys[identifier] = _key(name, value, SM4_KEY_BYTES)
    if not keys:
        raise ImproperlyConfigured(f"配置项 {name} 至少要有一把密钥。")
    return keys


def digest_key(name: str) -> bytes:
    """The key of searchable digests (HMAC-SM3)."""
    return _key(name, text(name), DIGEST_KEY_BYTES)


def directory(name: str, default: Path, *, base: Path) -> Path:
    return base / text(name, str(default))


def file(name: str, *, base: Path) -> Path | None:
    """An optional file, which must exist once named."""
    value = text(name, "")
    if not value:
        return None
    path = base / value
    if not path.is_file():
        raise ImproperlyConfigured(f"配置项 {name} 指向的文件不存在：{value}")
    return path


def database(name: str, default: str, *, base: Path) -> dict[str, Any]:
    """SQLite or PostgreSQL from an address; a relative SQLite path starts at the project."""
    value = text(name, default)
    scheme = value.partition(":")[0]
    if scheme not in DATABASE_SCHEMES:
        raise ImproperlyConfigured(
            f"配置项 {name} 只支持 sqlite:///路径 或 postgres://用户:密码@主机:端口/库名。"
        )
    config: dict[str, Any] = environ.Env.db_url_config(value)
    config["ENGINE"] = DATABASE_SCHEMES[scheme]
    if not config.get("NAME"):
        raise ImproperlyConfigured(f"配置项 {name} 没有写明数据库名称或文件。")
    if scheme == "sqlite" and config["NAME"] != ":memory:":
        config["NAME"] = str(base / config["NAME"])
    return config
