#!/bin/sh
# ops COMMAND…: npm run ops, backup and restore for a container.
case "$1" in
  backup|restore) program=tools/backup/$1.ts; shift ;;
  *) program=tools/ops/main.ts ;;
esac
exec node --disable-warning=ExperimentalWarning "/srv/shopfleet/$program" "$@"
