import { createHash } from 'node:crypto';
import { drawPicture, openObjectStore, originalKey, pictureHash, RENDITION_FORMATS, RENDITION_SIZES, renditionUrl, type ObjectStoreOptions } from '@shopfleet/images';
import type { Db } from 'mongodb';
import { insertNew } from './insert.ts';
import type { Profile } from './profiles.ts';
import { randomOf, seededId, type Random } from './random.ts';

const ORIGINALS = 40;
const [WIDTH, HEIGHT] = [1_200, 900];

/** A picture as products hold it. */
export interface SeedImage {
  readonly id: string;
  readonly renditions: readonly { readonly url: string; readonly format: string; readonly width: number; readonly height: number }[];
}

/**
 * Draws the originals and leaves a job for each: the product service makes the renditions once it runs, one after the
 * other, so that loading does not wait for them. Until then their addresses, which are known beforehand, answer 404.
 */
export async function paintPictures(product: Db, store: ObjectStoreOptions, profile: Profile, seed: number): Promise<SeedImage[]> {
  const objects = await openObjectStore(store);
  const images: SeedImage[] = [];
  const jobs: object[] = [];
  const now = new Date();
  for (let index = 0; index < Math.min(ORIGINALS, profile.products / 10); index += 1) {
    const random = randomOf(seed, `picture/${index}`);
    const bytes = await drawPicture(stillLife(random));
    const original = createHash('sha256').update(bytes).digest('hex');
    await objects.put(originalKey(original), bytes, 'image/jpeg');
    const hash = pictureHash(original);
    images.push({ id: `img_${hash}`, renditions: renditionsOf(hash) });
    jobs.push({ _id: seededId('ijb', new Date(0), random), imageId: `img_${hash}`, original, state: 'queued', progress: 0, run: 0, createdAt: now, updatedAt: now });
  }
  await insertNew(product.collection<{ _id: string }>('image_jobs'), jobs);
  return images;
}

// The originals have exactly the proportions of 4 to 3, so no rounding can differ.
function renditionsOf(hash: string): SeedImage['renditions'] {
  return [...RENDITION_SIZES].reverse().flatMap((size) => RENDITION_FORMATS.map((format) => ({ url: renditionUrl(hash, { size, format }), format, width: size, height: (size / WIDTH) * HEIGHT })));
}

/** Something round and something square on a table, in the light of a window: no brand, no person, nobody's photograph. */
function stillLife(random: Random): string {
  const hue = random.between(0, 359);
  const colour = (shift: number, light: number): string => `hsl(${(hue + shift) % 360} ${random.between(25, 60)}% ${light}%)`;
  const table = random.between(560, 680);
  const [left, size] = [random.between(180, 420), random.between(150, 260)];
  const [box, high] = [random.between(560, 760), random.between(220, 420)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
  <defs>
    <linearGradient id="wall" x2="1" y2="1"><stop stop-color="${colour(0, 92)}"/><stop offset="1" stop-color="${colour(20, 70)}"/></linearGradient>
    <radialGradient id="ball" cx="0.35" cy="0.3"><stop stop-color="${colour(180, 80)}"/><stop offset="1" stop-color="${colour(190, 35)}"/></radialGradient>
    <linearGradient id="side"><stop stop-color="${colour(90, 62)}"/><stop offset="1" stop-color="${colour(100, 38)}"/></linearGradient>
  </defs>
  <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#wall)"/>
  <rect y="${table}" width="${WIDTH}" height="${HEIGHT - table}" fill="${colour(30, 48)}"/>
  <ellipse cx="${left + 40}" cy="${table + 70}" rx="${size}" ry="36" fill="#000" opacity="0.22"/>
  <circle cx="${left}" cy="${table + 60 - size}" r="${size}" fill="url(#ball)"/>
  <polygon points="${box},${table + 60} ${box + 320},${table + 60} ${box + 380},${table + 96} ${box + 40},${table + 96}" fill="#000" opacity="0.22"/>
  <rect x="${box}" y="${table + 70 - high}" width="280" height="${high}" rx="${random.between(0, 40)}" fill="url(#side)"/>
  <path d="M${box} ${table + 150 - high} h280" stroke="${colour(100, 30)}" stroke-width="${random.between(4, 22)}"/>
</svg>`;
}
