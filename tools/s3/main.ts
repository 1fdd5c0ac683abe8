import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { openVault, readSets, removeBefore, setFolder, writeSet, type BackupSet } from '@shopfleet/backup';
import { openObjectStore } from '@shopfleet/images';
import { commandLine, resolveInstance, startGoProgram } from '@shopfleet/local';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the library’s own behaviour suite; outside npm test because the server needs Go
import { objectStoreBehaviour } from '../../libs/images/test/object-store.behaviour.ts';

commandLine({
  command: 'test:s3',
  help: `npm run test:s3   pictures and backups in a bucket: speaks to versitygw, a server of S3's language that keeps objects as files (needs Go)`,
  options: {},
});

const credentials = { accessKeyId: 'of-the-check', secretAccessKey: 'secret-of-the-check' };
const bucket = 'pictures';

const folder = mkdtempSync(join(tmpdir(), 'shopfleet-s3-'));
const server = await startGoProgram({
  module: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
  args: (port) => ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder],
  env: { ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
}).catch((error: unknown) => {
  console.error(`The S3 check did NOT run: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(3);
});
try {
  const client = new S3Client({ endpoint: server.url, region: 'us-east-1', forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const s3 = { bucket, region: 'us-east-1', endpoint: server.url };
  const store = await openObjectStore({ folder: '', s3: { ...s3, credentials } });
  for (const [what, behaviour] of objectStoreBehaviour) await check(what, () => behaviour(store));
  await check('what is public says of what kind it is, and that it never changes', async () => {
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/public/*` }];
    await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
    await store.put('public/abc/160.webp', Buffer.from('webp'), 'image/webp');
    const found = await fetch(`${server.url}/${bucket}/public/abc/160.webp`);
    assert.deepEqual([found.status, found.headers.get('content-type'), found.headers.get('cache-control')], [200, 'image/webp', 'public, max-age=31536000, immutable']);
    assert.equal((await fetch(`${server.url}/${bucket}/originals/small`)).status, 403);
  });
  await check('wrong credentials and a server that is away are errors, and not “there is nothing”', async () => {
    await assert.rejects((await openObjectStore({ folder: '', s3: { ...s3, credentials: { ...credentials, secretAccessKey: 'another' } } })).get('originals/small'), { name: 'SignatureDoesNotMatch' });
    await assert.rejects((await openObjectStore({ folder: '', s3: { ...s3, endpoint: 'http://127.0.0.1:9', credentials } })).get('originals/small'));
  });
  await check('backups lie there sealed, are read in parts and removed when they are old', async () => {
    const place = { BACKUP_S3_BUCKET: bucket, BACKUP_S3_ENDPOINT: server.url, BACKUP_S3_ACCESS_KEY_ID: credentials.accessKeyId, BACKUP_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey };
    const vault = await openVault(undefined, resolveInstance(), { ...place, BACKUP_KEY: '07'.repeat(32) });
    const parts = [9, 9, 1].map((megabytes, n) => Buffer.alloc(megabytes * 1024 * 1024, `part ${n} `));
    const names = await vault.putStream(`${setFolder('20261126t010000000z')}p`, Readable.from(parts, { objectMode: true }));
    assert.equal(names.length, 2);
    const read: Buffer[] = [];
    for await (const part of vault.getStream(names)) read.push(part);
    assert.ok(Buffer.concat(read).equals(Buffer.concat(parts)));
    assert.ok(!Buffer.from((await store.get(names[0] ?? '')) ?? []).includes('part 0'));
    const set = (id: string, takenAt: string): BackupSet => ({ id, databases: ['shop_order'], takenAt, tookMs: 1, until: '1:1', dump: { at: '1:1', collections: [] }, redis: [], pictures: 0 });
    await writeSet(vault, set('20261126t010000000z', '2026-11-26T01:00:00Z'));
    await writeSet(vault, set('20261127t010000000z', '2026-11-27T01:00:00Z'));
    assert.deepEqual((await readSets(vault)).map(({ id }) => id), ['20261126t010000000z', '20261127t010000000z']);
    await assert.rejects((await openVault(undefined, resolveInstance(), { ...place, BACKUP_KEY: '08'.repeat(32) })).get(names[0] ?? ''), { message: /not the key/u });
    assert.equal(await removeBefore(vault, new Date('2026-11-26T12:00:00Z')), 1);
    assert.deepEqual(await vault.list('sets/'), [`${setFolder('20261127t010000000z')}manifest`]);
  });
  client.destroy();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function check(what: string, work: () => Promise<void>): Promise<void> {
  await work();
  console.log(`✓ ${what}`);
}
