# Shared by the scripts: messages, system packages, the virtual environment. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VENV=.venv
PY=$VENV/bin/python
UV_PIN=uv==0.13.8
export PYTHONUTF8=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*"; }
die() {
    printf '错误：%s\n' "$*" >&2
    exit 1
}

# step "what it does" command...: the output of the command is shown only if it fails.
step() {
    local what=$1 log
    shift
    log=$(mktemp)
    say "· $what"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        die "“$what”未完成，原因见上。"
    fi
    rm -f "$log"
}

# --- System packages ---------------------------------------------------------------------------

root_command() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

may_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }
}

# system_packages name...: install Debian packages, or say which command does it.
system_packages() {
    local install=(apt-get install -y --no-install-recommends "$@")
    if ! command -v apt-get >/dev/null; then
        die "缺少系统软件包：$*。本机没有 apt，请用系统自带的软件管理器安装后重试。
Debian 上的命令是：sudo ${install[*]}"
    fi
    if ! may_be_root; then
        die "缺少系统软件包，请先运行：sudo apt-get update && sudo ${install[*]}"
    fi
    say "· 安装系统软件包：$*"
    local log options=(env DEBIAN_FRONTEND=noninteractive)
    log=$(mktemp)
    install=(apt-get -o DPkg::Lock::Timeout=300 "${install[@]:1}")
    if ! root_command "${options[@]}" "${install[@]}" >"$log" 2>&1 </dev/null; then
        # The package lists may be missing or old.
        if ! { root_command "${options[@]}" apt-get update &&
            root_command "${options[@]}" "${install[@]}"; } >"$log" 2>&1 </dev/null; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            die "系统软件包安装失败，请手工运行：sudo apt-get update && sudo ${install[*]}"
        fi
    fi
    rm -f "$log"
}

has_font() { command -v fc-list >/dev/null && fc-list | grep -q 'Noto Sans CJK'; }
postgres_bin() {
    local bin
    for bin in /usr/lib/postgresql/*/bin; do
        [ -x "$bin/initdb" ] && echo "$bin"
    done | sort -V | tail -n 1
}

need_pango() {
    "$PY" - <<'EOF' || system_packages libpango-1.0-0 libpangoft2-1.0-0
import ctypes, sys
try:
    for library in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"):
        ctypes.CDLL(library)
except OSError:
    sys.exit(1)
EOF
}

need_test_programs() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    command -v pdftotext >/dev/null || missing+=(poppler-utils)
    command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui)
    has_font || missing+=(fonts-noto-cjk fontconfig)
    [ -n "$(postgres_bin)" ] || missing+=(postgresql)
    [ ${#missing[@]} = 0 ] || system_packages "${missing[@]}"
}

# --- Virtual environment -----------------------------------------------------------------------

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    die "需要 Python 3.11 或更高版本。Debian 12 上请运行：sudo apt-get install -y python3 python3-venv"
}

need_venv() {
    if [ -x "$PY" ] && { "$PY" -c 'import pip' || "$PY" -m ensurepip; } >/dev/null 2>&1; then
        return
    fi
    local python
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || system_packages python3-venv
    step "建立 Python 虚拟环境" "$python" -m venv --clear "$VENV"
}

# Where pip has been told to look, uv shall look too.
uv_install() {
    local key value
    local -a told=()
    while IFS='=' read -r key value; do
        value=${value#\'} value=${value%\'} value=${value//\\n/ }
        case $key in
        *.index-url) told+=("UV_DEFAULT_INDEX=$value") ;;
        *.extra-index-url) told+=("UV_INDEX=$value") ;;
        *.cert) told+=("SSL_CERT_FILE=$value") ;;
        esac
    done < <("$PY" -m pip config list)
    env "${told[@]}" UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT=30 \
        "$VENV/bin/uv" pip install --quiet --python "$PY" --requirements "$1"
}

install_requirements() {
    if [ -x "$VENV/bin/uv" ] || "$PY" -m pip install --quiet "$UV_PIN"; then
        uv_install "$1" && return
    fi
    "$PY" -m pip install --quiet --requirement "$1"
}

# need_packages constraints.txt | constraints-dev.txt: once for each version of the file.
need_packages() {
    local file=$1 sum stamp=$VENV/.installed
    need_venv
    sum=$(sha256sum <"$file")
    [ -f "$stamp" ] && grep -qxF "$file $sum" "$stamp" && return
    step "安装 Python 软件包（首次约一分钟）" install_requirements "$file"
    # The development set holds every package of the other one.
    {
        [ "$file" = constraints.txt ] || echo "constraints.txt $(sha256sum <constraints.txt)"
        echo "$file $sum"
    } >>"$stamp"
}
