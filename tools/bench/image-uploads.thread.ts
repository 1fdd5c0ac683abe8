import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { drawPicture } from '@shopfleet/images';
import { Agent, FormData, request } from 'undici';

/** What the thread that uploads is told. */
export interface UploadOrder {
  readonly url: string;
  readonly ca: Uint8Array;
  readonly token: string;
  readonly productIds: readonly string[];
  readonly pictures: number;
}

const { url, ca, token, productIds, pictures } = workerData as UploadOrder;
const dispatcher = new Agent({ connect: { ca: Buffer.from(ca) } });
const drawn = await Promise.all(['#d8b', '#8bd', '#bd8', '#db8'].map((colour) => drawPicture(drawing(colour))));
for (let index = 0; index < pictures; index += 1) await upload(productIds[index % productIds.length] ?? '', withComment(drawn[index % drawn.length] ?? Buffer.alloc(0)));
await dispatcher.close();

async function upload(productId: string, bytes: Buffer<ArrayBuffer>): Promise<void> {
  for (;;) {
    const form = new FormData();
    form.append('file', new Blob([bytes]), 'bench.jpg');
    const { statusCode, headers, body } = await request(`${url}/api/products/${productId}/images`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form, dispatcher });
    const text = await body.text();
    if (statusCode === 202) return;
    if (statusCode !== 503) throw new Error(`an upload answered ${statusCode}: ${text}`);
    await delay(Number(headers['retry-after']) * 1_000);
  }
}

/** A picture of its own each time: a comment in a JPEG changes its hash and no pixel. */
function withComment(jpeg: Buffer): Buffer<ArrayBuffer> {
  const comment = Buffer.from(createHash('sha256').update(randomBytes(16)).digest('hex'));
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment, jpeg.subarray(2)]);
}

function drawing(colour: string): string {
  const dots = Array.from({ length: 600 }, (_, dot) => `<circle cx="${(dot * 733) % 2000}" cy="${(dot * 419) % 1500}" r="${10 + ((dot * 37) % 60)}" fill="hsl(${(dot * 47) % 360} 50% ${30 + ((dot * 13) % 50)}%)"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="1500"><rect width="2000" height="1500" fill="${colour}"/>${dots.join('')}</svg>`;
}
