#!/usr/bin/env bash
# make backup, make restore FILE=…: see scripts/backup.py.
. "$(dirname "$0")/lib.sh"

[ -f .env ] || [ -n "${SECRET_KEY:-}" ] || [ -n "${ENV_FILE:-}" ] || die "尚未安装，请先运行：make run"
need_packages constraints.txt
if [ "${1:-create}" = restore ]; then
    [ -n "${FILE:-}" ] || die "请写明备份文件，例如：make restore FILE=var/backups/talentwork-….tar.gz"
    rm -f var/.prepared
fi
case ${1:-create} in
create) exec "$PY" -m scripts.backup create ;;
restore) exec "$PY" -m scripts.backup restore "$FILE" ${REPLACE:+--replace} ;;
esac
