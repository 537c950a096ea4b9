#!/usr/bin/env bash
# Writes the locks from pyproject.toml: requirements.lock (everything), deploy/requirements.lock (what a server needs)
# and deploy/build.lock (what builds the wheel). The last two hold the same pins as the first.
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
lock() {
    "$tools/bin/uv" pip compile --quiet --universal --generate-hashes --no-annotate --no-header "$@"
}
lock pyproject.toml --all-extras -o requirements.lock "$@"
rm -f deploy/requirements.lock deploy/build.lock
lock pyproject.toml --constraint requirements.lock -o deploy/requirements.lock
"$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' |
    lock - --constraint requirements.lock --python-version 3.11 -o deploy/build.lock
for file in requirements.lock deploy/requirements.lock deploy/build.lock; do
    echo "$file: $(grep -c == "$file") packages"
done
