#!/bin/sh
# infra/k8s/deploy.sh production: brings an overlay into the cluster that kubectl knows. The migration runs to its end before a
# pod of the new version starts; where it fails, what runs stays as it is. The namespace and its Secrets have to be there.
set -eu
overlay=$(dirname "$0")/overlays/${1:?which overlay: production or staging}
namespace=$(sed -n 's/^namespace: //p' "$overlay/kustomization.yaml")
kubectl() { command kubectl --namespace "$namespace" "$@"; }

# A Job cannot be changed, and one that has ended does not run again.
kubectl delete job migration --ignore-not-found
kubectl apply --kustomize "$overlay" --selector shopfleet.example/step=migration
if ! kubectl wait --for=condition=complete --timeout="${MIGRATION_TIMEOUT:-10m}" job/migration; then
  kubectl logs job/migration --all-containers --prefix --tail=50 >&2 || true
  echo 'The migration has not come to its end: nothing else was changed.' >&2
  exit 1
fi
kubectl apply --kustomize "$overlay"
# A pod may take half a minute to be called ready, so that DNS tells of it, and ten of them are replaced one by one.
for name in product-service cart-service order-service auth-service notification-service gateway; do
  kubectl rollout status --timeout=20m "deployment/$name"
done
