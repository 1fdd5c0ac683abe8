#!/bin/sh
# The same as npm run stop-production, for who starts it from elsewhere.
cd "$(dirname "$0")/../.." && exec node infra/production/production.mjs stop
