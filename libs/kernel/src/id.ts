import { v7 } from 'uuid';

/**
 * A new identifier such as `ord_0192f7c1…`: the prefix names the kind of thing, the rest is a UUID version 7, so that
 * identifiers of one kind sort by the time they were made (to the millisecond, and in order within one process).
 */
export function newId(prefix: string): string {
  return `${prefix}_${v7().replaceAll('-', '')}`;
}
