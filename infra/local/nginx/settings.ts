/** What the gateway's files are rendered from. */
export interface GatewaySettings {
  /** Absolute folder of the template: `nginx/` of the repository. */
  readonly templateDir: string;
  /** Absolute folder that gets the rendered files, the pid, the cache and temporary files. */
  readonly runDir: string;
  readonly logDir: string;
  /** Holds server.pem and server.key. */
  readonly tlsDir: string;
  /** Where renditions of pictures lie: a folder that nginx reads, or the address under which a bucket shows its part `public`. */
  readonly images: { readonly folder: string } | { readonly origin: string };
  readonly gatewayPort: number;
  readonly internalPort: number;
  /** The port in links that leave the gateway; differs from gatewayPort behind a port mapping. */
  readonly publicPort: number;
  /** `loopback`: only this machine; `all`: every address. */
  readonly listen: 'loopback' | 'all';
  /** Ranges of proxies in front of this one, whose X-Forwarded-For is believed: an ingress controller, a load balancer. */
  readonly frontProxies?: readonly string[];
  /** Ranges of addresses that services call from where they are not on this machine, such as the network of the containers. */
  readonly callers?: readonly string[];
  readonly ipv6: boolean;
  /** The account nginx's workers drop to when it is started by root. */
  readonly user: string | undefined;
  readonly workers: number | 'auto';
  /** Most files a worker may open; connections are half of it. */
  readonly openFiles: number;
  /** Where a proxy in front has ended TLS, plain HTTP is spoken with it. */
  readonly plainHttp?: boolean;
  /** S4 asks for TLS 1.2 and 1.3, S1 for 1.3 alone. */
  readonly tlsMinimum: '1.2' | '1.3';
  /** Sends Strict-Transport-Security for so many seconds; undefined on localhost, where it would lock out other projects. */
  readonly hstsSeconds: number | undefined;
  readonly allowedOrigins: readonly string[];
  /** Range of addresses whose connection limits are raised, such as `127.0.0.0/8`. */
  readonly loadTestCidr: string | undefined;
  /** Regions of addresses, such as `{ range: '203.0.113.0/24', name: 'eu' }`; the longest range counts. */
  readonly regions: readonly { readonly range: string; readonly name: string }[];
  /** Share of the requests that are traced, 0 to 1. */
  readonly traceShare: number;
  /** Size of the edge cache on disk. */
  readonly cacheSize: string;
  readonly upstreams: readonly Upstream[];
  /** Entries of the landing page that exist only on a development machine. */
  readonly localLinks: readonly LocalLink[];
}

/** One service under PM2, whose worker n listens on basePort + n, or in containers, with a replica at each address. */
export type Upstream = SlotUpstream | ReplicaUpstream;

export interface SlotUpstream {
  readonly name: string;
  readonly basePort: number;
  /** How far it can be scaled; empty slots refuse at once and are passed over. */
  readonly slots: number;
}

export interface ReplicaUpstream {
  readonly name: string;
  /** `host:port` of each; none: whoever asks is told that the service is away. */
  readonly replicas: readonly string[];
}

export interface LocalLink {
  readonly href: string;
  readonly title: string;
  readonly text: string;
}

/** A setting that would break nginx's configuration or open a hole in it. */
export class GatewaySettingError extends Error {
  override readonly name = 'GatewaySettingError';
}
