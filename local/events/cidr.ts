import { BlockList, isIP } from 'node:net';
import type { Scalar } from './event.ts';
import { InvalidPattern } from './invalid-pattern.ts';

/** Compiles a block of addresses, IPv4 or IPv6: `10.0.0.0/24`. Throws an InvalidPattern. */
export function compileCidr(text: string): (value: Scalar) => boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  if (!text.includes('/') || more.length > 0) throw new InvalidPattern("Malformed CIDR, one '/' required");
  const version = isIP(address);
  if (version === 0) throw new InvalidPattern(`Nonstandard IP address: ${address}`);
  if (!/^\d+$/.test(bits)) throw new InvalidPattern('Malformed CIDR, mask bits must be an integer');
  const most = version === 4 ? 32 : 128;
  if (Number(bits) > most) throw new InvalidPattern(`Malformed CIDR, mask bits must be between 0 and ${most}`);
  const block = new BlockList();
  block.addSubnet(address, Number(bits), `ipv${version as 4 | 6}`);
  return (value) =>
    typeof value === 'string' && isIP(value) === version && block.check(value, `ipv${version as 4 | 6}`);
}
