/**
 * What a mail says, without any markup: text and HTML are both made from it, and escaping happens in the one place that
 * makes the HTML. A kind of mail cannot forget it.
 */
export interface MailContent {
  readonly subject: string;
  readonly greeting: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly type: 'paragraph'; readonly text: string }
  /** A link that is the point of the mail. */
  | { readonly type: 'action'; readonly label: string; readonly url: string }
  /** Something to copy. */
  | { readonly type: 'code'; readonly label: string; readonly text: string }
  | { readonly type: 'lines'; readonly rows: readonly Row[]; readonly totals: readonly Row[] };

/** A line of a list with an amount at its end; `emphasis` for the one that counts. */
export interface Row {
  readonly label: string;
  readonly value: string;
  readonly emphasis?: boolean;
}

export const paragraph = (text: string): Block => ({ type: 'paragraph', text });
export const action = (label: string, url: string): Block => ({ type: 'action', label, url });
export const code = (label: string, text: string): Block => ({ type: 'code', label, text });
export const lines = (rows: readonly Row[], totals: readonly Row[] = []): Block => ({ type: 'lines', rows, totals });

// Control characters and the marks that turn the direction of the text around a name.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Foreign text (a name, a title) as one line that cannot rearrange what stands around it. */
export function oneLine(text: string): string {
  return text.replace(unprintable, ' ').replace(/ {2,}/gu, ' ').trim();
}
