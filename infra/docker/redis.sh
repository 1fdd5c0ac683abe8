#!/bin/bash
# start-server redis-cache|redis-state [PRIMARY] | sentinel PRIMARY: the role's settings, and its password from a secret. Redis
# and Sentinel write into their settings, so they get a copy beside the data.
set -e
umask 077
role=$1
data=/var/lib/shopfleet
if [ "$role" = sentinel ]; then
  password=$(sed -n 's/^requirepass //p' /run/secrets/redis-state-auth)
  settings=$data/sentinel.conf
  # What Sentinel has learnt since is in the file.
  [ -f $settings ] || cat > $settings <<S
port 26379
dir /tmp
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $(hostname)
sentinel monitor redis-state $2 6379 2
sentinel auth-pass redis-state $password
sentinel down-after-milliseconds redis-state 3000
sentinel failover-timeout redis-state 10000
S
  exec redis-server $settings --sentinel
fi
settings=$data/redis.conf
# Whom it follows is what Sentinel said last; the rest is written anew.
if [ -f $settings ]; then follows=$(sed -n '/^replicaof /p' $settings); else follows=${2:+replicaof $2 6379}; fi
cat "/etc/shopfleet/$role.conf" "/run/secrets/$role-auth" - > $settings.new <<S
port 6379
bind 0.0.0.0
dir $data
daemonize no
replica-announce-ip $(hostname)
$follows
S
mv -f $settings.new $settings
exec redis-server $settings
