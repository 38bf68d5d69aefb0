"""Settings of the tests: fixed keys, fast hasher, temporary files, no `.env`.

DATABASE_URL is respected, so the same suite runs on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="talentwork-test-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
(SCRATCH / "static").mkdir()  # WhiteNoise warns of a missing folder

os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ.update(
    SECRET_KEY="only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    DEBUG="0",
    HTTP_ONLY="0",
    CSRF_TRUSTED_ORIGINS="",
    PROXY_COUNT="0",
    FIELD_KEYS="test2:AAECAwQFBgcICQoLDA0ODw==,test1:Dw4NDAsKCQgHBgUEAwIBAA==",
    DIGEST_KEY="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    MEDIA_ROOT=str(SCRATCH / "media"),
    STATIC_ROOT=str(SCRATCH / "static"),
    LOG_LEVEL="ERROR",
)

from talentwork.settings import *  # noqa: E402, F403
from talentwork.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A real file, because threads, WAL and waiting for a lock are part of what is tested.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )

# The test client and the live server speak HTTP; tests/test_settings.py looks at the strict values.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
