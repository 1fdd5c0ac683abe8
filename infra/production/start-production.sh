#!/bin/sh
# The same as npm run start-production, for who starts it from elsewhere.
cd "$(dirname "$0")/../.." && exec node infra/production/production.mjs start
