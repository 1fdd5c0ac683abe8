/**
 * A set of objects through which many pass, each for a short time, such as the requests under way; `Set` is right for all others.
 *
 * V8 moves the table of a `Set` or `Map` when its places are used up, those of deleted entries too, and a table that was left
 * points to the next one. One of them that has come to the old generation, dead, keeps alive all that follow, and each
 * what stood in it when it was left: a tenth of what passes through is promoted with all that it refers to, until the whole heap
 * is marked (docs/adr/0026-sets-through-which-much-passes.md). Here places are used again and nothing is moved: there
 * stay as many as there were members at once. Each member gets a property of its own that says where it stands, so a frozen object cannot be one.
 */
export class PassingSet<T extends object> implements Iterable<T> {
  readonly #places: (T | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #place = Symbol('place');

  constructor(members: Iterable<T> = []) {
    for (const member of members) this.add(member);
  }

  get size(): number {
    return this.#places.length - this.#free.length;
  }

  add(member: T): this {
    if (this.has(member)) return this;
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = member;
    placesOf(member)[this.#place] = place;
    return this;
  }

  has(member: T): boolean {
    return placesOf(member)[this.#place] !== undefined;
  }

  /** False when it was no member. */
  delete(member: T): boolean {
    const place = placesOf(member)[this.#place];
    if (place === undefined) return false;
    placesOf(member)[this.#place] = undefined;
    this.#places[place] = undefined;
    this.#free.push(place);
    return true;
  }

  clear(): void {
    for (const member of this) this.delete(member);
  }

  /** In no particular order; members may go meanwhile, and one that comes may be missed. */
  *[Symbol.iterator](): Generator<T> {
    for (const member of this.#places) if (member !== undefined) yield member;
  }
}

const placesOf = (member: object): Record<symbol, number | undefined> => member as Record<symbol, number | undefined>;
