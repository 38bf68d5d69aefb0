#!/usr/bin/env bash
# make bench: the figures of docs/architecture.md, measured on this machine.
. "$(dirname "$0")/lib.sh"

need_packages constraints-dev.txt
need_pango
exec "$PY" -m benchmarks "$@"
