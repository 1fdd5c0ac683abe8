import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributesOf, attributesText, csvProducts, decimalOf, moneyOf, ndjsonProducts, type ProductLine } from './product-lines.ts';

async function read(reader: (pieces: AsyncIterable<string>) => AsyncIterable<ProductLine>, text: string): Promise<ProductLine[]> {
  const lines: ProductLine[] = [];
  for await (const line of reader((async function* () { yield* text.match(/[^]{1,11}/gu) ?? []; })())) lines.push(line);
  return lines;
}

describe('attributes in a cell', () => {
  it('are read as they were written, whatever stands in them', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ';', '\\', '=', 'é', '"'), minLength: 1 });
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('colour', 'size', 'cut'), value), (attributes) => {
      expect(attributesOf(attributesText(attributes))).toEqual(attributes);
    }));
  });

  it('may have spaces around them and a semicolon too many', () => {
    expect(attributesOf(' colour = red; size=M ;')).toEqual({ colour: 'red', size: 'M' });
  });
});

describe('money in a cell', () => {
  it.each([['19.9', 'EUR', 1_990], ['0.05', 'USD', 5], ['1200', 'JPY', 1_200], ['1.25', 'KWD', 1_250], ['7', 'KWD', 7_000]] as const)('%s %s is %i', (text, currency, amount) => {
    expect(moneyOf(text, currency)).toEqual({ amount, currency });
    expect(moneyOf(decimalOf(amount, currency), currency)).toEqual({ amount, currency });
  });

  it.each([['1.5', 'JPY'], ['1.999', 'EUR'], ['1,50', 'EUR'], ['-1', 'EUR'], ['1e3', 'EUR'], ['5', 'XXX']])('%s %s is left for the schema to refuse', (text, currency) => {
    expect(moneyOf(text, currency)).toEqual({ amount: text, currency });
  });
});

describe('lines of products', () => {
  it('have the number of the line they begin on, behind quoted line breaks too', async () => {
    const text = 'slug,name,description,sku,price,currency\r\na,A,"two\nlines",A-1,1,EUR\r\nto,few\r\nb,B,,B-1,1,EUR\r\nb,B,,B-2,2,EUR\r\n';
    expect((await read(csvProducts, text)).map(({ line, value, broken }) => [line, broken ?? (value as { variants: { sku: string }[] }).variants.map(({ sku }) => sku)])).toEqual([
      [4, 'has 2 cells, the first line 6'], [2, ['A-1']], [5, ['B-1', 'B-2']],
    ]);
  });

  it('leave a weight away where the cell is empty, so that nothing weighs nought by accident', async () => {
    const [line] = await read(csvProducts, 'sku,weightGrams\nA,\n');
    expect((line?.value as { variants: object[] }).variants[0]).not.toHaveProperty('weightGrams');
  });

  it('must name columns that are known', async () => {
    await expect(read(csvProducts, 'sku,colour\nA,red\n')).rejects.toThrow('it names colour');
  });

  it('go on behind a broken one and past an endless one', async () => {
    const lines = await read(ndjsonProducts, `{"a":1}\n{broken\n\n${'x'.repeat(1_100_000)}\n{"b":2}`);
    expect(lines.map(({ line, value, broken }) => [line, broken ?? value])).toEqual([[1, { a: 1 }], [2, 'is no JSON'], [4, 'is longer than a mebibyte'], [5, { b: 2 }]]);
  });
});
