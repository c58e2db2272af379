#!/usr/bin/env bash
# Compares Veldwerk with one peer on this machine, in one run; README.md beside this file says what and how.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

command -v python3 >/dev/null || { echo "python3 (3.11 or newer) is needed" >&2; exit 1; }
work=$PWD/target/peers
venv=$work/venv
mkdir -p "$work"
export PYTHONPYCACHEPREFIX=$work/pycache

# The peer is installed once, and again when a version in the list changes.
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv" || { echo "python3 needs its venv module (Debian: python3-venv)" >&2; exit 1; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi
exec "$venv/bin/python" "$here/compare.py" --work "$work" "$@"
