#!/bin/sh
# run-node PROGRAM…: Node with the settings that PM2 gives a worker (ecosystem.config.js).
heap=384 growth=200
export MALLOC_ARENA_MAX=2
case "$1" in
  apps/product/*) heap=144 growth=100 MALLOC_ARENA_MAX=1; export MALLOC_TRIM_THRESHOLD_=1048576 MALLOC_MMAP_THRESHOLD_=524288 ;;
esac
case "$1" in
  apps/*/dist/main.js)
    name=${1#apps/}
    export OTEL_SERVICE_NAME="${OTEL_SERVICE_NAME:-${name%%/*}}"
    # Loaded before the service, and only where a collector is named.
    [ -z "$OTEL_EXPORTER_OTLP_ENDPOINT" ] || set -- --import ./libs/tracing/dist/preload.js "$@" ;;
esac
exec node --max-semi-space-size=8 --max-old-space-size="$heap" --heap-growing-percent="$growth" "$@"
