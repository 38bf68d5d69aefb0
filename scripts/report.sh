#!/usr/bin/env bash
# make report YEAR=2022: the annual report as Word and PDF in var/reports.
. "$(dirname "$0")/lib.sh"

[[ ${YEAR:-} =~ ^[0-9]{4}$ ]] || die "请写明年份，例如：make report YEAR=2022"
[ -f .env ] || [ -n "${SECRET_KEY:-}" ] || die "尚未安装，请先运行：make run"
need_packages constraints.txt
need_pango
mkdir -p var/reports
exec "$PY" manage.py build_report --year "$YEAR"
