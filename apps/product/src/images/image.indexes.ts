import type { CollectionDefinition } from '@shopfleet/mongo';

const KEPT_SECONDS = 30 * 86_400;

export const imageIndexes: readonly CollectionDefinition[] = [
  {
    collection: 'image_jobs',
    indexes: [
      { name: 'product_original', key: { productId: 1, original: 1 }, unique: true, partialFilterExpression: { productId: { $exists: true } }, serves: 'the same picture sent twice is one job' },
      { name: 'state_oldest', key: { state: 1, updatedAt: 1 }, serves: 'jobs that nobody works on, for the sweep' },
      { name: 'gone', key: { createdAt: 1 }, expireAfterSeconds: KEPT_SECONDS, serves: 'forgets jobs after thirty days; the pictures stay' },
    ],
  },
];
