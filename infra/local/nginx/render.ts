import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GatewaySettingError, type GatewaySettings, type LocalLink, type Upstream } from './settings.ts';

const templates = ['nginx.conf', 'http', 'servers', 'routes', 'snippets', 'html'];

/**
 * Writes the gateway's configuration into `runDir` and returns the path of its nginx.conf.
 *
 * @throws GatewaySettingError for a setting that nginx would misread, and for a placeholder that nothing fills.
 */
export function renderGateway(settings: GatewaySettings): string {
  const values = placeholders(settings);
  const { runDir, templateDir, logDir } = settings;
  for (const name of templates) rmSync(path.join(runDir, name), { recursive: true, force: true });
  for (const folder of ['conf.d', 'temp', 'cache']) mkdirSync(path.join(runDir, folder), { recursive: true });
  mkdirSync(logDir, { recursive: true });
  for (const file of templates.flatMap((name) => filesBelow(templateDir, name))) {
    const target = path.join(runDir, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, fill(readFileSync(path.join(templateDir, file), 'utf8'), values, file));
  }
  writeUpstreams(runDir, settings.upstreams);
  return path.join(runDir, 'nginx.conf');
}

/** Writes who serves what; nginx reads it when it starts or is reloaded. */
export function writeUpstreams(runDir: string, upstreams: readonly Upstream[]): void {
  writeFileSync(path.join(runDir, 'upstreams.conf'), upstreams.map(renderUpstream).join('\n'));
}

/**
 * One line per worker, so that least_conn chooses among them (workers of PM2 do not share a port).
 *
 * @example renderUpstream({ name: 'cart', basePort: 5200, slots: 20 })
 */
export function renderUpstream(upstream: Upstream): string {
  const { name } = upstream;
  const servers = 'slots' in upstream ? Array.from({ length: upstream.slots }, (_, slot) => `127.0.0.1:${upstream.basePort + slot}`) : upstream.replicas;
  return [
    `upstream ${name} {`,
    `  zone ${name} 128k;`,
    '  least_conn;',
    // nginx wants one at least: nobody listens there, which is refused at once and answered 502.
    ...(servers.length === 0 ? ['127.0.0.1:1'] : servers).map((server) => `  server ${server} max_fails=1 fail_timeout=2s;`),
    '  # Answers come in bursts, for many writes become durable at once: what is idle for a moment must not be closed.',
    '  keepalive 128;',
    '  keepalive_requests 100000;',
    '  # Shorter than the services keep idle connections, so that nginx never writes into one that is being closed.',
    '  keepalive_timeout 5s;',
    '}',
    '',
  ].join('\n');
}

function placeholders(settings: GatewaySettings): ReadonlyMap<string, string> {
  const hosts = settings.listen === 'all' ? ['', '[::]:'] : ['127.0.0.1:', '[::1]:'];
  const listens = hosts
    .slice(0, settings.ipv6 ? 2 : 1)
    .map((host) => `  listen ${host}${settings.gatewayPort}${settings.plainHttp === true ? '' : ' ssl http2'} backlog=4096;`);
  return new Map(
    Object.entries({
      user_directive: settings.user === undefined ? '' : `user ${settings.user};`,
      worker_processes: String(settings.workers),
      open_files: String(settings.openFiles),
      worker_connections: String(Math.floor(settings.openFiles / 2)),
      run_dir: plainPath(settings.runDir),
      log_dir: plainPath(settings.logDir),
      tls_dir: plainPath(settings.tlsDir),
      html_dir: plainPath(path.join(settings.runDir, 'html')),
      images_source: imagesSource(settings.images),
      gateway_listens: listens.join('\n'),
      internal_listen: settings.callers === undefined ? `127.0.0.1:${settings.internalPort}` : String(settings.internalPort),
      internal_callers: realIpFrom(settings.callers ?? ['127.0.0.1']),
      front_proxies: settings.frontProxies?.length ? `${realIpFrom(settings.frontProxies)}\n  real_ip_header X-Forwarded-For;\n  real_ip_recursive on;` : '',
      public_port: String(settings.publicPort),
      tls_settings: settings.plainHttp === true ? '' : '  include snippets/tls.conf;',
      tls_protocols: settings.tlsMinimum === '1.3' ? 'TLSv1.3' : 'TLSv1.2 TLSv1.3',
      hsts_header: hstsHeader(settings.hstsSeconds),
      cors_map: settings.allowedOrigins.map((origin) => `  "${plainOrigin(origin)}" $http_origin;`).join('\n'),
      loadtest_cidr: settings.loadTestCidr ? `  ${plainCidr('LOADTEST_CIDR', settings.loadTestCidr)} 1;` : '',
      regions: settings.regions.map(({ range, name }) => `  ${plainCidr('REGIONS', range)} ${plainRegion(name)};`).join('\n'),
      cache_size: settings.cacheSize,
      trace_share: settings.traceShare > 0 ? `  ${(settings.traceShare * 100).toFixed(2)}% 01;` : '',
      local_links: settings.localLinks.map(renderLink).join('\n'),
    }),
  );
}

const realIpFrom = (ranges: readonly string[]): string => ranges.map((range) => `  set_real_ip_from ${plainCidr('GATEWAY_TRUSTED_PROXIES', range)};`).join('\n');

function fill(template: string, values: ReadonlyMap<string, string>, file: string): string {
  return template.replace(/\{\{(\w+)\}\}/gu, (_match, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new GatewaySettingError(`nginx/${file} asks for {{${name}}}, which nothing fills.`);
    return value;
  });
}

function filesBelow(root: string, name: string): string[] {
  if (path.extname(name) !== '') return [name];
  return readdirSync(path.join(root, name), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function hstsHeader(seconds: number | undefined): string {
  return seconds === undefined ? '' : `add_header Strict-Transport-Security "max-age=${seconds}; includeSubDomains" always;`;
}

function renderLink({ href, title, text }: LocalLink): string {
  return `    <li><a href="${href}"><strong>${title}</strong><span>${text}</span></a></li>`;
}

// nginx.conf has no escape for these in a bare argument; a folder named like this is rare enough to refuse.
function plainPath(folder: string): string {
  if (/[\s;{}"'$#\\]/u.test(folder)) {
    throw new GatewaySettingError(`nginx cannot work in the folder ${folder}: move the project to a path without spaces, quotes, $, #, ; or braces.`);
  }
  return folder;
}

// From a bucket they come once, and then from the cache: what stands at an address never changes.
function imagesSource(images: GatewaySettings['images']): string {
  if ('folder' in images) return `alias ${plainPath(images.folder)}/;`;
  const { origin } = images;
  if (!/^https?:\/\/[\w.:/-]+[^/]$/u.test(origin)) throw new GatewaySettingError(`IMAGES_ORIGIN: "${origin}" is no address such as https://bucket.s3.example.com/public.`);
  return `include snippets/images-origin.conf; proxy_pass ${origin}/;`;
}

function plainOrigin(origin: string): string {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    throw new GatewaySettingError(`ALLOWED_ORIGINS: "${origin}" is no origin such as https://shop.example.`);
  }
  return origin;
}

function plainRegion(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,19}$/u.test(name)) throw new GatewaySettingError(`REGIONS: "${name}" is no name of a region such as eu; write 203.0.113.0/24=eu.`);
  return name;
}

function plainCidr(variable: string, range: string): string {
  if (!/^[0-9a-fA-F.:]+(\/\d{1,3})?$/u.test(range)) {
    throw new GatewaySettingError(`${variable}: "${range}" is no range of addresses such as 10.0.0.0/8.`);
  }
  return range;
}
