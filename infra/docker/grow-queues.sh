#!/bin/bash
# grow-queues NODE NEW_NODE…: the quorum queues of NODE get a member on each of the others.
set -e
export HOME=/tmp
install -m 400 /run/secrets/rabbitmq-cookie /tmp/.erlang.cookie
for node in "${@:2}"; do
  PATH=/usr/lib/rabbitmq/bin:$PATH rabbitmq-queues --node "$1" grow "$node" all --errors-only
done
