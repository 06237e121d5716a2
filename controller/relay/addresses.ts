import ipaddr from 'ipaddr.js';

/** A public address that all the same answers only inside of a provider's network, with the machine's own keys. */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an address lies on the public internet. An address that embeds another one (IPv4-mapped and -compatible, NAT64,
 * 6to4, ISATAP) is as public as what it embeds. Teredo and everything that IANA has set aside, or not given out yet,
 * is not public.
 * @param text as a resolver gives it, without brackets; what cannot be read is not public.
 */
export function isPublic(text: string): boolean {
  const [bare = ''] = text.split('%', 1);
  if (!ipaddr.isValid(bare)) return false;
  const address = ipaddr.parse(bare);
  return address instanceof ipaddr.IPv4 ? isPublicIPv4(address) : isPublicIPv6(address as ipaddr.IPv6);
}

const isPublicIPv4 = (address: ipaddr.IPv4): boolean =>
  address.range() === 'unicast' && !METADATA.has(address.toString());

function isPublicIPv6(address: ipaddr.IPv6): boolean {
  const parts = address.parts;
  const range = address.range();
  const last = embedded(parts, 6);
  if (range === 'ipv4Mapped' || range === 'rfc6145') return isPublicIPv4(last);
  // The well-known prefix alone; the other one (RFC 8215) is for networks of one's own.
  if (range === 'rfc6052') return parts[2] === 0 && isPublicIPv4(last);
  if (range === '6to4') return isPublicIPv4(embedded(parts, 1));
  if (range !== 'unicast') return false;
  // `::a.b.c.d`, deprecated, but still routed by some stacks.
  if (parts.slice(0, 6).every((part) => part === 0)) return isPublicIPv4(last);
  const [first = 0] = parts;
  // All that IANA has given out for unicast: 2000::/3.
  if ((first & 0xe000) !== 0x2000) return false;
  const isatap = ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;
  return !isatap || isPublicIPv4(last);
}

function embedded(parts: readonly number[], at: number): ipaddr.IPv4 {
  const [high = 0, low = 0] = [parts[at], parts[at + 1]];
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}

/** The same address always as the same text; null when it is none. An IPv4 address in IPv6's clothes is the IPv4 one. */
export function canonicalAddress(text: string): string | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return null;
  return ipaddr.process(bare).toString();
}
