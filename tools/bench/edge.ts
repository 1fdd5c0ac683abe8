import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Agent, request } from 'undici';
import { dataPath } from '@shopfleet/local';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { median, type Row } from './table.ts';
import { findWrk, requestsPerSecond } from './wrk.ts';

const list = '/api/products?limit=20';
const rounds = 5;
const packed = { 'accept-encoding': 'gzip' };

/**
 * The edge against a file: the same gzip bytes, the same TLS profile and keep-alive, by turns, so that a machine that
 * slows down slows both. The gateway keeps its files open (open_file_cache), which nginx by itself does not: the promise is
 * about nginx as it is, the other comparison is shown beside it. wrk asks from the same machine; its work is part of both figures.
 */
export async function benchEdge(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const wrk = await findWrk();
  const staticPort = shop.instance.ports.gateway + 3;
  const bytes = await fetchCompressed(shop);
  await serveStatic(shop, bytes, staticPort);
  try {
    return await compare(shop, wrk, bytes, staticPort, seconds);
  } finally {
    rmSync(staticServer(shop), { force: true });
  }
}

async function compare(shop: BenchShop, wrk: string, bytes: Buffer, staticPort: number, seconds: number): Promise<Row[]> {
  const urls = { edge: `${shop.url}${list}`, file: `https://localhost:${staticPort}/list.json`, open: `https://localhost:${staticPort}/open/list.json` };
  await warm(shop, urls.edge, 'EDGE');

  const rates = { edge: [] as number[], file: [] as number[], open: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['edge', 'file', 'open'] as const) rates[name].push(await requestsPerSecond(wrk, urls[name], seconds, packed));
    console.log(`  round ${round + 1}: edge ${rateOf(rates.edge, round)}/s, file ${rateOf(rates.file, round)}/s, file kept open ${rateOf(rates.open, round)}/s`);
  }
  const beside = (floor: readonly number[]): number => median(rates.edge.map((rate, index) => rate / (floor[index] ?? Number.NaN)));
  const ratio = beside(rates.file);
  return [
    { what: `edge: list of 20 (${bytes.length} bytes gzip, ${gunzipSync(bytes).length} plain)`, measured: `${Math.round(median(rates.edge))} requests/s` },
    { what: 'edge: nginx, the same bytes as a file, by its defaults', measured: `${Math.round(median(rates.file))} requests/s` },
    { what: 'edge: beside the file (median of pairs)', measured: `${ratio.toFixed(2)} ×`, promised: '≥ 0.85 ×', ok: ratio >= 0.85 },
    { what: 'edge: beside the file when nginx keeps that open too (median of pairs)', measured: `${beside(rates.open).toFixed(2)} ×` },
  ];
}

const rateOf = (rates: readonly number[], round: number): number => Math.round(rates[round] ?? Number.NaN);

async function fetchCompressed(shop: BenchShop): Promise<Buffer> {
  const response = await request(`${shop.url}${list}`, { headers: packed, dispatcher: new Agent({ connect: { ca: shop.ca } }) });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  if (response.statusCode !== 200 || response.headers['content-encoding'] !== 'gzip') throw new Error(`the list answered ${response.statusCode}, ${String(response.headers['content-encoding'])}`);
  return bytes;
}

const staticServer = (shop: BenchShop): string => dataPath(shop.instance, 'nginx', 'conf.d', 'bench.conf');

/** Adds a server to the shop's own nginx: same process, same TLS settings, no upstream and no cache. */
async function serveStatic(shop: BenchShop, bytes: Buffer, port: number): Promise<void> {
  const root = dataPath(shop.instance, 'bench');
  mkdirSync(root, { recursive: true });
  writeFileSync(`${root}/list.json`, bytes);
  const run = dataPath(shop.instance, 'nginx');
  mkdirSync(`${run}/conf.d`, { recursive: true });
  writeFileSync(
    staticServer(shop),
    `server {
  listen 127.0.0.1:${port} ssl http2;
  ssl_certificate ${dataPath(shop.instance, 'tls', 'server.pem')};
  ssl_certificate_key ${dataPath(shop.instance, 'tls', 'server.key')};
  gzip off;
  add_header Content-Encoding gzip;
  add_header Cache-Control "public, max-age=1";
  location = /list.json { root ${root}; open_file_cache off; }
  location = /open/list.json { alias ${root}/list.json; }
}\n`,
  );
  process.kill(Number(readFileSync(`${run}/nginx.pid`, 'utf8')), 'SIGHUP');
  await delay(1500);
}

async function warm(shop: BenchShop, url: string, tier: string): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: shop.ca } });
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const response = await request(url, { headers: packed, dispatcher });
    await response.body.dump();
    if (response.headers['x-cache'] === tier) return;
  }
  throw new Error(`${url} never came from the tier ${tier}`);
}
