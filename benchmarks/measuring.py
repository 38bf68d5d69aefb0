"""Time, statements, sizes and memory of one thing."""

from __future__ import annotations

import ctypes
import gc
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
    """One page: median time, statements and size of its HTML. ``busy`` is the time the process
    worked, which a busy machine does not lengthen.
    """

    ms: float
    busy: float
    queries: int
    kilobytes: float

    @property
    def worked(self) -> float:
        """As of ``Span.worked``, in milliseconds."""
        return self.busy if connection.vendor == "sqlite" else self.ms

    def __str__(self) -> str:
        times = f"{self.ms:.0f} ms（CPU {self.busy:.0f}）"
        return f"{times}，{self.queries} SQL，{self.kilobytes:.0f} KB"


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def page(
    client: Client, url: str, *, times: int = 9, before: Callable[[], object] = lambda: None
) -> Page:
    """Open a page some times after a first one that fills the caches; ``before`` is done ahead of
    each and not measured.
    """
    first = client.get(url)
    if first.status_code != 200:
        raise NotMeasured(f"{url.partition('?')[0]} 答复 {first.status_code}")
    taken, busy = [], []
    for _ in range(times):
        before()
        started, worked = time.perf_counter(), time.process_time()
        content = body(client.get(url))
        taken.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
    before()
    with CaptureQueriesContext(connection) as captured:
        body(client.get(url))
    ms, busy_ms = statistics.median(taken) * 1000, statistics.median(busy) * 1000
    return Page(ms, busy_ms, len(captured), len(content) / 1024)


@dataclass(slots=True)
class Span:
    """Seconds, those of them that the process worked, statements and peak memory of a block."""

    seconds: float = 0.0
    busy: float = 0.0
    queries: int = 0
    megabytes: float = 0.0
    before: float = 0.0  # memory at the start

    @property
    def worked(self) -> float:
        """Seconds to compare with: a database in the same process is in the CPU time."""
        return self.busy if connection.vendor == "sqlite" else self.seconds

    @property
    def memory(self) -> str:
        return f"{self.megabytes:.0f} MB（开始时 {self.before:.0f}）"

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s（CPU {self.busy:.2f}），{self.queries} SQL"

    def rate(self, rows: int) -> str:
        rates = f"{rows / self.seconds:,.0f} 行/秒（按 CPU {rows / self.busy:,.0f}）"
        return f"{rates}，{self.queries} SQL"


@contextmanager
def span() -> Iterator[Span]:
    """Measure a block; the statements are counted, not kept."""
    found = Span()

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        found.queries += 1
        return execute(*args)

    _forget_peak()
    found.before = peak_memory()
    started, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        yield found
    found.seconds = time.perf_counter() - started
    found.busy = time.process_time() - worked
    found.megabytes = peak_memory()


def _forget_peak() -> None:
    """Give back what earlier steps no longer hold, and let the kernel measure the peak anew, where
    it can.
    """
    gc.collect()
    with suppress(AttributeError):  # a C library of another kind
        ctypes.CDLL(None).malloc_trim(0)
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
