import { createEvent, imageFailed, imageProcessed, type Envelope } from '@shopfleet/contracts';
import type { PictureDocument } from './image.document.ts';

export function processedEvent(productId: string, imageId: string, renditions: PictureDocument['renditions']): Envelope {
  return createEvent(imageProcessed, { source: 'product', subject: productId, data: { productId, imageId, renditions } });
}

export function failedEvent(productId: string, imageId: string, reason: string): Envelope {
  return createEvent(imageFailed, { source: 'product', subject: productId, data: { productId, imageId, reason } });
}
