#!/bin/bash
# A node with the shop's settings; RABBITMQ_JOIN names the node whose cluster it joins when it is new.
set -e
export HOME=/var/lib/shopfleet
install -m 400 /run/secrets/rabbitmq-cookie "$HOME/.erlang.cookie.new" && mv -f "$HOME/.erlang.cookie.new" "$HOME/.erlang.cookie"
{
  cat /etc/shopfleet/rabbitmq.conf
  echo 'listeners.tcp.1 = 0.0.0.0:5672'
  echo 'management.tcp.ip = 0.0.0.0'
  echo 'management.tcp.port = 15672'
  echo 'cluster_partition_handling = pause_minority'
  echo 'load_definitions = /run/secrets/rabbitmq-definitions'
  if [ -n "$RABBITMQ_JOIN" ]; then
    echo 'cluster_formation.peer_discovery_backend = classic_config'
    echo "cluster_formation.classic_config.nodes.1 = $RABBITMQ_JOIN"
    echo "cluster_formation.classic_config.nodes.2 = $RABBITMQ_NODENAME"
  fi
} > /tmp/rabbitmq.conf
: > /tmp/env.conf
echo '[].' > /tmp/advanced.config
mkdir -p /tmp/config.d
export RABBITMQ_CONFIG_FILE=/tmp/rabbitmq.conf RABBITMQ_CONFIG_FILES=/tmp/config.d RABBITMQ_ADVANCED_CONFIG_FILE=/tmp/advanced.config \
  RABBITMQ_CONF_ENV_FILE=/tmp/env.conf RABBITMQ_GENERATED_CONFIG_DIR=/tmp/config.d RABBITMQ_ENABLED_PLUGINS_FILE=/etc/shopfleet/enabled_plugins \
  RABBITMQ_MNESIA_BASE=$HOME/data RABBITMQ_LOG_BASE=/tmp RABBITMQ_LOGS=- RABBITMQ_PID_FILE=/tmp/rabbitmq.pid \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+sbwt none +sbwtdcpu none +sbwtdio none'
# Debian's own script changes the user, which only root may: the one behind it is taken.
PATH=/usr/lib/rabbitmq/bin:$PATH exec rabbitmq-server
