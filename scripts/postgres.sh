# A PostgreSQL of our own on a socket in a temporary folder, for the tests and benchmarks. Sourced
# after lib.sh; who starts it stops it in a trap.
NOT_DURABLE=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)

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

# start_postgres options...: the server's address is in postgres_url afterwards.
start_postgres() {
    local bin port
    bin=$(postgres_bin)
    port=$((20000 + RANDOM % 20000))
    pg_folder=$(mktemp -d /tmp/talentwork-pg.XXXXXX)
    [ "$(id -u)" != 0 ] || chown postgres "$pg_folder"
    as_postgres "$bin/initdb" -D "$pg_folder/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 &&
        as_postgres "$bin/pg_ctl" -D "$pg_folder/data" -l "$pg_folder/log" -w start -o "-p $port \
            -k $pg_folder -c listen_addresses= -c max_connections=60 $*" &&
        postgres_url="postgres://postgres@/postgres?host=$pg_folder&port=$port"
}
