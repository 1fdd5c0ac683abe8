/** Words shorter than this must be spelt right: a letter more or less makes too many other words of them. */
export const LEAST_FUZZY_LENGTH = 4;

/**
 * A word and what is left of it when any one letter is taken away. Two words are at most one edit apart (a letter more,
 * less, another, or two neighbours swapped) only if these sets meet, so an index over them finds every candidate by
 * equality. After SymSpell (W. Garbe).
 *
 * @example deletesOf('mug') // ['mug', 'ug', 'mg', 'mu']
 */
export function deletesOf(word: string): string[] {
  const letters = [...word];
  if (letters.length < LEAST_FUZZY_LENGTH - 1) return [word];
  return [...new Set([word, ...letters.map((_, index) => [...letters.slice(0, index), ...letters.slice(index + 1)].join(''))])];
}

/** Whether one edit makes `a` of `b`: a letter more, less, another, or two neighbours swapped. Also when they are equal. */
export function withinOneEdit(a: string, b: string): boolean {
  if (a === b) return true;
  const [long, short] = a.length >= b.length ? [[...a], [...b]] : [[...b], [...a]];
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && long[same] === short[same]) same += 1;
  const restOf = (letters: readonly string[], from: number): string => letters.slice(from).join('');
  if (long.length > short.length) return restOf(long, same + 1) === restOf(short, same);
  if (restOf(long, same + 1) === restOf(short, same + 1)) return true;
  return long[same] === short[same + 1] && long[same + 1] === short[same] && restOf(long, same + 2) === restOf(short, same + 2);
}
