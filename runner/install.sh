#!/bin/sh
# Makes .venv with the newest Python found and installs what is needed, unless that has been done for these
# very requirement files in this very folder (a virtual environment cannot be moved).
set -eu
cd "$(dirname "$0")/.."

here=$(pwd -P)
wanted="$here $(cksum requirements.txt requirements-dev.txt | tr '\n' ' ')"
if [ -x .venv/bin/python ] && [ "$(cat .venv/ready 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

case $(cat .venv/ready 2>/dev/null || true) in
'' | "$here "*) ;;
*) rm -rf .venv ;; # it was copied or moved here
esac

able='import sys; sys.exit(sys.version_info < (3, 11))'
whole='import ensurepip, venv'
if ! .venv/bin/python -c "$able" 2>/dev/null || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    newest='' partial=''
    for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do
        "$candidate" -c "$able" >/dev/null 2>&1 || continue # absent, too old, or a shim without a version
        if "$candidate" -c "$whole" >/dev/null 2>&1; then
            newest=$candidate
            break
        fi
        partial=$candidate
    done
    if [ -z "$newest" ]; then
        if [ -n "$partial" ]; then
            echo "$partial cannot make virtual environments: install its venv package (apt install python3-venv)." >&2
        else
            echo "一码办 needs Python 3.11 or newer; found: $(python3 --version 2>&1 || echo none)." >&2
        fi
        exit 1
    fi
    "$newest" -m venv .venv
fi

echo "Installing what 一码办 needs (once, about a minute) …"
# One of the SDKs holds 36,604 files, of which nothing here needs more than a few, and 39 do not compile:
# compile the rest only. Starts are then quick at once, also where PYTHONDONTWRITEBYTECODE is set.
.venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements-dev.txt
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
.venv/bin/python -m compileall -qq -j 0 -x '/alipay/aop/api/(domain|request|response)/|/mypy/|/pip/' "$packages" >/dev/null 2>&1 || true
printf '%s' "$wanted" >.venv/ready
