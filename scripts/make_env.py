"""Write a `.env` with random secrets for the local demo; an existing one is left alone."""

import base64
import os
import secrets
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / ".env"


def random_key(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode()


def main() -> None:
    lines = [
        "# 本机演示配置，由 make run 自动生成；全部配置项见 .env.example",
        f"SECRET_KEY={secrets.token_urlsafe(60)}",
        "ALLOWED_HOSTS=127.0.0.1,localhost",
        "HTTP_ONLY=1",
        "# 下面两把密钥加密证件号码等字段，丢失后数据无法恢复，请另行备份",
        f"FIELD_KEYS=k1:{random_key(16)}",
        f"DIGEST_KEY={random_key(32)}",
    ]
    try:
        handle = os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
