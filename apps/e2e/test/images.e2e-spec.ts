import { picture, type PictureName } from '@shopfleet/testing';
import { FormData } from 'undici';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, waitFor } from '../src/shop.ts';
import { expectStatus, Shopper } from '../src/shopper.ts';

interface Product {
  readonly id: string;
  readonly images: readonly { readonly id: string; readonly alt?: string; readonly renditions: readonly { readonly url: string; readonly format: string; readonly width: number; readonly height: number }[] }[];
}
interface Job {
  readonly id: string;
  readonly imageId: string;
  readonly state: string;
  readonly progress: number;
}

const employee = new Shopper();
const partner = new Shopper();
let products: readonly Product[];
beforeAll(async () => {
  await employee.login('shopfleet-demo', 'employee@example.com');
  await partner.login('shopfleet-demo', 'partner@example.com');
  products = expectStatus(await call<{ items: Product[] }>('/api/products?limit=60'), 200).body.items;
});

function formOf(bytes: Buffer<ArrayBuffer>, alt?: string): FormData {
  const form = new FormData();
  if (alt !== undefined) form.append('alt', alt);
  form.append('file', new Blob([bytes]), 'holiday.jpg');
  return form;
}
const upload = (shopper: Shopper, id: string, form: FormData) => shopper.send<Job & Record<string, unknown>>(`/api/products/${id}/images`, { method: 'POST', form });

describe('a picture', () => {
  it('is uploaded, made and served by nginx itself, for good', async () => {
    const id = products[0]?.id ?? '';
    const { body: job, headers } = expectStatus(await upload(employee, id, formOf(picture('rotated.jpg'), 'Seen from above')), 202);
    const done = await waitFor('the renditions', async () => {
      const { body } = expectStatus(await employee.get<Job>(String(headers['location'])), 200);
      return body.state === 'done' ? body : undefined;
    }, 90);
    expect(done).toMatchObject({ id: job.id, progress: 100 });
    const image = await waitFor('the picture at its product', async () => (await call<Product>(`/api/products/${id}`)).body.images.find((candidate) => candidate.id === job.imageId), 5);
    expect(image).toMatchObject({ alt: 'Seen from above' });
    expect(image.renditions.map(({ format, width, height }) => `${format} ${width}×${height}`).sort()).toEqual(['avif 120×160', 'avif 360×480', 'avif 480×640', 'webp 120×160', 'webp 360×480', 'webp 480×640']);
    for (const { url, format } of image.renditions) {
      const rendition = expectStatus(await call(url), 200);
      expect([rendition.headers['content-type'], rendition.headers['cache-control']]).toEqual([`image/${format}`, 'public, max-age=31536000, immutable']);
      expect(rendition.headers['x-cache']).toBeUndefined();
    }
  });

  it('of the data set is there soon after the shop', async () => {
    const [first] = products[1]?.images ?? [];
    expect(first?.renditions).toHaveLength(6);
    for (const { url } of first?.renditions ?? []) await waitFor(url, async () => ((await call(url)).status === 200 ? true : undefined), 100);
  });

  it.each<[PictureName, number]>([['drawing.svg', 415], ['animated.gif', 415], ['polyglot.jpg', 400], ['truncated.jpg', 400], ['bomb.png', 413]])('%s is refused with the reason', async (name, status) => {
    const answer = await upload(employee, products[0]?.id ?? '', formOf(picture(name)));
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(String(answer.body['detail']).length).toBeGreaterThan(20);
  });

  it('of more than 5 MB is refused, by nginx or by the service', async () => {
    for (const bytes of [5.01, 6].map((megabytes) => Buffer.concat([picture('plain.jpg'), Buffer.alloc(Math.floor(megabytes * 1024 * 1024))]))) {
      expect((await upload(employee, products[0]?.id ?? '', formOf(bytes))).body).toMatchObject({ status: 413, code: 'too-large' });
    }
  });

  it('is taken of a partner for their own products only', async () => {
    // Somebody else's product is not there; at one of their own it is the SVG that is wrong. One in ten is theirs.
    const statuses = new Set<number>();
    for (const { id } of products) {
      if (statuses.size < 2) statuses.add((await upload(partner, id, formOf(picture('drawing.svg')))).status);
    }
    expect(statuses).toEqual(new Set([404, 415]));
  });
});
