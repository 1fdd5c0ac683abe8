#!/bin/bash
# mongod takes a key file only when nobody else can read it; a mounted secret is readable for all accounts of its container.
set -e
install -m 400 /run/secrets/mongod-member-key /tmp/member.key
exec mongod --config /etc/shopfleet/mongod.conf --dbpath /var/lib/shopfleet --port 27017 --bind_ip_all --keyFile /tmp/member.key "$@"
