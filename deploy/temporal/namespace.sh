#!/bin/sh
# Makes the namespace, or brings its retention up to date. Closed cycles stay readable in the UI for RETENTION;
# what they were is kept by Kierros's own record, for as long as its rules say.
# The address and the namespace come in TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.
set -eu
retention=${RETENTION:-90d}

tries=0
until temporal operator cluster health >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ]; then
        echo "Temporal at $TEMPORAL_ADDRESS does not answer." >&2
        exit 1
    fi
    sleep 2
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
fi
