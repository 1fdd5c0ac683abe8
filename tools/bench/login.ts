import { verify, hash } from '@node-rs/argon2';
import { MongoClient } from 'mongodb';
import { Pool } from 'undici';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { median, type Row } from './table.ts';

const password = 'shopfleet-demo';
const argon2id = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const concurrency = 6;
const rounds = 3;
// Until then a worker that has just started runs code that V8 has not compiled yet, which is not what a day's logins cost.
const warmUpSeconds = 8;
const eachKind = 504;
// Below what locks an account softly.
const failuresPerAccount = 9;

/** Logins of one auth worker beside bare argon2id, and whether the time of a refusal tells if an address has an account. */
export async function benchLogin(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const { PORT = '', MONGODB_URI = '' } = shop.environmentOf('auth-service');
  // Straight to the first worker: this is about auth, not about nginx.
  const auth = new Pool(`http://127.0.0.1:${PORT}`, { connections: concurrency });
  try {
    return [...(await measureRate(auth, seconds)), ...(await measureTiming(auth, MONGODB_URI))];
  } finally {
    await auth.close();
  }
}

let calls = 0;

// Each call comes from another address, as nginx would say: failures are limited per address, also for load generators.
async function login(auth: Pool, email: string, secret: string): Promise<number> {
  calls += 1;
  const response = await auth.request({
    path: '/api/auth/login',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-real-ip': `127.${(calls >> 14) & 127}.${(calls >> 7) & 127}.${1 + (calls & 127)}` },
    body: JSON.stringify({ email, password: secret }),
  });
  await response.body.dump();
  return response.statusCode;
}

async function measureRate(auth: Pool, seconds: number): Promise<Row[]> {
  const stored = await hash(password, argon2id);
  const loginOnce = async (): Promise<void> => {
    const status = await login(auth, 'customer@example.com', password);
    if (status !== 200) throw new Error(`a login answered ${status}`);
  };
  await perSecond(warmUpSeconds, concurrency, loginOnce);
  const logins: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // The worker hashes as many at once as half of the machine has cores; so does this.
    bare.push(await perSecond(seconds, 1, async () => void (await verify(stored, password))));
    logins.push(await perSecond(seconds, concurrency, loginOnce));
    console.log(`  round ${round + 1}: ${logins.at(-1)?.toFixed(1)} logins/s, ${bare.at(-1)?.toFixed(1)} bare hashes/s`);
  }
  const ratio = median(logins.map((rate, i) => rate / (bare[i] ?? Number.NaN)));
  return [
    { what: 'login: whole logins of one worker', measured: `${median(logins).toFixed(1)} /s` },
    { what: 'login: bare argon2id (19 MiB, 2 passes), one at a time', measured: `${median(bare).toFixed(1)} /s` },
    { what: 'login: beside bare argon2id (median of pairs)', measured: `${ratio.toFixed(2)} ×`, promised: '≥ 0.8 ×', ok: ratio >= 0.8 },
  ];
}

async function perSecond(seconds: number, atOnce: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  let done = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1_000) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return done / ((performance.now() - begun) / 1_000);
}

/** Wrong passwords for addresses with and without an account, by turns, one at a time. */
async function measureTiming(auth: Pool, mongodbUri: string): Promise<Row[]> {
  const known = await someAccounts(mongodbUri, Math.ceil(eachKind / failuresPerAccount));
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  for (let i = 0; i < eachKind; i += 1) {
    for (const kind of i % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      const email = kind === 'known' ? (known[Math.floor(i / failuresPerAccount)] ?? '') : `nobody-${i}-${process.pid}@example.com`;
      const begun = performance.now();
      const status = await login(auth, email, 'not the right password');
      times[kind].push(performance.now() - begun);
      if (status !== 401) throw new Error(`a wrong password answered ${status}`);
    }
  }
  const difference = Math.abs(median(times.known) - median(times.unknown));
  return [
    { what: `login: ${eachKind} refusals with and ${eachKind} without an account, medians`, measured: `${median(times.known).toFixed(1)} and ${median(times.unknown).toFixed(1)} ms` },
    { what: 'login: difference of the medians', measured: `${difference.toFixed(2)} ms`, promised: '< 5 ms', ok: difference < 5 },
  ];
}

async function someAccounts(mongodbUri: string, count: number): Promise<string[]> {
  const client = await MongoClient.connect(mongodbUri);
  try {
    // Others at each run: the failures of the last one still count.
    const found = await client.db().collection('accounts').aggregate<{ email: string }>([{ $match: { roles: 'customer', emailVerified: true } }, { $sample: { size: count } }, { $project: { email: 1 } }]).toArray();
    if (found.length < count) throw new Error(`${count} accounts are needed, ${found.length} are there`);
    return found.map(({ email }) => email);
  } finally {
    await client.close();
  }
}
