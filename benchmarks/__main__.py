"""Build a made-up district in a scratch database, measure it and print a table."""

import argparse
import os
import platform
import time

from benchmarks.scratch import scratch


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="性能测量")
    parser.add_argument("--people", type=int, default=10_000, help="人数，默认 10000")
    parser.add_argument(
        "--postgres", action="store_true", help="用 DATABASE_URL 所指的 PostgreSQL（另建临时库）"
    )
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    started = time.perf_counter()
    with scratch(postgres=chosen.postgres) as folder:
        from benchmarks.running import Run  # noqa: PLC0415 -- Django is set up by now
        from benchmarks.table import show  # noqa: PLC0415

        rows = list(Run(folder, chosen.people).rows())
    engine = "PostgreSQL" if chosen.postgres else "SQLite"
    print(f"\n{chosen.people:,} 人，{engine}，Python {platform.python_version()}\n")
    print(show(rows))
    seconds, load = time.perf_counter() - started, os.getloadavg()[0]
    print(f"\n共用时 {seconds:.0f} 秒，系统负载 {load:.1f}。", end="")
    print("时间随机器和负载而异，应比较倍数和 SQL 条数；CPU 为本进程实际占用的时间。")


if __name__ == "__main__":
    main()
