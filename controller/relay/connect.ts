import { lookup as lookUp } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import type { Policy } from '../http/contract/policies.ts';
import { isPublic } from './addresses.ts';
import { Allowance, type Destination } from './allowance.ts';
import { lost, refused } from './trouble.ts';

/** All addresses of a name, as the system's resolver gives them. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) =>
  (await lookUp(host, { all: true, verbatim: true })).map(({ address }) => address);

export interface Doorway {
  readonly policy: () => Pick<Policy<'relay'>, 'hosts' | 'privateHosts'>;
  readonly resolve: Resolve;
  /** Certificates that are trusted besides the system's, PEM. */
  readonly ca?: string;
}

export const CONNECT_MS = 10_000;
/** More addresses of one name are not tried. */
const MOST_TRIED = 4;

/**
 * Connects to a host of the list. Its addresses are resolved once, here, every one of them is judged, and the connection
 * goes to one that was judged: what the name says a moment later has no say.
 * @throws StreamTrouble `not-allowed`, `private-address`, `unknown-host`, `no-connection`, `bad-certificate`.
 */
export async function connect(
  destination: Destination,
  { policy, resolve, ca }: Doorway,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { scheme, host, port } = destination;
  const allowance = new Allowance(policy());
  if (!allowance.names(destination)) {
    throw refused('not-allowed', `${host}:${port} is not among the addresses that an administrator allowed.`);
  }
  const addresses = await resolved(host, resolve);
  signal.throwIfAborted();
  for (const address of addresses) {
    if (isPublic(address) || allowance.permits(destination, address)) continue;
    throw refused('private-address', `${host} is at ${address}, which is not on the public internet.`);
  }
  let failure: unknown;
  const tried = addresses.slice(0, MOST_TRIED);
  for (const address of tried) {
    try {
      const socket = await reach(address, port, CONNECT_MS / tried.length, signal);
      return scheme === 'https' ? await secured(socket, host, ca, signal) : socket;
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  if (isCertificateError(failure)) {
    throw lost('bad-certificate', `The certificate of ${host} is not good: ${messageOf(failure)}`, failure);
  }
  throw lost('no-connection', `${host}:${port} could not be reached: ${messageOf(failure)}`, failure);
}

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  if (net.isIP(host) !== 0) return [host];
  const addresses = await within(CONNECT_MS, resolve(host)).catch((error: unknown) => {
    throw lost('unknown-host', `There is no address for ${host}: ${messageOf(error)}`, error);
  });
  if (addresses.length === 0) throw lost('unknown-host', `There is no address for ${host}.`);
  return addresses;
}

function reach(address: string, port: number, ms: number, signal: AbortSignal): Promise<net.Socket> {
  const socket = net.connect({ host: address, port, autoSelectFamily: false, noDelay: true });
  return opened(socket, 'connect', ms, signal);
}

function secured(
  socket: net.Socket,
  host: string,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<net.Socket> {
  const named = net.isIP(host) === 0 ? { servername: host } : {};
  const trusted = ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] };
  const options = { socket, host, ...named, ...trusted, ALPNProtocols: ['http/1.1'] };
  return opened(tls.connect(options), 'secureConnect', CONNECT_MS, signal);
}

function opened(socket: net.Socket, event: string, ms: number, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      socket.off('error', settle);
      if (error === undefined) resolve(socket);
      else {
        // What it may still say after that interests nobody.
        socket.on('error', () => {});
        socket.destroy();
        reject(error);
      }
    };
    const cancel = (): void => settle(signal.reason);
    const timer = setTimeout(() => settle(new Error(`no answer within ${ms / 1_000} s`)), ms);
    signal.addEventListener('abort', cancel, { once: true });
    socket.once('error', settle);
    socket.once(event, () => settle());
    if (signal.aborted) cancel();
  });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const isCertificateError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /CERT|ERR_TLS|UNABLE_TO_|SELF_SIGNED/.test(String(error.code));

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
