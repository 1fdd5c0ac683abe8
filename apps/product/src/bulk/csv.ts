/** A record of a CSV text with the line on which it began. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

const MAX_RECORD = 1024 * 1024;

/**
 * Reads CSV (RFC 4180: commas, quotes doubled inside quotes, line breaks within them) piece by piece, so that a file of
 * any size takes the memory of one record.
 * @throws RangeError for a record of more than a mebibyte: most likely a quote that was never closed
 */
export async function* csvRecords(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let cells: string[] = [];
  let cell = '';
  let size = 0;
  let quoted = false;
  let closing = false;
  let line = 1;
  let began = 1;
  for await (const piece of pieces) {
    for (const character of piece) {
      size += 1;
      if (size > MAX_RECORD) throw new RangeError(`the record that begins on line ${began} does not end: is a quote left open?`);
      if (character === '\n') line += 1;
      if (quoted && !closing) {
        if (character === '"') closing = true;
        else cell += character;
        continue;
      }
      if (closing && character === '"') {
        cell += '"';
        closing = false;
        continue;
      }
      if (closing) {
        closing = false;
        quoted = false;
      }
      if (character === '"' && cell === '') quoted = true;
      else if (character === ',') {
        cells.push(cell);
        cell = '';
      } else if (character === '\n') {
        cells.push(cell.replace(/\r$/u, ''));
        if (cells.length > 1 || cells[0] !== '') yield { line: began, cells };
        [cells, cell, size, began] = [[], '', 0, line];
      } else cell += character;
    }
  }
  cells.push(cell.replace(/\r$/u, ''));
  if (cells.length > 1 || cells[0] !== '') yield { line: began, cells };
}

/**
 * One line of CSV. A cell that a spreadsheet would take for a formula stands behind an apostrophe, and so does one that
 * begins like that anyway: `plainCell` takes exactly one away again.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map((value) => quote(typeof value === 'number' ? String(value) : harmless(value))).join(',')}\r\n`;
}

/** A cell as it was before `csvLine` made it harmless. */
export function plainCell(text: string): string {
  return /^'+(?:[=+@\t\r]|-(?!\d))/u.test(text) ? text.slice(1) : text;
}

function harmless(text: string): string {
  return /^'*(?:[=+@\t\r]|-(?!\d))/u.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
