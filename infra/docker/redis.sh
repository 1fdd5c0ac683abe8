#!/bin/bash
# start-server redis-cache|redis-state [MASTER] | sentinel: the role's settings, and its password from a secret. Redis and
# Sentinel write into their settings, so they get a copy.
set -e
role=$1
if [ "$role" = sentinel ]; then
  password=$(sed -n 's/^requirepass //p' /run/secrets/redis-state-auth)
  settings=/var/lib/shopfleet/sentinel.conf
  # What Sentinel has learnt since is in the file.
  [ -f $settings ] || cat > $settings <<S
port 26379
dir /tmp
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel monitor redis-state $2 6379 2
sentinel auth-pass redis-state $password
sentinel down-after-milliseconds redis-state 3000
sentinel failover-timeout redis-state 10000
S
  exec redis-server $settings --sentinel
fi
settings=/tmp/redis.conf
cat "/etc/shopfleet/$role.conf" "/run/secrets/$role-auth" - > $settings <<S
port 6379
bind 0.0.0.0
dir /var/lib/shopfleet
daemonize no
S
exec redis-server $settings "${@:2}"
