// A text of a malicious length costs no more than a long one.
const MAX_CHARACTERS = 4_000;
const MAX_WORD = 32;

// Scripts that write no spaces: a run is taken apart into overlapping pairs, so that any part of it is found.
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+$/u;
const runs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+|[\p{L}\p{N}]+/gu;

const stopWords = new Set(['a', 'an', 'and', 'are', 'as', 'at', 'be', 'by', 'for', 'from', 'in', 'is', 'it', 'its', 'of', 'on', 'or', 'that', 'the', 'this', 'to', 'with']);

/**
 * The words of a text as they are indexed and looked for: without case, accents and plural s, in order, repeats included.
 *
 * @example wordsOf('Cafetières « Écume »') // ['cafetiere', 'ecume']
 */
export function wordsOf(text: string): string[] {
  const plain = text.slice(0, MAX_CHARACTERS).normalize('NFKD').replace(/\p{M}+/gu, '').normalize('NFC').toLowerCase().replace(/[’']s?\b/gu, '');
  return [...plain.matchAll(runs)].flatMap(([run]) => (unspaced.test(run) ? pairsOf(run) : [singular(run.slice(0, MAX_WORD))]));
}

/** Whether a word is in so many texts that it tells nothing: `of`, `the`. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  return characters.slice(0, -1).map((character, index) => `${character}${characters[index + 1] ?? ''}`);
}

// As much grammar as a catalogue needs; whatever it gets wrong, it gets wrong in the index and in the query alike.
function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/u.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  return /(?:x|ch|sh|ss)es$/u.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}
