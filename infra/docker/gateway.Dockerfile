# The gateway: nginx, with a Node beside it that keeps its upstreams.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
ARG NGINX_IMAGE=nginx:1.28.0-bookworm

FROM ${NODE_IMAGE} AS node

FROM ${NGINX_IMAGE} AS gateway
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY infra/docker/healthy.sh /usr/local/bin/healthy
RUN mkdir -p /run/shopfleet /var/lib/shopfleet/images && chown -R 10001:10001 /run/shopfleet /var/lib/shopfleet
WORKDIR /srv/shopfleet
COPY nginx nginx
COPY infra/local/package.json infra/local/errors.ts infra/local/
COPY infra/local/nginx infra/local/nginx
COPY infra/local/containers infra/local/containers
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "infra/local/containers/gateway.ts"]
CMD []
