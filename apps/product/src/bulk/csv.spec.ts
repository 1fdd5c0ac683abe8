import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, csvRecords, plainCell, type CsvRecord } from './csv.ts';

async function read(...pieces: string[]): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords((async function* () { yield* pieces; })())) records.push(record);
  return records;
}

describe('CSV', () => {
  it('knows quotes, commas and line breaks within them, and on which line a record began', async () => {
    expect(await read('a,"b ""x"", c"\r\n"two\nlines",d\n\ne,')).toEqual([
      { line: 1, cells: ['a', 'b "x", c'] }, { line: 2, cells: ['two\nlines', 'd'] }, { line: 5, cells: ['e', ''] },
    ]);
  });

  it('reads what it wrote, however it is cut in pieces', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'é', '9', '=', '-', '\'') });
    await fc.assert(fc.asyncProperty(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), async (rows, length) => {
      const whole = rows.map(csvLine).join('');
      const pieces = whole.match(new RegExp(`[^]{1,${length}}`, 'gu')) ?? [];
      expect((await read(...pieces)).map(({ cells }) => cells.map(plainCell))).toEqual(rows);
    }));
  });

  it('writes nothing that a spreadsheet would run', () => {
    expect(csvLine(['=1+1', '-5', '-x', 7, "'@x", "'x"])).toBe("'=1+1,-5,'-x,7,''@x,'x\r\n");
  });

  it('gives up on a quote that never closes', async () => {
    await expect(read('"', 'x'.repeat(1_100_000))).rejects.toThrow('line 1');
  });
});
