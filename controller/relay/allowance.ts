import type { Policy } from '../http/contract/policies.ts';
import { canonicalAddress } from './addresses.ts';

type Hosts = Pick<Policy<'relay'>, 'hosts' | 'privateHosts'>;

interface Entry {
  /** As in an address: lower case, punycode, IPv4 in four parts, IPv6 without brackets. */
  readonly host: string;
  /** All names below it too, and not it itself. */
  readonly below: boolean;
  /** Null for the scheme's own. */
  readonly port: number | null;
}

/** What of a URL decides whether it may be opened. */
export interface Destination {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

/** What may be opened, as an administrator decided it. An entry that cannot be read allows nothing. */
export class Allowance {
  readonly #hosts: readonly Entry[];
  readonly #private: readonly Entry[];

  constructor({ hosts, privateHosts }: Hosts) {
    this.#private = privateHosts.flatMap((text) => entryOf(text) ?? []);
    this.#hosts = [...hosts.flatMap((text) => entryOf(text) ?? []), ...this.#private];
  }

  /** Whether the host is on the list. Who is listed as private may be opened too. */
  names(destination: Destination): boolean {
    return this.#hosts.some((entry) => matches(entry, destination));
  }

  /** Whether that address may be connected to though it is not public: it is listed itself, or the host is. */
  permits(destination: Destination, address: string): boolean {
    const itself = { ...destination, host: canonicalAddress(address) ?? address };
    return this.#private.some((entry) => matches(entry, destination) || matches(entry, itself));
  }
}

const defaultPort = (scheme: Destination['scheme']): number => (scheme === 'https' ? 443 : 80);

function matches(entry: Entry, { scheme, host, port }: Destination): boolean {
  if ((entry.port ?? defaultPort(scheme)) !== port) return false;
  return entry.below ? host.endsWith(`.${entry.host}`) : host === entry.host;
}

/** `host`, `host:port`, `*.host`, `1.2.3.4`, `[::1]:8000` or `::1`. */
function entryOf(text: string): Entry | null {
  const trimmed = text.trim();
  const below = trimmed.startsWith('*.');
  const rest = below ? trimmed.slice(2) : trimmed;
  if (rest === '' || /[\s/@?#*\\]/.test(rest)) return null;
  const bare = canonicalAddress(rest);
  if (bare !== null && !rest.startsWith('[')) return below ? null : { host: bare, below, port: null };
  const port = /:(\d{1,5})$/.exec(rest);
  const name = port === null ? rest : rest.slice(0, port.index);
  const host = hostOf(name);
  const number = port === null ? null : Number(port[1]);
  if (host === null || (number !== null && (number < 1 || number > 65_535))) return null;
  return { host, below, port: number };
}

/** As `URL` writes a host: what is spelt differently is still the same one. */
function hostOf(name: string): string | null {
  if (!URL.canParse(`http://${name}/`)) return null;
  const { hostname } = new URL(`http://${name}/`);
  return normalHost(hostname);
}

/** Without the dot at the end and without brackets. */
export function normalHost(hostname: string): string {
  return canonicalAddress(hostname) ?? hostname.replace(/\.$/, '').toLowerCase();
}

/** @returns null when it is no address of the web. */
export function destinationOf(url: URL): Destination | null {
  const scheme = url.protocol === 'http:' ? 'http' : url.protocol === 'https:' ? 'https' : null;
  if (scheme === null || url.hostname === '') return null;
  const port = url.port === '' ? defaultPort(scheme) : Number(url.port);
  return { scheme, host: normalHost(url.hostname), port };
}
