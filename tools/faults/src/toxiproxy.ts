import { freePorts, startGoProgram } from '@shopfleet/local';

/** What a connection can suffer; the words are Toxiproxy's. */
export type Toxic =
  | { readonly type: 'latency'; readonly attributes: { readonly latency: number; readonly jitter: number } }
  /** Connections are cut at once, by a reset. */
  | { readonly type: 'reset_peer'; readonly attributes: { readonly timeout: number } }
  /** Nothing comes through, and nobody says so. */
  | { readonly type: 'timeout'; readonly attributes: { readonly timeout: number } }
  | { readonly type: 'bandwidth'; readonly attributes: { readonly rate: number } };

/** Stands between a shop and what it depends on. */
export interface Toxiproxy {
  /** The same address, by way of a proxy of this name. */
  through(name: string, url: string): string;
  poison(name: string, toxic: Toxic): Promise<void>;
  heal(name: string): Promise<void>;
  stop(): Promise<void>;
}

const most = 8;

/** @throws Error when Go is not there or cannot build it */
export async function startToxiproxy(): Promise<Toxiproxy> {
  const server = await startGoProgram({ module: 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0', args: (port) => ['-host', '127.0.0.1', '-port', String(port)] });
  const ports = await freePorts(most);
  const proxies = new Map<string, { readonly port: number; readonly made: Promise<void> }>();
  const ask = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${server.url}${path}`, { method, headers: { 'user-agent': 'shopfleet' }, signal: AbortSignal.timeout(5000), ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok && response.status !== 404) throw new Error(`Toxiproxy answers ${response.status} to ${method} ${path}: ${await response.text()}`);
    await response.body?.cancel();
  };
  return {
    through: (name, url) => {
      const address = new URL(url);
      const upstream = `${address.hostname}:${address.port}`;
      let proxy = proxies.get(name);
      if (proxy === undefined) {
        const port = ports.pop();
        if (port === undefined) throw new Error(`no more than ${most} proxies`);
        proxy = { port, made: ask('POST', '/proxies', { name, listen: `127.0.0.1:${port}`, upstream, enabled: true }) };
        proxies.set(name, proxy);
      }
      address.port = String(proxy.port);
      // A driver that is told of a replica set goes to its members by itself, past the proxy.
      if (address.protocol === 'mongodb:') address.search = '?directConnection=true';
      return address.href;
    },
    poison: async (name, toxic) => {
      await proxies.get(name)?.made;
      // What is slow is so once per answer; what is cut or silent, both ways.
      for (const stream of toxic.type === 'latency' ? ['downstream'] : ['upstream', 'downstream']) await ask('POST', `/proxies/${name}/toxics`, { name: stream, stream, ...toxic });
    },
    heal: async (name) => {
      for (const stream of ['upstream', 'downstream']) await ask('DELETE', `/proxies/${name}/toxics/${stream}`);
    },
    stop: () => server.stop(),
  };
}
