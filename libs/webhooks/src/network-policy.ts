import { BlockList, isIP } from 'node:net';

// IANA's special-purpose registries: whatever is not reachable for everybody on the internet is not for us to call.
const specialIpv4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
// Within 2000::/3, which is all that is global; IPv4 in IPv6 clothes (mapped, NAT64) lies outside of it, 6to4 and Teredo inside.
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const special = blockListOf([...specialIpv4, ...specialIpv6]);
const globalIpv6 = blockListOf(['2000::/3']);

/** Whether an address belongs to a host on the public internet. False for anything that is no IP address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  // A zone (`fe80::1%eth0`) speaks of this machine's interfaces.
  if (family === 6) return !address.includes('%') && globalIpv6.check(address, 'ipv6') && !special.check(address, 'ipv6');
  return false;
}

/** Which addresses may be called: public ones, and those that an operator lists (a test server, a host in the same net). */
export class NetworkPolicy {
  readonly #listed: BlockList;

  /** @param allowed addresses and ranges such as `127.0.0.1/32`; @throws TypeError naming what is neither */
  constructor(allowed: readonly string[] = []) {
    this.#listed = blockListOf(allowed);
  }

  allows(address: string): boolean {
    const family = isIP(address);
    if (family === 0) return false;
    return isPublicAddress(address) || (!address.includes('%') && this.#listed.check(address, family === 4 ? 'ipv4' : 'ipv6'));
  }
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address);
    const prefix = Number(bits ?? (family === 4 ? 32 : 128));
    if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 4 ? 32 : 128)) throw new TypeError(`"${range}" is no address range; write it like 10.0.0.0/8`);
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
