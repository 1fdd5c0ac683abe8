import { z } from 'zod';
import type { ImageJobDocument } from './image.document.ts';

/** How far a picture is. */
export const imageJobView = z.strictObject({
  id: z.string(),
  productId: z.string().optional(),
  imageId: z.string().describe('what the picture is called among the images of its product'),
  state: z.enum(['queued', 'processing', 'done', 'failed']),
  progress: z.int().min(0).max(100).describe('per cent'),
  reason: z.string().optional().describe('why it failed'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export function presentJob({ _id, productId, imageId, state, progress, reason, createdAt, updatedAt }: ImageJobDocument): z.infer<typeof imageJobView> {
  return {
    id: _id, ...(productId !== undefined && { productId }), imageId, state, progress, ...(reason !== undefined && { reason }),
    createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(),
  };
}
