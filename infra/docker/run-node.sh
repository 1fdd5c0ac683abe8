#!/bin/sh
# run-node PROGRAM…: Node with the settings that PM2 gives a worker (ecosystem.config.js).
heap=384
export MALLOC_ARENA_MAX=2
case "$1" in
  apps/product/*) heap=144 MALLOC_ARENA_MAX=1; export MALLOC_TRIM_THRESHOLD_=131072 MALLOC_TOP_PAD_=0 ;;
esac
case "$1" in
  apps/*/dist/main.js)
    name=${1#apps/}
    export OTEL_SERVICE_NAME="${OTEL_SERVICE_NAME:-${name%%/*}}"
    # Loaded before the service, and only where a collector is named.
    [ -z "$OTEL_EXPORTER_OTLP_ENDPOINT" ] || set -- --import ./libs/tracing/dist/preload.js "$@" ;;
esac
exec node --max-semi-space-size=8 --max-old-space-size="$heap" "$@"
