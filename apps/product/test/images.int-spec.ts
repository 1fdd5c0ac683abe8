import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type { EventOf, imageProcessed } from '@shopfleet/contracts';
import { eventually, picture, type PictureName } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageJobs } from '../src/images/image-jobs.ts';
import { formOf, variant } from './image-uploads.ts';
import { openProductShop, type Answer, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
let employee: { authorization: string };
beforeAll(async () => {
  shop = await openProductShop({ IMAGES_QUEUE_MAX: '50' });
  employee = await shop.token('employee');
});
afterAll(() => shop.close());

const upload = (product: string, body: FormData, headers: Record<string, string> = employee, worker = 0): Promise<Answer> => shop.call('POST', `/api/products/${product}/images`, { headers, body, worker });
const jobOf = async ({ headers }: Answer): Promise<Answer> => shop.call('GET', headers.get('location') ?? '', { headers: employee, worker: 1 });
const ended = (answer: Answer, state: 'done' | 'failed'): Promise<void> => eventually(async () => expect((await jobOf(answer)).body).toMatchObject({ state }), { timeoutMs: 30_000 });

interface Shown {
  readonly id: string;
  readonly alt?: string;
  readonly renditions: readonly { readonly url: string; readonly format: string; readonly width: number; readonly height: number }[];
}
const imagesOf = async (product: string, worker = 0): Promise<readonly Shown[]> => (await shop.call('GET', `/api/products/${product}`, { worker })).body['images'] as readonly Shown[];

describe('a picture', () => {
  it('is taken, worked on and shown by every worker, in detail and list, and told of once', async () => {
    await Promise.all([0, 1].map((worker) => shop.call('GET', '/api/products/prd_lamp', { worker })));
    const answer = await upload('prd_lamp', formOf(picture('rotated.jpg'), { alt: 'The lamp, lit' }));
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([202, 'private, no-store']);
    expect(answer.body).toMatchObject({ productId: 'prd_lamp', state: 'queued', progress: 0 });
    await ended(answer, 'done');
    expect((await jobOf(answer)).body).toMatchObject({ progress: 100 });

    const imageId = String(answer.body['imageId']);
    await eventually(async () => {
      for (const worker of [0, 1]) expect(await imagesOf('prd_lamp', worker)).toMatchObject([{ id: imageId, alt: 'The lamp, lit' }]);
    }, { timeoutMs: 1_000 });
    const list = (await shop.call('GET', '/api/products?brand=alderbeck')).body as { items: { id: string; images: Shown[] }[] };
    const [image] = await imagesOf('prd_lamp');
    expect(list.items.find(({ id }) => id === 'prd_lamp')?.images).toEqual([image]);
    expect(image?.renditions.map(({ format, width, height }) => `${format} ${width}×${height}`).sort()).toEqual(['avif 120×160', 'avif 360×480', 'avif 480×640', 'webp 120×160', 'webp 360×480', 'webp 480×640']);
    for (const { url } of image?.renditions ?? []) {
      expect(url).toMatch(/^\/images\/[0-9a-f]{32}\/(?:160|480|960)\.(?:avif|webp)$/u);
      expect((await readFile(join(shop.imagesDir, 'public', url.slice('/images/'.length)))).includes('canary')).toBe(false);
    }
    const events = await shop.sent('image.processed.v1', 'prd_lamp') as EventOf<typeof imageProcessed>[];
    expect(events).toMatchObject([{ data: { productId: 'prd_lamp', imageId } }]);
    expect(events[0]?.data.renditions).toHaveLength(6);
  });

  it('that is sent twice, also at once, is one job, one picture and one event', async () => {
    const answers = await Promise.all([0, 1, 0, 1].map((worker) => upload('prd_mug1', formOf(variant('twice')), employee, worker)));
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
    const [first] = answers;
    if (!first) throw new Error('four were sent');
    await ended(first, 'done');
    expect((await upload('prd_mug1', formOf(variant('twice')))).body).toMatchObject({ id: first.body['id'], state: 'done' });
    expect(await shop.collections.products.findOne({ _id: 'prd_mug1' })).toMatchObject({ images: [{ id: first.body['imageId'] }] });
    expect(await shop.sent('image.processed.v1', 'prd_mug1')).toHaveLength(1);
  });

  it('of another product is not decoded again', async () => {
    await ended(await upload('prd_mug2', formOf(variant('shared'))), 'done');
    const made = await shop.collections.pictures.countDocuments();
    await ended(await upload('prd_mug3', formOf(variant('shared'))), 'done');
    expect(await shop.collections.pictures.countDocuments()).toBe(made);
    await eventually(async () => expect((await imagesOf('prd_mug3'))[0]?.renditions).toEqual((await imagesOf('prd_mug2'))[0]?.renditions));
  });

  it.each<[PictureName, number, RegExp]>([
    ['drawing.svg', 415, /an SVG/u], ['animated.gif', 415, /a GIF/u], ['animated.webp', 415, /moves/u], ['animated.png', 415, /moves/u],
    ['truncated.jpg', 400, /ends before/u], ['polyglot.jpg', 400, /follows after the end/u], ['bomb.png', 413, /900 megapixels/u],
  ])('%s is refused, whatever it calls itself', async (name, status, reason) => {
    const jobs = await shop.collections.imageJobs.countDocuments();
    const answer = await upload('prd_mug4', formOf(picture(name)));
    expect([answer.status, answer.body['detail']]).toEqual([status, expect.stringMatching(reason)]);
    expect(await shop.collections.imageJobs.countDocuments()).toBe(jobs);
  });

  it('whose pixels are damaged fails with the reason, and is told of once', async () => {
    const answer = await upload('prd_mug5', formOf(picture('damaged.png')));
    expect(answer.status).toBe(202);
    await ended(answer, 'failed');
    expect((await jobOf(answer)).body).toMatchObject({ reason: expect.stringContaining('damaged') as string });
    expect(await shop.sent('image.failed.v1', 'prd_mug5')).toMatchObject([{ data: { imageId: answer.body['imageId'] } }]);
    expect(await imagesOf('prd_mug5')).toEqual([]);
  });
});

describe('an upload', () => {
  it('that is no form, has no file, two, or a field too many is refused with the field', async () => {
    expect((await shop.call('POST', '/api/products/prd_mug6/images', { headers: employee, body: {} })).status).toBe(415);
    const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n';
    for (const broken of [head, `${head}\r\nhalf`, 'no form']) {
      for (const type of ['multipart/form-data; boundary=x', 'multipart/form-data']) {
        const { status } = await fetch(`${shop.urls[0]}/api/products/prd_mug6/images`, { method: 'POST', headers: { ...employee, 'content-type': type }, body: broken });
        expect([type, broken, status >= 400 && status < 500]).toEqual([type, broken, true]);
      }
    }
    const empty = new FormData();
    empty.append('alt', 'nothing');
    expect((await upload('prd_mug6', empty)).body).toMatchObject({ status: 400, errors: [{ pointer: '/file' }] });
    expect((await upload('prd_mug6', formOf(picture('plain.jpg'), { role: 'admin' }))).body).toMatchObject({ status: 400, errors: [{ pointer: '/role' }] });
    expect((await upload('prd_mug6', formOf(picture('plain.jpg'), { alt: 'x'.repeat(201) }))).body).toMatchObject({ status: 400, errors: [{ pointer: '/alt' }] });
    const two = formOf(picture('plain.jpg'));
    two.append('file', new Blob([picture('plain.webp')]), 'second.webp');
    expect((await upload('prd_mug6', two)).body).toMatchObject({ status: 400, detail: expect.stringContaining('one picture at a time') as string, errors: [{ pointer: '/file' }] });
  });

  it('with a wrong part before or around much data is refused, and whoever comes next on the connection is answered', { timeout: 60_000 }, async () => {
    // As nginx does it: the connection is used again, whoever the next request is from.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = async (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer): Promise<{ status: number | undefined; text: string }> =>
      new Promise((resolve, reject) => {
        const request = httpRequest(`${shop.urls[0]}${path}`, { agent, method, headers: { ...headers, ...(body && { 'content-length': String(body.length) }) }, signal: AbortSignal.timeout(8_000) }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (piece: string) => (text += piece)).on('end', () => resolve({ status: response.statusCode, text })).on('error', reject);
        });
        request.on('error', reject).end(body);
      });
    const part = (disposition: string, content: Uint8Array): Buffer => Buffer.concat([Buffer.from(`--boundary\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n`), content, Buffer.from('\r\n')]);
    const end = Buffer.from('--boundary--\r\n');
    const large = (): Buffer => randomBytes(900_000);
    const forms: (readonly [pointer: string, body: () => Buffer])[] = [
      ['/picture', () => Buffer.concat([part('name="picture"; filename="a.jpg"', large()), end])],
      ['/alt', () => Buffer.concat([part('name="alt"', Buffer.from('x'.repeat(201))), part('name="file"; filename="a.jpg"', large()), end])],
      ['/file', () => Buffer.concat([part('name="file"; filename="a.jpg"', large()), part('name="file"; filename="b.jpg"', large()), end])],
    ];
    for (let round = 0; round < 4; round += 1) {
      for (const [pointer, body] of forms) {
        const refused = await send('POST', '/api/products/prd_mug6/images', { ...employee, 'content-type': 'multipart/form-data; boundary=boundary' }, body());
        expect([refused.status, JSON.parse(refused.text)]).toEqual([400, expect.objectContaining({ errors: [expect.objectContaining({ pointer })] })]);
        expect([pointer, (await send('GET', '/api/products/prd_lamp')).status]).toEqual([pointer, 200]);
      }
    }
    agent.destroy();
  });

  it('of more than 5 MB is refused, and one of 5 MB is not too large', async () => {
    const megabytes = (count: number): FormData => formOf(Buffer.concat([picture('plain.jpg'), Buffer.alloc(count * 1024 * 1024 - picture('plain.jpg').length)]));
    expect((await upload('prd_mug6', megabytes(5))).status).toBe(202);
    const over = await upload('prd_mug6', megabytes(5.001));
    expect([over.status, over.body['code']]).toEqual([413, 'too-large']);
  });

  it('is for staff and for the partner whose product it is', async () => {
    const partner = await shop.token('partner-owner', { partnerId: 'par_two' });
    const own = await upload('prd_mug7', formOf(variant('partner')), partner);
    expect(own.status).toBe(202);
    expect((await upload('prd_lamp', formOf(variant('partner')), partner)).status).toBe(404);
    expect((await upload('prd_none', formOf(variant('partner')))).status).toBe(404);
    expect((await upload('prd_mug7', formOf(variant('partner')), await shop.token('customer'))).status).toBe(403);
    expect((await upload('prd_mug7', formOf(variant('partner')), {})).status).toBe(401);
    const location = own.headers.get('location') ?? '';
    expect((await shop.call('GET', location, { headers: partner })).status).toBe(200);
    expect((await shop.call('GET', location, { headers: await shop.token('partner-owner', { partnerId: 'par_one' }) })).status).toBe(404);
    expect((await shop.call('GET', location, { headers: await shop.token('customer') })).status).toBe(403);
  });
});

it('what Redis lost is put into the queue again, and what has had its tries fails', async () => {
  const jobs = shop.workers[0]?.app.get(ImageJobs, { strict: false });
  const answer = await upload('prd_mug8', formOf(variant('lost')));
  await ended(answer, 'done');
  const { _id, original } = await shop.collections.imageJobs.findOne({ _id: String(answer.body['id']) }) ?? {};
  const long = { createdAt: new Date(0), updatedAt: new Date(0), imageId: 'img_x', original: original ?? '', state: 'queued' as const, progress: 0 };
  await shop.collections.imageJobs.insertMany([{ ...long, _id: `${_id}again`, productId: 'prd_mug9', run: 1, createdAt: new Date() }, { ...long, _id: `${_id}given-up`, productId: 'prd_mug10', run: 3, createdAt: new Date() }]);
  expect(await jobs?.sweep()).toBe(2);
  await eventually(async () => expect(await shop.collections.imageJobs.findOne({ _id: `${_id}again` })).toMatchObject({ state: 'done', run: 2 }));
  expect(await shop.collections.imageJobs.findOne({ _id: `${_id}given-up` })).toMatchObject({ state: 'failed' });
  expect(await shop.sent('image.failed.v1', 'prd_mug10')).toHaveLength(1);
});
