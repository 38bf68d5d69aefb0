#!/usr/bin/env bash
# make test: rules on SQLite, the same on a throw-away PostgreSQL, then the pages in a browser.
. "$(dirname "$0")/lib.sh"

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

# --- A PostgreSQL of our own, without durability, on a socket in a temporary folder -------------

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

stop_postgres() {
    [ -n "${pg_folder:-}" ] || return 0
    as_postgres "$(postgres_bin)/pg_ctl" -D "$pg_folder/data" stop -m immediate >/dev/null 2>&1 || true
    rm -rf "$pg_folder"
    pg_folder=
}
trap stop_postgres EXIT
trap 'exit 130' INT TERM

start_postgres() {
    local bin port
    bin=$(postgres_bin)
    port=$((20000 + RANDOM % 20000))
    pg_folder=$(mktemp -d /tmp/talentwork-pg.XXXXXX)
    [ "$(id -u)" != 0 ] || chown postgres "$pg_folder"
    as_postgres "$bin/initdb" -D "$pg_folder/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 &&
        as_postgres "$bin/pg_ctl" -D "$pg_folder/data" -l "$pg_folder/log" -w start -o "-p $port \
            -k $pg_folder -c listen_addresses= -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c max_connections=60" &&
        postgres_url="postgres://postgres@/postgres?host=$pg_folder&port=$port"
}

suite "SQLite" -n 2 --ignore=tests/e2e "$@"

pg_log=$(mktemp)
if start_postgres >"$pg_log" 2>&1 </dev/null; then
    export DATABASE_URL=$postgres_url
    suite "PostgreSQL" -n 2 --ignore=tests/e2e "$@"
    unset DATABASE_URL
    stop_postgres
else
    cat "$pg_log" >&2
    status=1
    results+=("PostgreSQL：未能启动")
fi
rm -f "$pg_log"

suite "浏览器" -p no:xdist tests/e2e

say ""
printf '%s\n' "${results[@]}"
exit $status
