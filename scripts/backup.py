"""Back up and restore the database and the uploads.

    python -m scripts.backup create [--folder var/backups] [--keep 30]
    python -m scripts.backup restore ARCHIVE [--replace]

An archive holds the database, the uploads and a list of checksums, but no keys: keep `.env`, or
at least FIELD_KEYS and DIGEST_KEY, in another place. Restore while the service is stopped.
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

NAME = "talentwork-{:%Y%m%d-%H%M%S-%f}.tar.gz"
MANIFEST = "manifest.json"

# With its usual owner, or the next dump would hold the schema itself.
EMPTY_SCHEMA = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class BackupError(Exception):
    """What went wrong, in Chinese."""


# --- Databases ----------------------------------------------------------------------------------


class Sqlite:
    file_name = "database.sqlite3"

    def __init__(self, config: dict[str, Any]) -> None:
        self.path = Path(config["NAME"])

    def dump(self, target: Path) -> None:
        """A consistent copy, while others go on writing."""
        if not self.path.is_file():
            raise BackupError(f"数据库文件不存在：{self.path}")
        with (
            closing(sqlite3.connect(self.path, timeout=30)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            self.check(copy)

    def check(self, connection: sqlite3.Connection) -> None:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise BackupError(f"数据库文件已损坏：{verdict}")

    def is_empty(self) -> bool:
        return not self.path.exists() or not self.path.stat().st_size

    def load(self, source: Path) -> None:
        """Write into a new file beside the database and put it in place in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        arriving = self.path.with_name(f"{self.path.name}.arriving")
        shutil.copyfile(source, arriving)
        with closing(sqlite3.connect(arriving)) as connection:
            self.check(connection)
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        arriving.replace(self.path)


class Postgresql:
    file_name = "database.dump"

    def __init__(self, config: dict[str, Any]) -> None:
        options = config.get("OPTIONS", {})
        wanted = {
            "PGHOST": config.get("HOST") or options.get("host"),
            "PGPORT": config.get("PORT") or options.get("port"),
            "PGUSER": config.get("USER") or options.get("user"),
            "PGPASSWORD": config.get("PASSWORD") or options.get("password"),
            "PGDATABASE": config["NAME"],
            "PGSSLMODE": options.get("sslmode"),
        }
        given = {name: str(value) for name, value in wanted.items() if value}
        self.name = config["NAME"]
        self.environment = {**os.environ, **given}

    def run(self, *command: str) -> str:
        try:
            done = subprocess.run(
                command, env=self.environment, check=True, capture_output=True, text=True
            )
        except FileNotFoundError as error:
            raise BackupError(
                f"缺少程序 {command[0]}，请先运行：sudo apt-get install -y postgresql-client"
            ) from error
        except subprocess.CalledProcessError as error:
            raise BackupError(f"{command[0]} 未完成：{error.stderr.strip()}") from error
        return done.stdout

    def dump(self, target: Path) -> None:
        self.run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}")

    def is_empty(self) -> bool:
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        return self.run("psql", "-XAtc", query).strip() == "0"

    def load(self, source: Path) -> None:
        """In one transaction: a failure leaves what there was."""
        script = source.with_suffix(".sql")
        self.run("pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(source))
        self.run(
            *("psql", "-X", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"),
            f"--command={EMPTY_SCHEMA}",
            f"--file={script}",
        )


def database() -> Sqlite | Postgresql:
    config = settings.DATABASES["default"]
    return Sqlite(config) if config["ENGINE"].endswith("sqlite3") else Postgresql(config)


# --- Archives -----------------------------------------------------------------------------------


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    files = (x for x in folder.rglob("*") if x.is_file() and x.name != MANIFEST)
    return {x.relative_to(folder).as_posix(): digest(x) for x in files}


def create(folder: Path, keep: int) -> Path:
    """Write an archive, read it again, and drop the oldest beyond the number to keep."""
    now = datetime.now(tz=timezone.get_default_timezone())
    folder.mkdir(parents=True, exist_ok=True)
    media = Path(settings.MEDIA_ROOT)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        content = Path(scratch) / "content"
        content.mkdir()
        # The database first: every upload it names is there when the uploads are copied.
        source = database()
        source.dump(content / source.file_name)
        if media.is_dir():
            shutil.copytree(media, content / "media")
        manifest = {"created_at": now.isoformat(), "files": digests(content)}
        (content / MANIFEST).write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        written = Path(scratch) / "archive"
        with tarfile.open(written, "w:gz", compresslevel=6) as archive:
            archive.add(content, arcname="")
        written.chmod(0o600)
        unpack(written, Path(scratch) / "again")
        target = folder / NAME.format(now)
        written.replace(target)
    for old in sorted(folder.glob("talentwork-*.tar.gz"))[:-keep]:
        old.unlink()
    return target


def unpack(archive: Path, target: Path) -> None:
    """Unpack and compare every file with its checksum."""
    try:
        with tarfile.open(archive) as file:
            file.extractall(target, filter="data")
        listed = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupError(f"备份文件不存在或已损坏：{archive}") from error
    if listed != digests(target):
        raise BackupError(f"备份文件的内容与校验值不符：{archive}")


def restore(archive: Path, *, replace: bool) -> None:
    """Put database and uploads back; what was there is backed up first."""
    media, target = Path(settings.MEDIA_ROOT), database()
    if not replace and (not target.is_empty() or (media.is_dir() and any(media.iterdir()))):
        raise BackupError("现有数据库或附件目录不是空的；确认要覆盖请加 --replace。")
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch) / "content"
        unpack(archive, content)
        source = content / target.file_name
        if not source.is_file():
            raise BackupError("备份所用的数据库类型与当前配置不同，请检查 DATABASE_URL。")
        if not target.is_empty():
            say(f"· 现有数据先行备份：{create(archive.resolve().parent, keep=10_000)}")
        target.load(source)
        media.parent.mkdir(parents=True, exist_ok=True)
        if media.is_dir():
            shutil.rmtree(media)
        if (content / "media").is_dir():
            shutil.copytree(content / "media", media)
        else:
            media.mkdir()


# --- Command line -------------------------------------------------------------------------------


def say(line: str) -> None:
    print(line, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.backup")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("create", help="备份")
    making.add_argument("--folder", type=Path, default=Path("var/backups"))
    making.add_argument("--keep", type=int, default=30, help="保留份数")
    restoring = commands.add_parser("restore", help="恢复")
    restoring.add_argument("archive", type=Path)
    restoring.add_argument("--replace", action="store_true", help="覆盖现有数据")
    return parser.parse_args()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentwork.settings")
    chosen = arguments()
    try:
        if chosen.command == "create":
            say(f"已备份：{create(chosen.folder, max(1, chosen.keep))}")
        else:
            restore(chosen.archive, replace=chosen.replace)
            say("已恢复。请运行 manage.py migrate，再启动服务。")
    except (BackupError, ImproperlyConfigured) as error:
        sys.exit(f"错误：{error}")


if __name__ == "__main__":
    main()
