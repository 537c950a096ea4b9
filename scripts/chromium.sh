#!/usr/bin/env bash
# Sees to it that Chromium is here; the tests of pages as a person sees them drive it.
set -euo pipefail

found() {
    [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

if found; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Chromium is not installed; installing it for the tests ..."
    log=$(mktemp)
    if (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium) > "$log" 2>&1; then
        rm -f "$log"
    else
        tail -20 "$log" >&2
    fi
fi
if found; then
    exit 0
fi
if [ -n "${CI:-}" ]; then
    echo "There is no Chromium on this machine, and it could not be installed: its tests cannot be left out here." >&2
    exit 1
fi
echo "There is no Chromium on this machine: the tests in a browser are left out (Debian: apt install chromium)." >&2
