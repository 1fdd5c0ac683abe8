#!/bin/sh
# First container of the developers' shop: packages for the containers' own system, a first build, secrets.
set -e
for folder in .shopfleet .shopfleet/compose .shopfleet/compose/secrets .shopfleet/compose/tls .shopfleet/compose/images .shopfleet/compose/payments .shopfleet/compose/mailbox node_modules; do
  mkdir -p "$folder" && chown "$(stat -c %u:%g /workspace)" "$folder"
done
as_owner=/workspace/infra/docker/as-owner.sh
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  $as_owner npm ci --no-audit --no-fund --loglevel=error
  $as_owner cp package-lock.json node_modules/.installed-lock.json
fi
$as_owner node node_modules/typescript/bin/tsc -b
SMTP_URL=smtp://mailbox:5602 $as_owner node --disable-warning=ExperimentalWarning infra/local/containers/secret-files.ts --folder .shopfleet/compose --from ''
