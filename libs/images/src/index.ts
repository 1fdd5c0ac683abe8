export { DiskObjectStore } from './disk-object-store.ts';
export { drawPicture } from './draw-picture.ts';
export { inspectUpload } from './inspect-upload.ts';
export { decodesAtOnce, MAX_PIXELS, MAX_UPLOAD_BYTES, RENDITION_FORMATS, RENDITION_SIZES } from './limits.ts';
export type { ObjectStore } from './object-store.ts';
export { PictureError } from './picture-error.ts';
export { RenderProcess, type Rendered } from './render-process.ts';
export { originalKey, pictureHash, renditionKey, renditionUrl, type Rendition } from './rendition.ts';
export { objectStoreOptions, openObjectStore, type ObjectStoreEnvironment, type ObjectStoreOptions } from './open-object-store.ts';
