#!/bin/sh
# Runs a command under the account that owns the mounted project, so that nothing in it becomes root's.
owner=$(stat -c %u /workspace)
[ "$owner" = 0 ] && exec "$@"
export HOME=/tmp
exec setpriv --reuid "$owner" --regid "$(stat -c %g /workspace)" --clear-groups "$@"
