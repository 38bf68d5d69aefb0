#!/usr/bin/env bash
# make bench: the figures of docs/benchmarks.md, measured on this machine. --postgres measures on
# the server of DATABASE_URL, or on a throw-away one where none is named.
. "$(dirname "$0")/lib.sh"
. scripts/postgres.sh

need_packages constraints-dev.txt
need_pango
if [[ " $* " = *" --postgres "* ]] && [[ ${DATABASE_URL:-} != postgres* ]]; then
    [ -n "$(postgres_bin)" ] || system_packages postgresql
    trap stop_postgres EXIT
    trap 'exit 130' INT TERM
    start_postgres >/dev/null </dev/null || die "PostgreSQL 未能启动。"
    export DATABASE_URL=$postgres_url
fi
"$PY" -m benchmarks "$@"
