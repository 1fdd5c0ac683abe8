import { deletesOf, isStopWord, withinOneEdit, wordsOf } from '@shopfleet/search';

/** One word that was typed, with the words of the catalogue that it may mean. Some product has each of them. */
export interface WordGroup {
  readonly exact: readonly string[];
  /** Longer words that begin with it. */
  readonly prefixed: readonly string[];
  /** Within one edit of it. */
  readonly near: readonly string[];
  /** In how many products about, by the exact word and its longer ones. */
  readonly count: number;
}

export interface KnownWord {
  readonly word: string;
  readonly count: number;
}

/** What the vocabulary has to be asked, in two queries, to understand a text. */
export interface VocabularyQuestion {
  readonly words: readonly string[];
  /** Words of the vocabulary one of whose deletes is among these may be meant. */
  readonly deletes: readonly string[];
  /** Words that begin with this. */
  readonly prefix: string | undefined;
}

const MAX_WORDS = 8;
const MAX_NEAR = 12;
const MAX_PREFIXED = 16;

export function questionOf(text: string): VocabularyQuestion {
  const all = [...new Set(wordsOf(text))];
  const telling = all.filter((word) => !isStopWord(word));
  const words = (telling.length > 0 ? telling : all).slice(0, MAX_WORDS);
  const joined = words.slice(0, -1).map((word, index) => `${word}${words[index + 1] ?? ''}`);
  const parts = words.flatMap((word) => splitsOf(word).flat());
  const last = words.at(-1);
  return { words, deletes: [...new Set([...words.flatMap(deletesOf), ...joined, ...parts])], prefix: last !== undefined && last.length >= 2 ? last : undefined };
}

/** The groups of a text: a space too few or too many is seen through, and a word that nothing is like is left out. */
export function groupsOf({ words, prefix }: VocabularyQuestion, candidates: readonly KnownWord[], longer: readonly KnownWord[]): WordGroup[] {
  const known = new Map(candidates.map(({ word, count }) => [word, count]));
  const groups: WordGroup[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const prefixed = word === prefix ? byCount(longer.filter((candidate) => candidate.word !== word)).slice(0, MAX_PREFIXED) : [];
    const near = byCount(candidates.filter((candidate) => candidate.word !== word && withinOneEdit(word, candidate.word))).slice(0, MAX_NEAR);
    const joined = `${word}${words[index + 1] ?? ''}`;
    const isKnown = known.has(word) || prefixed.length > 0;
    const parts = isKnown || near.length > 0 ? undefined : splitsOf(word).find((pair) => pair.every((part) => known.has(part)));
    if (!known.has(word) && index + 1 < words.length && known.has(joined) && !known.has(words[index + 1] ?? '')) {
      groups.push(exactly(joined, known));
      index += 1;
    } else if (parts) {
      groups.push(...parts.map((part) => exactly(part, known)));
    } else if (isKnown || near.length > 0) {
      const meant = isKnown ? [...(known.has(word) ? [{ word, count: known.get(word) ?? 0 }] : []), ...prefixed] : near;
      groups.push({ exact: known.has(word) ? [word] : [], prefixed: prefixed.map((item) => item.word), near: near.map((item) => item.word), count: meant.reduce((sum, { count }) => sum + count, 0) });
    }
  }
  return groups;
}

function exactly(word: string, known: ReadonlyMap<string, number>): WordGroup {
  return { exact: [word], prefixed: [], near: [], count: known.get(word) ?? 0 };
}

function splitsOf(word: string): [string, string][] {
  if (word.length < 6) return [];
  return Array.from({ length: word.length - 5 }, (_, index) => [word.slice(0, index + 3), word.slice(index + 3)]);
}

function byCount(words: readonly KnownWord[]): KnownWord[] {
  return [...words].sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1));
}
