"""gunicorn for `make run` and for deployments: PORT, BIND and WEB_WORKERS change it."""

import gc
import os

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = 4
worker_class = "gthread"
preload_app = True  # the workers share the memory of the code
timeout = 120  # a report of a whole year
loglevel = "warning"


def pre_fork(server, worker):
    """Keep what is loaded by now out of garbage collection, which would copy it to each worker."""
    gc.collect()
    gc.freeze()


def when_ready(server):
    """Tell the person at the console where to go."""
    address = bind if bind.startswith("unix:") else f"http://{bind}/"
    print(f"\n人才工作台已启动：{address}    （按 Ctrl+C 停止）\n", flush=True)
