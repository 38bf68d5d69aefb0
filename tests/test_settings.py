"""Settings come from the environment; a bad one stops the start with a Chinese sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(
    r"""read\.(?:text|flag|integer|choice|items|secret_key|hosts|origins|field_keys|digest_key"""
    r"""|directory|file|database)\(\s*"([A-Z_]+)"(?:[^()]*?default=([\w]+|"[^"]*"))?"""
)
PRODUCTION = {
    "SECRET_KEY": "p-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "rc.example.gov.cn",
    "DATABASE_URL": "sqlite:///:memory:",
    "FIELD_KEYS": "a:AAECAwQFBgcICQoLDA0ODw==",
    "DIGEST_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
}


def start(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run manage.py with production settings, some of them changed or left out."""
    wanted = {**PRODUCTION, **changes}
    environment = {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *(arguments or ("check",))],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONUTF8": "1",
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "talentwork.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def value_of(expression: str, **changes: str | None) -> str:
    code = f"from django.conf import settings; print({expression})"
    done = start("shell", "--no-imports", "-c", code, **changes)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_example_names_the_settings_in_their_order():
    settings = (ROOT / "talentwork" / "settings.py").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert re.findall(r"^#?([A-Z_]+)=", example, re.M) == [x[0] for x in READ.findall(settings)]


def test_example_shows_the_defaults():
    settings = (ROOT / "talentwork" / "settings.py").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^#([A-Z_]+)=(.+)$", example, re.M))
    said = {"True": "1", "False": "0"}
    defaults = {
        name: said.get(value, value.strip('"').replace("_", ""))
        for name, value in READ.findall(settings)
        if value
    }

    assert {name: shown.get(name) for name in defaults} == defaults


def test_example_leaves_required_settings_to_fill_in():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    required = re.findall(r"^([A-Z_]+)=$", example, re.M)

    for name in required:
        assert f"缺少配置项 {name}" in start(**{name: None}).stderr
    assert set(required) == set(PRODUCTION) - {"DATABASE_URL"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "配置项 SECRET_KEY 过短或过于简单"),
        ({"ALLOWED_HOSTS": "*"}, "配置项 ALLOWED_HOSTS 须写明访问域名"),
        ({"DEBUG": "maybe"}, "配置项 DEBUG 只能填 1 或 0"),
        ({"HTTP_ONLY": "1"}, "HTTP_ONLY=1 只用于本机演示"),
        ({"CSRF_TRUSTED_ORIGINS": "example.org"}, "应形如 https://域名"),
        ({"PROXY_COUNT": "-1"}, "配置项 PROXY_COUNT 应为不小于 0 的整数"),
        ({"DATABASE_URL": "mysql://x/y"}, "配置项 DATABASE_URL 只支持"),
        ({"DATABASE_URL": "postgres://u:p@host/"}, "没有写明数据库名称"),
        ({"FIELD_KEYS": "a:AAEC"}, "配置项 FIELD_KEYS 的密钥应为 16 字节"),
        ({"FIELD_KEYS": "AAECAwQFBgcICQoLDA0ODw=="}, "配置项 FIELD_KEYS 应形如“编号:密钥”"),
        ({"FIELD_KEYS": ","}, "配置项 FIELD_KEYS 至少要有一把密钥"),
        ({"DIGEST_KEY": "not base64!"}, "配置项 DIGEST_KEY 的密钥应为 32 字节"),
        ({"REPORT_FONT_BODY": "no/such.ttf"}, "指向的文件不存在：no/such.ttf"),
        ({"UPLOAD_MAX_MB": "0"}, "配置项 UPLOAD_MAX_MB 应为不小于 1 的整数"),
        ({"LOG_LEVEL": "LOUD"}, "配置项 LOG_LEVEL 只能是"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_bad_setting_stops_the_start_with_a_chinese_sentence(changes, sentence):
    done = start(**changes)

    assert done.returncode == 1
    assert done.stderr.startswith("配置有误，系统未启动：")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_production_settings_pass_the_deployment_check():
    done = start("check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_https_is_enforced_unless_the_local_demo_says_otherwise():
    expression = (
        "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, "
        "settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS"
    )

    assert value_of(expression) == "True True True 31536000"
    assert (
        value_of(expression, HTTP_ONLY="1", ALLOWED_HOSTS="127.0.0.1,localhost")
        == "False False False 0"
    )


def test_relative_sqlite_path_starts_at_the_project():
    expression = "settings.DATABASES['default']['NAME']"

    assert value_of(expression, DATABASE_URL="sqlite:///var/x.sqlite3") == str(
        ROOT / "var" / "x.sqlite3"
    )
    assert value_of(expression, DATABASE_URL="sqlite:////srv/x.sqlite3") == "/srv/x.sqlite3"


def test_postgresql_address_may_name_a_socket_folder():
    expression = (
        "settings.DATABASES['default']['ENGINE'], settings.DATABASES['default']['NAME'], "
        "settings.DATABASES['default']['OPTIONS']['host']"
    )

    assert (
        value_of(expression, DATABASE_URL="postgres://clerk@/talent?host=/run/postgresql")
        == "django.db.backends.postgresql talent /run/postgresql"
    )


def test_log_level_holds_for_the_records_of_django_too():
    code = "from logging import getLogger as g; print(*[g(n).getEffectiveLevel() for n in LOGS])"
    done = start(
        "shell", "--no-imports", "-c", f"LOGS = ['', 'django', 'django.server']\n{code}",
        LOG_LEVEL="ERROR",
    )  # fmt: skip

    assert done.stdout.split() == ["40", "40", "40"]
