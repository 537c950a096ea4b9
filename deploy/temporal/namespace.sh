#!/bin/sh
# Makes the namespace, or brings its retention up to date. Closed cycles stay readable in the UI for RETENTION;
# what they were is kept by Kierros's own record, for as long as its rules say.
# The address and the namespace come in TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.
set -eu
retention=${RETENTION:-90d}

# Asks again every two seconds, for two minutes.
until_works() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -ge 60 ]; then
            "$@" >/dev/null
            exit 1
        fi
        sleep 2
    done
}

until_works temporal operator cluster health
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
fi
# A new namespace is known to the whole server only after some seconds.
until_works temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE"
