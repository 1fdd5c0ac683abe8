export { attributeTerm } from './attribute-term.ts';
export { productTerms, type ProductTerms, type SearchText } from './product-terms.ts';
export { deletesOf, LEAST_FUZZY_LENGTH, withinOneEdit } from './spelling.ts';
export { isStopWord, wordsOf } from './words.ts';
