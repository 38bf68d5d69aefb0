"""Time, statements, sizes and memory of one thing."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

STATUS = Path("/proc/self/status")
REFS = Path("/proc/self/clear_refs")


class NotMeasured(Exception):
    """What is to be measured is not there; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: median time, statements and size of its HTML."""

    ms: float
    queries: int
    kilobytes: float

    def __str__(self) -> str:
        return f"{self.ms:.0f} ms，{self.queries} SQL，{self.kilobytes:.0f} KB"


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def page(client: Client, url: str, *, times: int = 9) -> Page:
    """Open a page some times after a first one that fills the caches."""
    first = client.get(url)
    if first.status_code != 200:
        raise NotMeasured(f"{url.partition('?')[0]} 答复 {first.status_code}")
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        content = body(client.get(url))
        taken.append(time.perf_counter() - started)
    with CaptureQueriesContext(connection) as captured:
        body(client.get(url))
    return Page(statistics.median(taken) * 1000, len(captured), len(content) / 1024)


@dataclass(slots=True)
class Span:
    """Seconds, statements and peak memory of a block of code."""

    seconds: float = 0.0
    queries: int = 0
    megabytes: float = 0.0


@contextmanager
def span() -> Iterator[Span]:
    """Measure a block; the statements are counted, not kept."""
    found = Span()

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        found.queries += 1
        return execute(*args)

    _forget_peak()
    started = time.perf_counter()
    with connection.execute_wrapper(count):
        yield found
    found.seconds = time.perf_counter() - started
    found.megabytes = peak_memory()


def _forget_peak() -> None:
    """Let the kernel measure the peak anew, where it can."""
    try:
        REFS.write_text("5")
    except OSError:
        return


def peak_memory() -> float:
    """Peak memory of this process in MB, since the last span where the system can tell."""
    try:
        lines = STATUS.read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
