"""The memory of the product as it is served: gunicorn with two workers, after some browsing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

from django.test import Client

from benchmarks.measuring import NotMeasured
from benchmarks.pages import PAGES_SEEN, address
from benchmarks.table import Row

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 10
PATIENCE = 30


def memory_row(client: Client) -> Row:
    """What the master and its workers hold together, shared pages counted once."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--config", "scripts/gunicorn.conf.py"]
    server = subprocess.Popen(
        [*command, "talentwork.wsgi"], cwd=ROOT, stdout=subprocess.DEVNULL,
        env={
            **os.environ, "PORT": str(port), "WEB_WORKERS": "2",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",  # without the peer
        },
    )  # fmt: skip
    try:
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        _wait(port)
        for _ in range(ROUNDS):
            for params in PAGES_SEEN:
                _get(port, address("list", **params), cookie)
            _get(port, "/", cookie)
        memory = f"{_together(server.pid):.0f} MB"
        return Row("浏览后内存（两个工作进程）", memory, "≤ 250 MB", "630–900 MB")
    finally:
        server.terminate()
        server.wait()


def _get(port: int, path: str, cookie: str = "") -> int:
    with closing(HTTPConnection("localhost", port, timeout=PATIENCE)) as talk:
        talk.request("GET", path, headers={"Cookie": cookie})
        answer = talk.getresponse()
        answer.read()
        return answer.status


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError):
            _get(port, "/accounts/login/")
            return
        time.sleep(0.1)
    raise NotMeasured("服务没有启动")


def _together(master: int) -> float:
    """Proportional memory of a process and its children in MB."""
    children = Path(f"/proc/{master}/task/{master}/children")
    try:
        numbers = [master, *map(int, children.read_text().split())]
        lines = [
            line
            for number in numbers
            for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        ]
    except OSError:
        raise NotMeasured("本系统不提供进程内存数据") from None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
