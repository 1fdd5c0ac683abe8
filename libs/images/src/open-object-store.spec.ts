import { expect, it } from 'vitest';
import { objectStoreOptions } from './open-object-store.ts';

it('is a folder where no bucket is named, also by variables that are there and empty', () => {
  const empty = { IMAGES_S3_BUCKET: '', IMAGES_S3_REGION: '', IMAGES_S3_ENDPOINT: '', IMAGES_S3_ACCESS_KEY_ID: '', IMAGES_S3_SECRET_ACCESS_KEY: '' };
  expect([objectStoreOptions({ IMAGES_DIR: '/pictures' }), objectStoreOptions({ IMAGES_DIR: '/pictures', ...empty })]).toEqual([{ folder: '/pictures' }, { folder: '/pictures' }]);
  expect(objectStoreOptions({ IMAGES_DIR: '/pictures', ...empty, IMAGES_S3_BUCKET: 'pictures' })).toEqual({ folder: '/pictures', s3: { bucket: 'pictures', region: 'us-east-1' } });
});
