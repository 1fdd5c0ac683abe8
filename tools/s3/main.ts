import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { openObjectStore } from '@shopfleet/images';
import { startGoProgram } from '@shopfleet/local';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the library’s own behaviour suite; outside npm test because the server needs Go
import { objectStoreBehaviour } from '../../libs/images/test/object-store.behaviour.ts';

// The object store speaks to versitygw, a server of S3's language that keeps objects as files.
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
  client.destroy();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function check(what: string, work: () => Promise<void>): Promise<void> {
  await work();
  console.log(`✓ ${what}`);
}
