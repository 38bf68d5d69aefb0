#!/usr/bin/env bash
# make test: rules on SQLite, the same on a throw-away PostgreSQL, then the pages in a browser.
. "$(dirname "$0")/lib.sh"
. scripts/postgres.sh

need_packages constraints-dev.txt
need_pango
need_test_programs

unset DATABASE_URL DJANGO_SETTINGS_MODULE
results=()
status=0

# suite "name" pytest-arguments...
suite() {
    local name=$1 started=$SECONDS verdict=通过
    shift
    say ""
    say "=== $name ==="
    "$PY" -m pytest "$@" || { verdict=未通过 && status=1; }
    results+=("$name：$verdict（$((SECONDS - started)) 秒）")
}

trap stop_postgres EXIT
trap 'exit 130' INT TERM

suite "SQLite" -n 2 --dist worksteal --ignore=tests/e2e "$@"

pg_log=$(mktemp)
if start_postgres "${NOT_DURABLE[@]}" >"$pg_log" 2>&1 </dev/null; then
    export DATABASE_URL=$postgres_url
    suite "PostgreSQL" -n 2 --dist worksteal --ignore=tests/e2e "$@"
    unset DATABASE_URL
    stop_postgres
else
    cat "$pg_log" >&2
    status=1
    results+=("PostgreSQL：未能启动")
fi
rm -f "$pg_log"

# A file stays with one of two browsers, each with a product of its own.
suite "浏览器" -n 2 --dist loadfile tests/e2e

say ""
printf '%s\n' "${results[@]}"
exit $status
