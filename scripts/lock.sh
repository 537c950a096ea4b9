#!/usr/bin/env bash
# Writes requirements.lock (everything) and deploy/requirements.lock (what a server needs) from pyproject.toml.
# Usage: scripts/lock.sh PYTHON [--upgrade]
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:?which Python}
shift

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"$python" -m venv "$tools"
"$tools/bin/python" -m pip --disable-pip-version-check install -qq uv

# No addresses in the locks: where packages come from is each machine's own affair.
options=(--quiet --universal --generate-hashes --no-annotate --no-header)
"$tools/bin/uv" pip compile pyproject.toml "${options[@]}" --all-extras -o requirements.lock "$@"
rm -f deploy/requirements.lock
"$tools/bin/uv" pip compile pyproject.toml "${options[@]}" --constraint requirements.lock -o deploy/requirements.lock
echo "Locked $(grep -c == requirements.lock) packages, $(grep -c == deploy/requirements.lock) of them for a server."
