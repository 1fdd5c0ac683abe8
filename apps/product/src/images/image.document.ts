/** Collection `image_jobs`: one per product and picture. */
export interface ImageJobDocument {
  /** `ijb_…` */
  _id: string;
  /** Left away: only the renditions are wanted, the product knows their addresses already (the demo data). */
  productId?: string;
  /** Whose product it is. */
  partnerId?: string;
  imageId: string;
  alt?: string;
  /** SHA-256 of the uploaded bytes, in hex: the picture's key in the object store. */
  original: string;
  state: ImageJobState;
  /** Per cent of the renditions that are made. */
  progress: number;
  /** Why it failed, for the person who sent it. */
  reason?: string;
  /** How often it was put into the queue. */
  run: number;
  createdAt: Date;
  updatedAt: Date;
}

export type ImageJobState = 'queued' | 'processing' | 'done' | 'failed';

/** Collection `pictures`: pictures whose renditions are all in the object store, whoever uses them. */
export interface PictureDocument {
  /** See `pictureHash`. */
  _id: string;
  renditions: { url: string; format: 'avif' | 'webp'; width: number; height: number; bytes: number }[];
  at: Date;
}
