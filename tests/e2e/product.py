"""The product as an office runs it: its own database, gunicorn, accounts from the set-up."""

import base64
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Qh4t-Wm8x-Zp6k"  # what every account changes its first password to
PATIENCE = 60
ACCOUNT = re.compile(r"^  (\S+) *\t(\S+)\t(\S+)\t(.+)$", re.MULTILINE)


@dataclass
class Account:
    """One line of what the set-up prints."""

    role: str
    username: str
    password: str
    name: str
    has_changed: bool = False


def _key(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode()


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Product:
    """An installation in a folder. ``states`` are the signed-in browsers by user name."""

    folder: Path
    database: str
    static: Path
    has_demo: bool = False
    port: int = field(default_factory=free_port)
    accounts: dict[str, Account] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def prepare(self) -> None:
        """What `make run` does on an empty machine."""
        self.folder.mkdir(parents=True)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = kept | {
            "PYTHONUTF8": "1", "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "talentwork.settings",
            "SECRET_KEY": secrets.token_urlsafe(60), "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "HTTP_ONLY": "1", "DATABASE_URL": self.database, "FIELD_KEYS": f"k1:{_key(16)}",
            "DIGEST_KEY": _key(32), "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.static), "PORT": str(self.port), "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        self.manage("migrate", "--noinput")
        printed = self.manage("setup_district", *(["--demo"] if self.has_demo else []))
        found = [Account(*line) for line in ACCOUNT.findall(printed)]
        self.accounts = {account.username: account for account in found}
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--config", "scripts/gunicorn.conf.py"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "talentwork.wsgi"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urlopen(f"{self.url}/accounts/login/", timeout=10):  # noqa: S310 -- our own
                    return
            except (URLError, OSError):
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)  # without waiting for open connections
            self.process.wait(PATIENCE)

    # -- signing in ------------------------------------------------------------------------------

    def state(self, playwright: Any, username: str) -> Any:
        """Cookies of a browser where this account is signed in; its first password is changed."""
        if username not in self.states:
            client = playwright.request.new_context(base_url=self.url)
            account = self.accounts[username]
            post(client, "/accounts/login/", username=username, password=account.password)
            if not account.has_changed:
                change_password(client, account)
            self.states[username] = client.storage_state()
            client.dispose()
        return self.states[username]

    def renew(self, username: str) -> Account:
        """The account as on its first day: with a password that must be changed."""
        printed = self.manage("reset_password", username)
        account = self.accounts[username]
        found = re.search(r"新密码：(\S+)", printed)
        assert found, printed
        account.password, account.has_changed = found[1], False
        self.states.pop(username, None)
        return account

    def client(self, playwright: Any, username: str) -> Any:
        """Plain requests of somebody who is signed in."""
        state = self.state(playwright, username)
        return playwright.request.new_context(base_url=self.url, storage_state=state)


def token_in(html: str) -> str:
    """The token that a form of ours carries."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert found, html
    return found[1]


def post(client: Any, path: str, **fields: Any) -> Any:
    """Send the form of a page, as a browser without JavaScript does."""
    form = {"csrfmiddlewaretoken": token_in(client.get(path).text()), **fields}
    return client.post(path, form=form)


def change_password(client: Any, account: Account) -> None:
    answer = post(
        client, "/accounts/password/",
        old_password=account.password, new_password1=PASSWORD, new_password2=PASSWORD,
    )  # fmt: skip
    assert not answer.url.endswith("/accounts/password/"), answer.text()
    account.password, account.has_changed = PASSWORD, True


def scratch_database(folder: Path, name: str) -> str:
    """SQLite in the folder, or a new database on the server that DATABASE_URL names."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        return f"sqlite:///{folder}/{name}.sqlite3"
    database = f"e2e_{name}_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    return urlunsplit(urlsplit(given)._replace(path=f"/{database}"))


def drop_database(url: str) -> None:
    if not url.startswith("postgres"):
        return
    database = urlsplit(url).path.strip("/")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {database} WITH (FORCE)")


def find_chromium() -> str:
    found = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    assert found, "没有找到 chromium，请安装后重试，或用环境变量 CHROMIUM 指明。"
    return found
