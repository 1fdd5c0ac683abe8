import { wordsOf } from './words.ts';

/** What a product is found by. */
export interface SearchText {
  readonly name: string;
  readonly brand: string;
  /** Names of its categories, from the root down. */
  readonly categories: readonly string[];
  readonly description: string;
}

/** The words of a product by where they stand; `all` is what an index is made over. */
export interface ProductTerms {
  readonly title: string[];
  readonly category: string[];
  readonly all: string[];
}

// An index entry per word: a novel in the description must not cost a thousand of them.
const MAX_TERMS = 150;

/** @example productTerms({ name: 'Brass Lamp', brand: 'Fernmill', categories: ['Lighting'], description: 'A lamp.' }).title // ['fernmill', 'brass', 'lamp'] */
export function productTerms({ name, brand, categories, description }: SearchText): ProductTerms {
  const title = [...new Set([...wordsOf(brand), ...wordsOf(name)])].slice(0, MAX_TERMS);
  const category = [...new Set(categories.flatMap(wordsOf))];
  return { title, category, all: [...new Set([...title, ...category, ...wordsOf(description)])].slice(0, MAX_TERMS) };
}
