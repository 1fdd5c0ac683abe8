interface Probe {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
}

interface Container {
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly resources?: { readonly requests?: Record<string, string>; readonly limits?: Record<string, string> };
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean };
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

interface PodSpec {
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly Container[];
  readonly securityContext?: { readonly runAsNonRoot?: boolean };
  readonly volumes?: readonly { readonly name: string; readonly emptyDir?: { readonly sizeLimit?: string }; readonly projected?: { readonly sources: readonly { readonly secret?: { readonly items?: readonly { readonly key: string }[] } }[] } }[];
}

interface PodSelector {
  readonly matchLabels?: Record<string, string>;
}

/** An object as far as the checks look into it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly metadata: { readonly labels?: Record<string, string> }; readonly spec: PodSpec };
    readonly minReadySeconds?: number;
    readonly clusterIP?: string;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly metrics?: readonly { readonly resource?: { readonly target: { readonly averageUtilization?: number } } }[];
    readonly scaleTargetRef?: { readonly name: string };
    readonly selector?: { readonly matchLabels?: Record<string, string> } & Record<string, unknown>;
    readonly podSelector?: PodSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly { readonly podSelector?: PodSelector }[] }[];
    readonly egress?: readonly { readonly to?: readonly { readonly podSelector?: PodSelector }[] }[];
    readonly rules?: readonly { readonly host?: string }[];
    readonly tls?: readonly { readonly hosts?: readonly string[] }[];
  };
}

interface Verdict {
  readonly title: string;
  readonly complaints: readonly string[];
}

const services = ['product', 'cart', 'order', 'auth', 'notification'];
/** How old an answer of a cluster's DNS may be: the usual Corefile says `ttl 30`. */
const dnsTtlSeconds = 30;
/** The largest import (apps/product/src/bulk), and 256 MB for what else lies there, such as the edge cache at the gateway. */
const importWithRestMib = 512 + 256;
/** What infra/k8s/deploy.sh selects. */
const migrationLabel = ['shopfleet.example/step', 'migration'] as const;
const deployments = [...services.map((name) => `${name}-service`), 'gateway'];

/** What features.md promises of Kubernetes, and what would go wrong without a schema saying so. */
export function promises(overlay: string, objects: readonly KubernetesObject[]): Verdict[] {
  const of = (kind: string): readonly KubernetesObject[] => objects.filter((object) => object.kind === kind);
  const pods = [...of('Deployment'), ...of('Job')].flatMap(({ kind, metadata, spec }) => (spec?.template ? [{ name: `${kind} ${metadata.name}`, pod: spec.template.spec }] : []));
  const [fewest, most] = overlay === 'production' ? [3, 10] : [2, 3];
  return [
    { title: 'a Deployment, a Service and a budget for each service and the gateway', complaints: ['Deployment', 'Service', 'PodDisruptionBudget'].flatMap((kind) => missing(kind, deployments, of(kind))) },
    {
      title: `autoscalers from ${fewest} to ${most} at 70 %, each of a Deployment that is there`,
      complaints: [
        ...missing('HorizontalPodAutoscaler', deployments, of('HorizontalPodAutoscaler')),
        ...of('HorizontalPodAutoscaler').flatMap(({ metadata, spec }) => {
          const right = spec?.minReplicas === fewest && spec.maxReplicas === most && spec.metrics?.[0]?.resource?.target.averageUtilization === 70 && spec.scaleTargetRef?.name === metadata.name;
          return right ? [] : [`${metadata.name} is otherwise`];
        }),
      ],
    },
    { title: 'selectors that meet the pods of their own Deployment, and of no other', complaints: selectors(of('Deployment'), [...of('Service'), ...of('PodDisruptionBudget')]) },
    { title: 'probes 30/10 and 5/5, 256Mi/250m–512Mi/500m', complaints: of('Deployment').flatMap(({ metadata, spec }) => (spec?.template?.spec.containers ?? []).filter((container) => !isAsPromised(container)).map(() => metadata.name)) },
    {
      title: 'one process per pod, not root, on a file system that it cannot write, with an image of a fixed tag',
      complaints: pods.flatMap(({ name, pod }) => [
        ...(name.startsWith('Deployment') && pod.containers.length !== 1 ? [`${name} has ${pod.containers.length} containers`] : []),
        ...(pod.securityContext?.runAsNonRoot === true ? [] : [`${name} may be root`]),
        ...pod.containers.filter(({ securityContext, image }) => securityContext?.readOnlyRootFilesystem !== true || !/:\d/u.test(image)).map((container) => `${name}: ${container.name} ${container.image}`),
      ]),
    },
    {
      title: 'what is reached by DNS alone is replaced no faster than DNS tells',
      complaints: of('Service').filter(({ spec }) => spec?.clusterIP === 'None').flatMap(({ metadata }) => of('Deployment').filter((workload) => workload.metadata.name === metadata.name && (workload.spec?.minReadySeconds ?? 0) < dnsTtlSeconds)).map(({ metadata }) => metadata.name),
    },
    {
      title: 'an import of 512 MB fits where the gateway and product keep it',
      complaints: [...roomFor('gateway', 'run', of('Deployment')), ...roomFor('product-service', 'tmp', of('Deployment'))],
    },
    { title: 'no variables for services, such as GATEWAY_PORT, beside our own', complaints: [...of('Deployment'), ...of('Job')].filter(({ spec }) => spec?.template?.spec.enableServiceLinks !== false).map(({ metadata }) => metadata.name) },
    {
      title: 'the gateway goes on taking connections until whoever sends them has heard that it goes, and has its 20 s after that',
      complaints: of('Deployment').filter(({ metadata }) => metadata.name === 'gateway').flatMap(({ spec }) => gatewayEnd(spec?.template?.spec)),
    },
    { title: 'every …_FILE names a secret that is mounted', complaints: pods.flatMap(({ name, pod }) => unmounted(pod).map((file) => `${name}: ${file}`)) },
    { title: 'nothing comes in to any pod but what a policy names, and no policy speaks of pods that are not there', complaints: policies(of('NetworkPolicy'), [...of('Deployment'), ...of('Job')]) },
    { title: 'the label of the migration selects the Job and nothing else', complaints: objects.filter(({ kind, metadata }) => (metadata.labels?.[migrationLabel[0]] === migrationLabel[1]) !== (kind === 'Job')).map(({ kind, metadata }) => `${kind} ${metadata.name}`) },
    { title: 'the Ingress hears the host of PUBLIC_URL', complaints: hosts(of('Ingress'), of('ConfigMap')) },
    { title: 'policies, an Ingress, a ConfigMap and the migration; no Secret in the files', complaints: [...['NetworkPolicy', 'Ingress', 'ConfigMap', 'Job'].filter((kind) => of(kind).length === 0).map((kind) => `no ${kind}`), ...of('Secret').map(({ metadata }) => `Secret ${metadata.name}`)] },
  ];
}

function gatewayEnd(pod: PodSpec | undefined): string[] {
  const waits = pod?.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
  return waits >= 5 && waits + 20 < (pod?.terminationGracePeriodSeconds ?? 0) ? [] : [`preStop ${waits} s of ${pod?.terminationGracePeriodSeconds ?? 0}`];
}

function roomFor(deployment: string, volume: string, deployments: readonly KubernetesObject[]): string[] {
  const given = deployments.find(({ metadata }) => metadata.name === deployment)?.spec?.template?.spec.volumes?.find(({ name }) => name === volume)?.emptyDir?.sizeLimit ?? '';
  const [, size = '0', unit] = /^(\d+)(Mi|Gi)$/u.exec(given) ?? [];
  return Number(size) * (unit === 'Gi' ? 1024 : 1) > importWithRestMib ? [] : [`${deployment}: ${volume} ${given || 'is not there'}`];
}

function policies(given: readonly KubernetesObject[], workloads: readonly KubernetesObject[]): string[] {
  const met = (selector: PodSelector): readonly KubernetesObject[] => workloads.filter(({ spec }) => Object.entries(selector.matchLabels ?? {}).every(([label, value]) => spec?.template?.metadata.labels?.[label] === value));
  const closed = new Set(given.filter(({ spec }) => spec?.policyTypes?.includes('Ingress')).flatMap(({ spec }) => met(spec?.podSelector ?? {})));
  return [
    ...workloads.filter((workload) => !closed.has(workload)).map(({ kind, metadata }) => `${kind} ${metadata.name} is open`),
    ...given.flatMap(({ metadata, spec }) => {
      const peers = [...(spec?.ingress ?? []).flatMap(({ from = [] }) => from), ...(spec?.egress ?? []).flatMap(({ to = [] }) => to)].flatMap(({ podSelector }) => podSelector ?? []);
      return [spec?.podSelector ?? {}, ...peers].filter((selector) => met(selector).length === 0).map((selector) => `${metadata.name}: no pod has ${JSON.stringify(selector.matchLabels)}`);
    }),
  ];
}

function hosts(ingresses: readonly KubernetesObject[], configurations: readonly KubernetesObject[]): string[] {
  const wanted = configurations.flatMap(({ data }) => data?.['PUBLIC_URL'] ?? []).map((url) => new URL(url).hostname);
  return ingresses.flatMap(({ spec }) => [...(spec?.rules ?? []).map(({ host = '' }) => host), ...(spec?.tls ?? []).flatMap((tls) => tls.hosts ?? [])]).filter((host) => host !== wanted[0]).map((host) => `${host}, not ${wanted.join()}`);
}

function missing(kind: string, names: readonly string[], objects: readonly KubernetesObject[]): string[] {
  return names.filter((name) => !objects.some(({ metadata }) => metadata.name === name)).map((name) => `no ${kind} ${name}`);
}

function selectors(workloads: readonly KubernetesObject[], selecting: readonly KubernetesObject[]): string[] {
  return selecting.flatMap(({ kind, metadata, spec }) => {
    const wanted = (spec?.selector?.matchLabels ?? spec?.selector ?? {}) as Record<string, string>;
    const met = workloads.filter((workload) => Object.entries(wanted).every(([label, value]) => workload.spec?.template?.metadata.labels?.[label] === value)).map((workload) => workload.metadata.name);
    return met.length === 1 && met[0] === metadata.name ? [] : [`${kind} ${metadata.name} meets ${met.join(', ') || 'nothing'}`];
  });
}

function isAsPromised({ livenessProbe: alive, readinessProbe: ready, resources }: Container): boolean {
  return (
    alive?.initialDelaySeconds === 30 && alive.periodSeconds === 10 && ready?.initialDelaySeconds === 5 && ready.periodSeconds === 5 &&
    resources?.requests?.['memory'] === '256Mi' && resources.requests['cpu'] === '250m' && resources.limits?.['memory'] === '512Mi' && resources.limits['cpu'] === '500m'
  );
}

function unmounted({ containers, volumes = [] }: PodSpec): string[] {
  const mounted = volumes.flatMap(({ projected }) => projected?.sources ?? []).flatMap(({ secret }) => secret?.items ?? []).map((item) => ('path' in item ? String(item.path) : item.key));
  return containers.flatMap(({ env = [] }) => env).filter(({ name, value = '' }) => name.endsWith('_FILE') && !mounted.includes(value.slice(value.lastIndexOf('/') + 1))).map(({ name, value }) => `${name}=${value}`);
}
