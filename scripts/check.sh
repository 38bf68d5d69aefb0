#!/usr/bin/env bash
# make check: every static check; make format writes what it can.
. "$(dirname "$0")/lib.sh"

need_packages constraints-dev.txt
need_pango
export PATH=$PWD/$VENV/bin:$PATH

if [ "${1:-}" = format ]; then
    ruff check --fix . || true
    ruff format .
    djangofmt --line-length 100 --indent-width 2 templates apps || true
    exit
fi

failed=()
check() {
    local name=$1
    shift
    say "=== $name ==="
    "$@" || failed+=("$name")
}

# What a production machine would have, with secrets of this moment.
production() {
    env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE ENV_FILE=/dev/null ALLOWED_HOSTS=talent.example \
        DATABASE_URL=sqlite:///:memory: \
        SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
        FIELD_KEYS="k1:$(head -c 16 /dev/urandom | base64)" \
        DIGEST_KEY="$(head -c 32 /dev/urandom | base64)" \
        python manage.py "$@"
}

check_templates() {
    # djangofmt fails when it is given nothing to do.
    find templates apps -name '*.html' -print -quit | grep -q . || return 0
    djangofmt --line-length 100 --indent-width 2 --check templates apps
}

check "ruff check" ruff check --output-format concise .
check "ruff format" ruff format --check --output-format concise .
check "djangofmt" check_templates
check "mypy" mypy
check "lint-imports" lint-imports --no-logo
check "manage.py check --deploy" production check --deploy --fail-level WARNING
check "makemigrations --check" production makemigrations --check --dry-run
[ ! -f apps/metrics/management/commands/check_metrics.py ] ||
    check "check_metrics" production check_metrics

say ""
if [ ${#failed[@]} -gt 0 ]; then
    printf '未通过：%s\n' "${failed[@]}" >&2
    exit 1
fi
say "检查全部通过"
