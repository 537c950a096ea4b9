#!/usr/bin/env bash
# Sees to it that the programs of a PostgreSQL server are here; the tests start a server of their own with them.
set -euo pipefail

found() {
    command -v initdb >/dev/null 2>&1 || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

if found; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "PostgreSQL is not installed; installing it for the tests ..."
    log=$(mktemp)
    # The package would start a server of its own; the tests want only its programs.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    if (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql) > "$log" 2>&1; then
        rm -f "$log"
    else
        tail -20 "$log" >&2
    fi
fi
if found; then
    exit 0
fi
if [ "${CI:-}" = true ]; then
    echo "There is no PostgreSQL on this machine, and it could not be installed: its tests cannot be left out here." >&2
    exit 1
fi
echo "There is no PostgreSQL on this machine: the tests that need one are left out (Debian: apt install postgresql)." >&2
