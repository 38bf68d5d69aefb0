"""A backup put back on an empty machine brings the same rows and files."""

import os
import sqlite3
import subprocess
import sys
import tarfile
import uuid
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


class Machine:
    """A database and a folder of uploads, reached as another process would."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address, self.media = folder, address, folder / "media"
        self.archives = folder / "backups"

    def backup(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "DATABASE_URL": self.address,
            "MEDIA_ROOT": str(self.media),
            "DJANGO_SETTINGS_MODULE": "talentwork.settings",
            "PYTHONUTF8": "1",
        }
        return subprocess.run(
            [sys.executable, "-m", "scripts.backup", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def create(self, *arguments: str) -> Path:
        done = self.backup("create", "--folder", self.archives, *arguments)
        assert done.returncode == 0, done.stderr
        return max(self.archives.glob("*.tar.gz"))

    @contextmanager
    def open(self):
        if self.address.startswith("sqlite"):
            with closing(sqlite3.connect(self.address.removeprefix("sqlite:///"))) as database:
                yield database
                database.commit()
        else:
            with psycopg.connect(self.address) as database:
                yield database

    def fill(self, name: str) -> None:
        with self.open() as database:
            database.execute("CREATE TABLE person (id integer PRIMARY KEY, name text)")
            database.execute(f"INSERT INTO person VALUES (1, '{name}')")  # noqa: S608 -- own text
        folder = self.media / "attachments" / "2026" / "03"  # where files of records lie
        folder.mkdir(parents=True)
        (folder / "证书.txt").write_text(name, encoding="utf-8")

    def rows(self) -> list[tuple[int, str]]:
        with self.open() as database:
            return [tuple(row) for row in database.execute("SELECT id, name FROM person")]

    def files(self) -> dict[str, str]:
        found = (x for x in self.media.rglob("*") if x.is_file())
        return {x.name: x.read_text(encoding="utf-8") for x in found}


@pytest.fixture
def machine(tmp_path, django_db_blocker):
    """Make machines with an empty database of the kind that the suite runs on."""
    names = []

    def make() -> Machine:
        name = f"backup_{uuid.uuid4().hex}"
        folder = tmp_path / name
        folder.mkdir()
        if ON_SQLITE:
            return Machine(folder, f"sqlite:///{folder / 'db.sqlite3'}")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        names.append(name)
        about = settings.DATABASES["default"]
        wanted = {
            "host": about["HOST"] or about.get("OPTIONS", {}).get("host"),
            "port": about["PORT"] or about.get("OPTIONS", {}).get("port"),
            "user": about["USER"],
            "password": about["PASSWORD"],
        }
        query = urlencode({key: value for key, value in wanted.items() if value})
        return Machine(folder, f"postgres:///{name}?{query}")

    yield make

    for name in names:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_backup_comes_back_on_an_empty_machine(machine):
    old, new = machine(), machine()
    old.fill("张三")

    done = new.backup("restore", old.create())

    assert done.returncode == 0, done.stderr
    assert new.rows() == [(1, "张三")]
    assert new.files() == {"证书.txt": "张三"}


def test_backup_holds_no_keys_and_is_for_its_owner_only(machine):
    old = machine()
    old.fill("张三")

    archive = old.create()

    with tarfile.open(archive) as file:
        names = {Path(x).name for x in file.getnames()} - {"", ".", "media"}
    folders = {"attachments", "2026", "03"}
    assert names - folders - {"database.sqlite3", "database.dump"} == {"manifest.json", "证书.txt"}
    assert archive.stat().st_mode & 0o777 == 0o600


def test_restore_refuses_to_overwrite_unasked(machine):
    old, busy = machine(), machine()
    old.fill("张三")
    busy.fill("李四")
    archive = old.create()

    refused = busy.backup("restore", archive)

    assert refused.returncode == 1
    assert "确认要覆盖请加 --replace" in refused.stderr
    assert busy.rows() == [(1, "李四")]


def test_replacing_restore_first_backs_up_what_was_there(machine):
    old, busy = machine(), machine()
    old.fill("张三")
    busy.fill("李四")
    with busy.open() as database:  # a table of a later version
        database.execute("CREATE TABLE later (person integer REFERENCES person (id))")
    archive = old.create()

    done = busy.backup("restore", archive, "--replace")
    assert done.returncode == 0, done.stderr
    assert (busy.rows(), busy.files()) == ([(1, "张三")], {"证书.txt": "张三"})

    before = max(old.archives.glob("*.tar.gz"))
    done = busy.backup("restore", before, "--replace")
    assert done.returncode == 0, done.stderr
    assert (busy.rows(), busy.files()) == ([(1, "李四")], {"证书.txt": "李四"})


def test_damaged_archive_changes_nothing(machine):
    old, new = machine(), machine()
    old.fill("张三")
    archive = old.create()
    archive.write_bytes(archive.read_bytes()[:-200])

    done = new.backup("restore", archive)

    assert done.returncode == 1
    assert "已损坏" in done.stderr
    assert new.files() == {}


def test_only_the_newest_backups_are_kept(machine):
    old = machine()
    old.fill("张三")

    archives = [old.create("--keep", "2") for _ in range(3)]

    assert sorted(old.archives.iterdir()) == archives[1:]
