import { minorDigits, type Currency, currencies } from '@shopfleet/kernel';
import { csvRecords, plainCell } from './csv.ts';

/** A product as it stands in an imported file; what is wrong with it is found out later, line by line. */
export interface ProductLine {
  readonly line: number;
  readonly value: unknown;
  /** Set when the line cannot even be read. */
  readonly broken?: string;
}

const MAX_LINE = 1024 * 1024;
const notUtf8 = 'is not UTF-8: save the file with that encoding';
// What a decoder writes in place of bytes that are no UTF-8.
const isDamaged = (text: string): boolean => text.includes('\uFFFD');

/** One JSON object per line. */
export async function* ndjsonProducts(pieces: AsyncIterable<string>): AsyncGenerator<ProductLine> {
  let number = 0;
  for await (const text of linesOf(pieces)) {
    number += 1;
    if (text.trim() === '') continue;
    if (text.length >= MAX_LINE) {
      yield { line: number, value: undefined, broken: 'is longer than a mebibyte' };
      continue;
    }
    if (isDamaged(text)) {
      yield { line: number, value: undefined, broken: notUtf8 };
      continue;
    }
    try {
      yield { line: number, value: JSON.parse(text) as unknown };
    } catch {
      yield { line: number, value: undefined, broken: 'is no JSON' };
    }
  }
}

/** Columns of the CSV form: a row per variant; rows in a row with one slug are one product. */
export const csvColumns = [
  'slug', 'name', 'description', 'brand', 'categoryId', 'partnerId', 'status', 'taxClass', 'sku', 'variantName', 'price', 'compareAt', 'currency', 'weightGrams', 'attributes',
] as const;

/** @throws RangeError when the first line does not name the columns */
export async function* csvProducts(pieces: AsyncIterable<string>): AsyncGenerator<ProductLine> {
  let columns: readonly string[] | undefined;
  let open: { line: number; slug: string; value: { variants: unknown[] } & Record<string, unknown> } | undefined;
  for await (const { line, cells } of csvRecords(pieces)) {
    if (!columns) {
      columns = cells.map((cell) => cell.replace(/^\uFEFF/u, '').trim());
      const unknown = columns.filter((name) => !(csvColumns as readonly string[]).includes(name));
      if (unknown.length > 0 || !columns.includes('sku')) throw new RangeError(`the first line names the columns: ${csvColumns.join(', ')}${unknown.length > 0 ? `; it names ${unknown.join(', ')}` : ''}`);
      continue;
    }
    if (cells.length !== columns.length) {
      yield { line, value: undefined, broken: `has ${cells.length} cells, the first line ${columns.length}` };
      continue;
    }
    if (cells.some(isDamaged)) {
      yield { line, value: undefined, broken: notUtf8 };
      continue;
    }
    const cell = Object.fromEntries(columns.map((name, index) => [name, plainCell(cells[index] ?? '')]));
    const slug = cell['slug'] ?? '';
    const variant = variantOf(cell);
    if (open && slug !== '' && slug === open.slug) {
      open.value.variants.push(variant);
      continue;
    }
    if (open) yield open;
    open = { line, slug, value: { ...present(cell, ['slug', 'name', 'description', 'brand', 'categoryId', 'partnerId', 'status', 'taxClass']), variants: [variant] } };
  }
  if (open) yield open;
}

function variantOf(cell: Readonly<Record<string, string>>) {
  const price = moneyOf(cell['price'] ?? '', cell['currency'] ?? '');
  const compareAt = moneyOf(cell['compareAt'] ?? '', cell['currency'] ?? '');
  const weight = cell['weightGrams'] ?? '';
  return {
    sku: cell['sku'] ?? '', name: cell['variantName'] ?? '', attributes: attributesOf(cell['attributes'] ?? ''), price, ...(compareAt !== undefined && { compareAt }),
    ...(weight.trim() !== '' && { weightGrams: Number(weight) }),
  };
}

/** `colour=red;size=M`. A backslash before a semicolon or a backslash makes it part of the value. */
export function attributesOf(text: string): Record<string, string> {
  const pairs = (text.match(/(?:\\[\\;]|[^;])+/gu) ?? []).map((pair) => pair.replace(/\\([\\;])/gu, '$1'));
  return Object.fromEntries(pairs.filter((pair) => pair.trim() !== '').map((pair) => {
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  }));
}

/** The other way round. */
export function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).map(([name, value]) => `${name}=${value.replace(/[\\;]/gu, '\\$&')}`).join(';');
}

/** `19.99` EUR is 1999; more digits than the currency has are not rounded but refused. Undefined for an empty cell. */
export function moneyOf(text: string, currency: string): unknown {
  if (text.trim() === '') return undefined;
  if (!isCurrency(currency)) return { amount: text, currency };
  const digits = minorDigits(currency);
  const match = /^(?<whole>\d{1,12})(?:\.(?<part>\d{1,3}))?$/u.exec(text.trim());
  const part = match?.groups?.['part'] ?? '';
  if (!match || part.length > digits) return { amount: text, currency };
  return { amount: Number(`${match.groups?.['whole'] ?? ''}${part.padEnd(digits, '0')}`), currency };
}

/** The other way round. */
export function decimalOf(amount: number, currency: Currency): string {
  const digits = minorDigits(currency);
  if (digits === 0) return String(amount);
  const text = String(amount).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function isCurrency(text: string): text is Currency {
  return (currencies as readonly string[]).includes(text);
}

// An empty cell is a field that was left away.
function present(cell: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name): [string, string][] => (cell[name] === undefined || cell[name] === '' ? [] : [[name, cell[name]]])));
}

// A line past the bound is cut, not kept: it is reported as broken.
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', from)) {
      yield `${rest}${piece.slice(from, end)}`;
      rest = '';
      from = end + 1;
    }
    if (rest.length < MAX_LINE) rest += piece.slice(from);
  }
  if (rest !== '') yield rest;
}
