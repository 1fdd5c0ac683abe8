import { BlockList, isIP } from 'node:net';

/** Answers that are remembered; few addresses are asked for again and again, such as the proxy's. */
const MOST_KNOWN = 1_000;

/**
 * A set of address ranges such as `10.0.0.0/8, 2001:db8::/32, 203.0.113.7`.
 *
 * @throws TypeError that names the part which is no address or range
 */
export class AddressRange {
  readonly #list = new BlockList();
  readonly #known = new Map<string, boolean>();

  constructor(ranges: readonly string[]) {
    for (const range of ranges) this.#add(range);
  }

  /** IPv4 addresses in IPv6 notation (`::ffff:10.0.0.1`) count as IPv4. */
  includes(address: string): boolean {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const plain = address.replace(/^::ffff:(?=\d+\.)/iu, '');
    const family = isIP(plain);
    const isIn = family !== 0 && this.#list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(address, isIn);
    return isIn;
  }

  #add(range: string): void {
    const [address = '', bits, ...rest] = range.split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    if (family === 0 || rest.length > 0 || bits === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > most) {
      throw new TypeError(`"${range}" is no address range; write it like 10.0.0.0/8`);
    }
    this.#list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
}
