#!/usr/bin/env bash
# Makes .venv from requirements.lock (hashes checked) and installs this tree into it, editable.
# Usage: scripts/venv.sh PYTHON
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-}

if [ -z "$python" ]; then
    echo "Kierros needs Python 3.11 or newer, and none was found on the PATH." >&2
    echo "Install one (Debian and Ubuntu: apt install python3 python3-venv), or name yours: make PYTHON=/path/to/python" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "This Python ($("$python" -V 2>&1)) cannot make environments: its venv module is incomplete." >&2
    echo "On Debian and Ubuntu it is a package of its own: apt install python3-venv" >&2
    exit 1
fi

# An environment that was made by another Python, or left half-made, is made anew.
if ! [ -f .venv/.ready ] || ! .venv/bin/python -c 'pass' >/dev/null 2>&1; then
    rm -rf .venv
    echo "Making .venv with $("$python" -V 2>&1) ..."
    "$python" -m venv .venv
fi
# Twice quiet: errors are shown, remarks about this machine's pip settings are not.
pip=(.venv/bin/python -m pip --disable-pip-version-check --require-virtualenv)
echo "Installing the locked packages ..."
"${pip[@]}" install -qq --require-hashes --requirement requirements.lock
# The build backend is in the lock as well, so nothing unpinned is downloaded here.
"${pip[@]}" install -qq --no-deps --no-build-isolation --editable .
