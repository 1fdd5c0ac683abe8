import { picture } from '@shopfleet/testing';

/** A form as a browser sends it. */
export function formOf(bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([bytes]), 'holiday.jpg');
  return form;
}

/** The same picture with another hash: a comment in a JPEG changes no pixel. */
export function variant(text: string): Buffer<ArrayBuffer> {
  const plain = picture('plain.jpg');
  const comment = Buffer.from(text);
  const head = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
  return Buffer.concat([plain.subarray(0, 2), head, comment, plain.subarray(2)]);
}
