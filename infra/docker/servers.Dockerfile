# The servers with the shop's settings in them, each under an account without rights. Data lie in /var/lib/shopfleet, a
# folder of our own: the base images declare theirs as volumes of root's.
ARG MONGO_IMAGE=mongo:8.0.12
ARG REDIS_IMAGE=redis:7.4.5-bookworm
ARG RABBITMQ_IMAGE=rabbitmq:3.13.7-management

FROM ${MONGO_IMAGE} AS mongo
COPY infra/docker/healthy.sh /usr/local/bin/healthy
COPY infra/docker/mongo.sh /usr/local/bin/start-server
COPY infra/mongo/mongod.conf /etc/shopfleet/mongod.conf
RUN mkdir -p /var/lib/shopfleet && chown 10001:10001 /var/lib/shopfleet
USER 10001:10001
EXPOSE 27017
ENTRYPOINT ["start-server"]
CMD []

FROM ${REDIS_IMAGE} AS redis
COPY infra/docker/healthy.sh /usr/local/bin/healthy
COPY infra/docker/redis.sh /usr/local/bin/start-server
COPY infra/redis /etc/shopfleet
RUN mkdir -p /var/lib/shopfleet && chown 10001:10001 /var/lib/shopfleet
USER 10001:10001
EXPOSE 6379 26379
ENTRYPOINT ["start-server"]
CMD ["redis-cache"]

FROM ${RABBITMQ_IMAGE} AS rabbitmq
COPY infra/docker/healthy.sh /usr/local/bin/healthy
COPY infra/docker/rabbitmq.sh /usr/local/bin/start-server
COPY infra/docker/grow-queues.sh /usr/local/bin/grow-queues
COPY infra/rabbitmq /etc/shopfleet
RUN mkdir -p /var/lib/shopfleet && chown 10001:10001 /var/lib/shopfleet
USER 10001:10001
EXPOSE 5672 15672
ENTRYPOINT ["start-server"]
CMD []
