#!/bin/sh
# run-node PROGRAM…: Node with the settings that PM2 gives a worker (ecosystem.config.js).
# Platforms put a command of theirs behind this entry point or in its place: a second `run-node` is passed over, and a shell is
# left to itself.
[ "$1" != run-node ] || shift
case "$1" in sh | bash | /bin/sh | /bin/bash) exec "$@" ;; esac

# Where a platform tells each host by itself and nothing else (infra/render), addresses are put together here; and where one
# environment is all there is, a migration has accounts of its own.
[ -n "$GATEWAY_URL" ] || [ -z "$GATEWAY_HOST" ] || export GATEWAY_URL="http://$GATEWAY_HOST:8081"
if [ -z "$METRICS_TARGETS" ] && [ -n "$PRODUCT_HOST" ]; then
  METRICS_TARGETS=product=$PRODUCT_HOST$HOST_SUFFIX:3000+1,cart=$CART_HOST$HOST_SUFFIX:3000+1,auth=$AUTH_HOST$HOST_SUFFIX:3000+1
  export METRICS_TARGETS="$METRICS_TARGETS,order=$ORDER_HOST$HOST_SUFFIX:3000+1,notification=$NOTIFICATION_HOST$HOST_SUFFIX:3000+1"
fi
case "$1" in
  apps/*/dist/migrate.js)
    [ -z "$MIGRATION_MONGODB_URI" ] || export MONGODB_URI="$MIGRATION_MONGODB_URI"
    [ -z "$MIGRATION_RABBITMQ_URL" ] || export RABBITMQ_URL="$MIGRATION_RABBITMQ_URL" ;;
esac

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
