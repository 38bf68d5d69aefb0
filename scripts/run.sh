#!/usr/bin/env bash
# make run: from a fresh clone to the sign-in page; the second time only what has changed.
. "$(dirname "$0")/lib.sh"

need_packages constraints.txt
need_pango
mkdir -p var/media
"$PY" scripts/make_env.py

if ! "$PY" -c "import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('127.0.0.1', ${PORT:=8000}))" 2>/dev/null; then
    die "端口 $PORT 已被占用，请换一个，例如：make run PORT=$((PORT + 1))"
fi

if ! "$PY" scripts/prepared.py; then
    rm -f var/.prepared
    step "更新数据库结构" "$PY" manage.py migrate --noinput
    demo=(--demo)
    [ "${DEMO:-1}" != 0 ] || demo=()
    say "· 载入代码表、角色、指标与提纲${demo:+，空库时载入演示区数据}"
    "$PY" manage.py setup_district "${demo[@]}" || die "基础数据未能载入，原因见上。"
    step "汇集静态文件" "$PY" manage.py collectstatic --noinput
    "$PY" scripts/prepared.py mark
fi

exec "$PY" -m gunicorn --config scripts/gunicorn.conf.py talentwork.wsgi
