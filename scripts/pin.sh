#!/usr/bin/env bash
# Pin the dependencies of pyproject.toml: constraints.txt for running, constraints-dev.txt for all.
# Pins stay where they are unless told otherwise: scripts/pin.sh --upgrade-package django
. "$(dirname "$0")/lib.sh"

need_packages constraints-dev.txt
[ -x "$VENV/bin/uv" ] || "$PY" -m pip install --quiet "$UV_PIN"

pin() {
    "$VENV/bin/uv" pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links pyproject.toml "$@" >/dev/null
}
pin --output-file constraints.txt "$@"
pin --output-file constraints-dev.txt --group dev --constraints constraints.txt "$@"
