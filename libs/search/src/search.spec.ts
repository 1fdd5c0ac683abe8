import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deletesOf, productTerms, withinOneEdit, wordsOf } from './index.ts';

describe('words', () => {
  it.each([
    ['Brass Desk Lamps', ['brass', 'desk', 'lamp']],
    ['Cafetière à piston « Écume »', ['cafetiere', 'a', 'piston', 'ecume']],
    ['Children’s Books, T-Shirt', ['children', 'book', 't', 'shirt']],
    ['Batteries boxes glass', ['battery', 'box', 'glass']],
    ['手作りの湯のみ', ['手作', '作り', 'りの', 'の湯', '湯の', 'のみ']],
    ['מנורת שולחן', ['מנורת', 'שולחן']],
    ['(a+)+$ "x" -y', ['a', 'x', 'y']],
    ['   ', []],
  ])('of %s', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('of an endless text take no longer than those of a long one', () => {
    const began = performance.now();
    wordsOf('(a+)+$'.repeat(100_000));
    expect(performance.now() - began).toBeLessThan(50);
  });

  it('of a product say where they stand', () => {
    expect(productTerms({ name: 'Fernmill Mug', brand: 'Fernmill', categories: ['Kitchen', 'Mugs'], description: 'A mug of clay.' })).toEqual({
      title: ['fernmill', 'mug'], category: ['kitchen', 'mug'], all: ['fernmill', 'mug', 'kitchen', 'a', 'of', 'clay'],
    });
  });
});

describe('one edit', () => {
  it.each([
    ['lamp', 'lamp', true], ['lamp', 'lmap', true], ['lamp', 'lap', true], ['lamp', 'clamp', true], ['lamp', 'lump', true],
    ['lamp', 'lamps', true], ['lamp', 'plma', false], ['lamp', 'lmpa', false], ['lamp', 'lampsy', false], ['lamp', 'lumb', false],
  ])('%s – %s: %s', (a, b, near) => {
    expect([withinOneEdit(a, b), withinOneEdit(b, a)]).toEqual([near, near]);
  });

  it('makes words whose deletes meet', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdeé'), minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('insert', 'delete', 'substitute', 'swap'), (original, at, edit) => {
        const letters = [...original];
        const place = at % letters.length;
        if (edit === 'insert') letters.splice(place, 0, 'x');
        else if (edit === 'delete') letters.splice(place, 1);
        else if (edit === 'substitute') letters[place] = 'x';
        else [letters[place], letters[(place + 1) % letters.length]] = [letters[(place + 1) % letters.length] ?? '', letters[place] ?? ''];
        const misspelt = letters.join('');
        if (edit === 'swap' && place + 1 === letters.length) return;
        const known = new Set(deletesOf(original));
        expect(withinOneEdit(original, misspelt)).toBe(true);
        expect(deletesOf(misspelt).some((left) => known.has(left))).toBe(true);
      }),
    );
  });
});
