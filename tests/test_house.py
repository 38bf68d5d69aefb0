"""The house: start scripts, proxies, headers, formats and layers."""

import base64
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from talentwork.proxies import client_address_middleware

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LANG": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of(folder: Path, *names: str) -> Path:
    """A project folder that holds only some of our scripts."""
    (folder / "scripts").mkdir()
    for name in names:
        shutil.copy(SCRIPTS / name, folder / "scripts" / name)
    return folder


# --- Requests -----------------------------------------------------------------------------------


def address_behind(forwarded: str | None) -> str:
    seen = []

    def view(request):
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    client_address_middleware(view)(RequestFactory().get("/", headers=headers))
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "10.1.2.3", "10.1.2.3"),
        (1, "6.6.6.6, 10.1.2.3", "10.1.2.3"),
        (2, "6.6.6.6, 10.1.2.3, 10.0.0.1", "10.1.2.3"),
        (2, "10.1.2.3", "127.0.0.1"),
        (1, None, "127.0.0.1"),
    ],
)
def test_client_address_is_the_one_our_proxy_saw(proxies, forwarded, address, settings):
    settings.PROXY_COUNT = proxies

    assert address_behind(forwarded) == address


def test_pages_carry_the_content_security_policy(client, db):
    response = client.get("/admin/login/")

    policy = dict(
        part.strip().split(" ", 1)
        for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_dates_are_written_as_offices_write_them():
    day = Template("{{ day }}").render(Context({"day": date(2025, 3, 9)}))

    assert day == "2025-03-09"


# --- Layers -------------------------------------------------------------------------------------


def test_every_app_is_installed_and_stands_in_the_layers():
    folders = {f"apps.{x.parent.name}" for x in ROOT.glob("apps/*/apps.py")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {f"apps.{x}" for x in re.findall(r"(?<!\()\b\w+\b(?!\))", " ".join(layers))}

    assert set(settings.LOCAL_APPS) == folders == named


def test_pins_agree_with_each_other():
    def pins(name: str) -> set[str]:
        return set((ROOT / name).read_text(encoding="utf-8").split("\n"))

    assert pins("constraints.txt") <= pins("constraints-dev.txt")


def test_pins_name_no_address():
    for name in ("constraints.txt", "constraints-dev.txt"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


# --- Documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
def test_documents_name_only_what_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    scripts = re.findall(r"scripts/[a-z_.]+\.(?:sh|py)", text)
    here = (ROOT / page).parent

    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.M)) <= targets
    assert [x for x in links if not (here / x).exists()] == []
    assert [x for x in scripts if not (ROOT / x).is_file()] == []


# --- Start scripts ------------------------------------------------------------------------------


def test_make_env_writes_random_secrets_for_its_owner_only(tmp_path):
    project = copy_of(tmp_path, "make_env.py")

    run(sys.executable, "scripts/make_env.py", cwd=project)

    text = (project / ".env").read_text(encoding="utf-8")
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.M))
    assert (project / ".env").stat().st_mode & 0o777 == 0o600
    assert values["HTTP_ONLY"] == "1"
    assert len(values["SECRET_KEY"]) >= 50
    assert len(base64.b64decode(values["FIELD_KEYS"].removeprefix("k1:"))) == 16
    assert len(base64.b64decode(values["DIGEST_KEY"])) == 32


def test_make_env_leaves_an_existing_file_alone(tmp_path):
    project = copy_of(tmp_path, "make_env.py")
    (project / ".env").write_text("SECRET_KEY=mine\n", encoding="utf-8")

    done = run(sys.executable, "scripts/make_env.py", cwd=project)

    assert done.returncode == 0
    assert (project / ".env").read_text(encoding="utf-8") == "SECRET_KEY=mine\n"


@pytest.fixture
def prepared(tmp_path):
    """A project that `make run` has just prepared, and the question whether it still is."""
    project = copy_of(tmp_path, "prepared.py")
    migrations = project / "apps" / "core" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_initial.py").touch()
    (project / "var" / "static").mkdir(parents=True)
    (project / "var" / "static" / "staticfiles.json").touch()
    with closing(sqlite3.connect(project / "var" / "db.sqlite3")) as connection, connection:
        connection.execute("CREATE TABLE django_migrations (app, name)")
        connection.execute("INSERT INTO django_migrations VALUES ('core', '0001_initial')")

    def ask(*arguments: str, **environment: str) -> bool:
        command = (sys.executable, "scripts/prepared.py", *arguments)
        return run(*command, cwd=project, **environment).returncode == 0

    ask("mark")
    return project, ask


def test_second_start_skips_the_preparing_steps(prepared):
    _project, ask = prepared

    assert ask()


@pytest.mark.parametrize(
    "path", ["apps/core/models.py", "fixtures/codes.csv", "static/css/app.css", ".env"]
)
def test_changed_file_asks_for_the_preparing_steps(prepared, path):
    project, ask = prepared
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("changed", encoding="utf-8")

    assert not ask()


def test_restored_older_database_asks_for_the_preparing_steps(prepared):
    project, ask = prepared
    with closing(sqlite3.connect(project / "var" / "db.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM django_migrations")

    assert not ask()


def test_missing_database_asks_for_the_preparing_steps(prepared):
    project, ask = prepared
    (project / "var" / "db.sqlite3").unlink()

    assert not ask()


def test_postgresql_always_runs_the_preparing_steps(prepared):
    _project, ask = prepared

    assert not ask(DATABASE_URL="postgres://localhost/talent")


def shell_without(tmp_path: Path, *present: str) -> Path:
    """A folder of programs that lacks apt-get and sudo, but for those named."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "id", "mktemp", "cat", "rm", "tail"):
        (programs / name).symlink_to(shutil.which(name))
    for name in present:
        (programs / name).write_text("#!/bin/bash\nexit 1\n")
        (programs / name).chmod(0o755)
    return programs


def test_missing_packages_without_apt_end_with_the_command(tmp_path):
    programs = shell_without(tmp_path)
    script = f". {SCRIPTS / 'lib.sh'}; system_packages libpango-1.0-0 libpangoft2-1.0-0"

    done = run("bash", "-c", script, cwd=ROOT, PATH=str(programs))

    assert done.returncode == 1
    assert "本机没有 apt" in done.stderr
    command = "sudo apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0"
    assert command in done.stderr


def test_missing_packages_without_rights_end_with_the_command(tmp_path):
    programs = shell_without(tmp_path, "apt-get")
    (programs / "id").unlink()
    (programs / "id").write_text("#!/bin/bash\necho 1000\n")
    (programs / "id").chmod(0o755)
    script = f". {SCRIPTS / 'lib.sh'}; system_packages chromium"

    done = run("bash", "-c", script, cwd=ROOT, PATH=str(programs))

    assert done.returncode == 1
    assert (
        "请先运行：sudo apt-get update && "
        "sudo apt-get install -y --no-install-recommends chromium" in done.stderr
    )


def test_report_without_a_year_says_how():
    done = run("scripts/report.sh", cwd=ROOT)

    assert (done.returncode, done.stderr) == (1, "错误：请写明年份，例如：make report YEAR=2022\n")
